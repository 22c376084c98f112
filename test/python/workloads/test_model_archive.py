"""Archives of models, by every Python 3.11 that a laptop may have."""

import io
import tarfile
from pathlib import Path

import pytest

from common.errors import WorkloadError
from common.model_archive import ARCHIVE, pack_model, unpack_model


@pytest.fixture(params=["filters", "no filters"])
def python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Before 3.11.4 there are none, which Debian 12's Python is."""
    if request.param == "filters" and not hasattr(tarfile, "data_filter"):
        pytest.skip("this Python has no filters")
    if request.param == "no filters":
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
    return str(request.param)


@pytest.mark.usefixtures("python")
def test_what_is_packed_comes_out_again(tmp_path: Path) -> None:
    model = tmp_path / "model"
    (model / "code").mkdir(parents=True)
    (model / "code" / "inference.py").write_text("print()")
    (model / "model.joblib").write_text("weights")
    pack_model(model, tmp_path / "input")
    unpacked = unpack_model(tmp_path / "input")
    assert (unpacked / "code" / "inference.py").read_text() == "print()"
    assert (unpacked / "model.joblib").read_text() == "weights"


@pytest.mark.usefixtures("python")
@pytest.mark.parametrize(
    ("name", "kind", "link"),
    [
        ("../out", tarfile.REGTYPE, ""),
        ("in/../../out", tarfile.REGTYPE, ""),
        ("out", tarfile.SYMTYPE, "/etc/passwd"),
        ("out", tarfile.LNKTYPE, "../../secret"),
        ("out", tarfile.CHRTYPE, ""),
    ],
)
def test_nothing_gets_out_of_the_folder(name: str, kind: bytes, link: str, tmp_path: Path) -> None:
    folder = tmp_path / "input"
    folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    with tarfile.open(folder / ARCHIVE, "w:gz") as files:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, link
        files.addfile(member, io.BytesIO())
    with pytest.raises(WorkloadError, match=r"model\.tar\.gz: can't be unpacked, got .*out"):
        unpack_model(folder)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["input", "secret"]
