"""Answers that aren't whole yet, by the names of the batch in server/."""

import re
import secrets
from collections.abc import Iterable
from pathlib import Path

# Also of those without a name of their own, as earlier versions left them.
_DRAFT = re.compile(r"\.(.+\.out)(?:\.[0-9a-f]{8})?\.part", re.DOTALL)


def draft_of(target: Path) -> Path:
    """Beside its target, and a file that no other process writes to.

    Two may be at one shard, as a node that was thought dead comes back.
    """
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")


def clear_drafts(targets: Iterable[Path]) -> None:
    """Removes what killed processes have left of answers that are there by now.

    Drafts of others stay: somebody may be writing one.
    """
    whole = {target for target in targets if target.exists()}
    for folder in {target.parent for target in whole}:
        for file in folder.iterdir():
            found = _DRAFT.fullmatch(file.name)
            if found and folder / found[1] in whole:
                file.unlink(missing_ok=True)
