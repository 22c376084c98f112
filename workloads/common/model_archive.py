"""model.tar.gz, as a training job leaves it."""

import tarfile
from pathlib import Path, PurePosixPath

from common.errors import WorkloadError

ARCHIVE = "model.tar.gz"


def unpack_model(folder: Path) -> Path:
    """The folder with the unpacked files, below the one that holds the archive."""
    archive = folder / ARCHIVE
    target = folder / "unpacked"
    try:
        with tarfile.open(archive) as files:
            extract(files, target)
    except FileNotFoundError:
        raise WorkloadError(str(archive), "is missing, got no such file", "pass the model's artefact") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise WorkloadError(str(archive), f"can't be unpacked, got {error}", "train again") from None
    return target


def extract(files: tarfile.TarFile, target: Path) -> None:
    """Extracts all; raises TarError for absolute paths, and for what leads out of the folder."""
    if hasattr(tarfile, "data_filter"):
        files.extractall(target, filter="data")
        return
    # Python before 3.11.4 has no filters, and Debian 12's is 3.11.2. Models hold files and folders, so no links either.
    for member in files.getmembers():
        path = PurePosixPath(member.name)
        if not (member.isfile() or member.isdir()) or path.is_absolute() or ".." in path.parts:
            raise tarfile.ExtractError(f"{member.name}, which is no file or folder below the model's")
    files.extractall(target)  # noqa: S202 - all members have been looked at


def pack_model(folder: Path, target: Path) -> Path:
    """Packs a model's files; the same files give the same archive but for times."""
    target.mkdir(parents=True, exist_ok=True)
    archive = target / ARCHIVE
    with tarfile.open(archive, "w:gz") as files:
        for file in sorted(folder.iterdir()):
            files.add(file, arcname=file.name)
    return archive
