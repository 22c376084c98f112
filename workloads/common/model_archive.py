"""model.tar.gz, as a training job leaves it."""

import tarfile
from pathlib import Path

from common.errors import WorkloadError

ARCHIVE = "model.tar.gz"


def unpack_model(folder: Path) -> Path:
    """The folder with the unpacked files, below the one that holds the archive."""
    archive = folder / ARCHIVE
    target = folder / "unpacked"
    try:
        with tarfile.open(archive) as files:
            # Refuses absolute paths and links that lead out of the folder.
            files.extractall(target, filter="data")
    except FileNotFoundError:
        raise WorkloadError(str(archive), "is missing, got no such file", "pass the model's artefact") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise WorkloadError(str(archive), f"can't be unpacked, got {error}", "train again") from None
    return target


def pack_model(folder: Path, target: Path) -> Path:
    """Packs a model's files; the same files give the same archive but for times."""
    target.mkdir(parents=True, exist_ok=True)
    archive = target / ARCHIVE
    with tarfile.open(archive, "w:gz") as files:
        for file in sorted(folder.iterdir()):
            files.add(file, arcname=file.name)
    return archive
