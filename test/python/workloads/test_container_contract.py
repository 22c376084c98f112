"""How scripts are started, and how they say what went wrong."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from common.container_paths import ContainerPaths
from common.errors import WorkloadError, raise_together
from common.hyperparameters import options_of, read_hyperparameters, script_of
from common.script import report

WORKLOADS = Path(__file__).resolve().parents[3] / "workloads"


def test_everything_lies_below_opt_ml_unless_told_otherwise() -> None:
    assert ContainerPaths.from_environment({}).model == Path("/opt/ml/model")
    assert ContainerPaths.from_environment({"SAGEMAKER_BASE_DIR": ""}).failure == Path("/opt/ml/output/failure")
    moved = ContainerPaths.from_environment({"SAGEMAKER_BASE_DIR": "/x"})
    assert moved.hyperparameters == Path("/x/input/config/hyperparameters.json")
    assert moved.channel("train") == Path("/x/input/data/train")
    assert moved.processing_input("raw") == Path("/x/processing/input/raw")
    assert moved.processing_output("test") == Path("/x/processing/output/test")
    assert moved.message == Path("/x/output/message")


def test_hyperparameters_become_sorted_options_without_the_services_own() -> None:
    given = {"sagemaker_program": "a.py", "_tuning_objective_metric": "m", "seed": "-1", "depth": "3", "k": "2"}
    assert options_of(given) == ["--depth=3", "-k", "2", "--seed=-1"]
    assert script_of(given) == "a.py"


def test_hyperparameters_may_be_json_encoded_as_the_sdk_does(tmp_path: Path) -> None:
    file = tmp_path / "hyperparameters.json"
    file.write_text(json.dumps({"a": '"text"', "b": "0.10", "c": "true", "d": "plain text", "e": "[1, 2]", "f": 5}))
    assert read_hyperparameters(file) == {
        "a": "text",
        "b": "0.10",
        "c": "true",
        "d": "plain text",
        "e": "[1, 2]",
        "f": "5",
    }


def test_a_job_without_hyperparameters_has_none(tmp_path: Path) -> None:
    assert read_hyperparameters(tmp_path / "nowhere.json") == {}
    with pytest.raises(WorkloadError, match="hyperparameters: sagemaker_program is missing, got none; name the script"):
        script_of({})


@pytest.mark.parametrize(("text", "what"), [("{", "must be JSON"), ("[]", "must be an object, got list")])
def test_damaged_hyperparameters_are_a_fault(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "hyperparameters.json"
    file.write_text(text)
    with pytest.raises(WorkloadError, match=what):
        read_hyperparameters(file)


def test_a_single_fault_is_raised_as_it_is_and_several_as_one() -> None:
    one, two = WorkloadError("a", "is wrong, got 1", "fix it"), WorkloadError("b", "is wrong, got 2", "fix it")
    raise_together("both", [])
    with pytest.raises(WorkloadError, match=r"^a: is wrong, got 1; fix it$"):
        raise_together("both", [one])
    with pytest.raises(WorkloadError, match=r"^both: 2 problems, got a: .* \| b: .*; fix each of them$"):
        raise_together("both", [one, two])


def test_an_unexpected_fault_is_one_line_for_the_service_and_a_traceback_for_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(RuntimeError("two\nlines " + "x" * 2000), "train.py", tmp_path / "output" / "failure")
    line = (tmp_path / "output" / "failure").read_text()
    assert line.startswith("train.py: failed unexpectedly, got RuntimeError: two lines xxx")
    assert len(line.encode()) <= 1024
    assert "RuntimeError: two\nlines" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (
            OSError(28, "No space left on device", "/x"),
            "/x: can't be used, got [Errno 28] No space left on device: '/x'; ",
        ),
        (OSError("disk gone"), "train.py: can't be used, got disk gone; make room on the disk or check permissions"),
        (MemoryError(), "train.py: ran out of memory, got no more; choose a larger instance type"),
    ],
)
def test_a_machine_that_is_too_small_is_no_riddle(fault: Exception, line: str, tmp_path: Path) -> None:
    report(fault, "train.py", tmp_path / "failure")
    assert (tmp_path / "failure").read_text().startswith(line)


def test_a_full_disk_while_data_is_written_is_said(
    prepared: ContainerPaths, tmp_path: Path, environment: Callable[..., dict[str, str]]
) -> None:
    paths = ContainerPaths(tmp_path)
    paths.processing_input("raw").parent.mkdir(parents=True)
    paths.processing_input("raw").symlink_to(prepared.processing_input("raw"))
    paths.processing_output("train").mkdir(parents=True)
    (paths.processing_output("train") / "data.parquet").symlink_to("/dev/full")
    done = subprocess.run(
        [sys.executable, WORKLOADS / "flight_delay" / "prepare.py"],
        env=environment(SAGEMAKER_BASE_DIR=str(tmp_path)),
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    message = paths.message.read_text()
    assert "No space left on device" in message
    assert message.endswith("; make room on the disk or check permissions")


def test_a_full_disk_still_leaves_the_message_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "output").write_text("a file where a folder should be")
    report(WorkloadError("a", "is wrong, got 1", "fix it"), "train.py", tmp_path / "output" / "failure")
    assert "a: is wrong, got 1; fix it\n" in capsys.readouterr().err


@pytest.mark.parametrize("script", ["prepare.py", "validate.py", "evaluate.py"])
def test_a_processing_script_fails_with_a_message(
    script: str, tmp_path: Path, environment: Callable[..., dict[str, str]]
) -> None:
    arguments = ["--model-name=m"] if script == "evaluate.py" else []
    done = subprocess.run(
        [sys.executable, WORKLOADS / "flight_delay" / script, *arguments],
        env=environment(SAGEMAKER_BASE_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    message = (tmp_path / "output" / "message").read_text()
    assert done.returncode == 1
    assert "is missing, got" in message
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_processing_script_run_as_the_container_does_succeeds(
    prepared: ContainerPaths, tmp_path: Path, environment: Callable[..., dict[str, str]]
) -> None:
    paths = ContainerPaths(tmp_path)
    paths.processing_input("raw").parent.mkdir(parents=True)
    paths.processing_input("raw").symlink_to(prepared.processing_input("raw"))
    done = subprocess.run(
        ["python3", WORKLOADS / "flight_delay" / "prepare.py", "--test-months", "9-12", "--train-months", "1-6"],
        env=environment(SAGEMAKER_BASE_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not paths.message.exists()
    profile = (paths.processing_output("profile") / "profile.json").read_text()
    assert profile == (prepared.processing_output("profile") / "profile.json").read_text()
