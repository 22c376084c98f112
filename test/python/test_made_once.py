import os
import subprocess
import sys
from pathlib import Path

CONFTEST = """
import pytest
pytest_plugins = ["made_once"]

@pytest.fixture(scope="session")
def trained():
    return []
"""
SHADOWED = """
import pytest

@pytest.fixture(params=["one", "two"])
def trained(request, trained):
    return trained

def test_it(trained):
    assert trained == []
"""
APART = SHADOWED.replace("def trained(request, trained)", "def either(request, trained)").replace(
    "test_it(trained)", "test_it(either, trained)"
)


def _run(folder: Path, tests: str) -> "subprocess.CompletedProcess[str]":
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_some.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        env=environment | {"PYTHONPATH": str(Path(__file__).parent)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_session_fixture_that_is_made_anew_fails_and_says_where(tmp_path: Path) -> None:
    done = _run(tmp_path, SHADOWED)
    assert done.returncode == 1
    assert "fixture trained of .: must be made once in a session, got made anew for test_some.py::test_it[two]" in (
        done.stdout
    )


def test_one_that_a_parametrised_fixture_of_another_name_asks_for_is_left_alone(tmp_path: Path) -> None:
    done = _run(tmp_path, APART)
    assert (done.returncode, "2 passed" in done.stdout) == (0, True), done.stdout
