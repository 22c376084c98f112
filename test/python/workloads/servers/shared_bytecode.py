"""Bytecode that another environment has made already."""

import sys
from contextlib import suppress
from pathlib import Path

TAG = sys.implementation.cache_tag


def share_bytecode(source: Path, target: Path) -> None:
    """Links what Python made of the packages in one `site-packages` into another one.

    The installer links the same file into every environment that has the package, and bytecode counts for a file of its
    time and size. Each of the four servers would otherwise spend seconds on what this process has done before.
    """
    for made in source.rglob(f"__pycache__/*.{TAG}.pyc"):
        folder = made.parent.parent.relative_to(source)
        name = f"{made.name.removesuffix(f'.{TAG}.pyc')}.py"
        with suppress(OSError):
            if (target / folder / name).samefile(source / folder / name):
                cache = target / folder / "__pycache__"
                cache.mkdir(exist_ok=True)
                (cache / made.name).hardlink_to(made)
