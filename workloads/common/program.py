"""The program's own scripts."""

from pathlib import Path

from common.errors import WorkloadError


def script_path(program: Path, name: str, where: str) -> Path:
    """The script of that name in the program's folder; nothing outside of it is run."""
    script = (program / name).resolve()
    if script.is_file() and script.is_relative_to(program):
        return script
    there = (
        sorted(file.relative_to(program).as_posix() for file in program.glob(f"*/{Path(name).name}")) if name else []
    )
    raise WorkloadError(
        where,
        f"must name a script of the image, got {name or 'nothing'}",
        f"name one of {', '.join(there)}" if there else "name it as in flight_delay/train.py",
    )
