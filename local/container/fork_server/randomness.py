"""Generators of random numbers that packages make when they are imported: processes must not share what they draw."""

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Randomness:
    """Notes what NumPy's generators are seeded with by the system while packages are imported, and seeds them anew."""

    def __init__(self) -> None:
        self._drawn: set[int] = set()
        self._module: Any = None
        self._usual: Any = None
        self._generators: list[Any] = []

    def watch(self) -> None:
        """To be called after each import; looks at NumPy from the first time that it is there."""
        module = sys.modules.get("numpy.random.bit_generator")
        if module is None or self._module is not None:
            return
        self._module, self._usual = module, vars(module)["randbits"]

        def randbits(bits: int) -> int:
            entropy = int(self._usual(bits))
            self._drawn.add(entropy)
            return entropy

        self._module.randbits = randbits

    def close(self) -> str | None:
        """Ends the watch. Why processes can't begin with what was imported, if they can't."""
        if self._module is not None:
            self._module.randbits = self._usual
        random, numpy = sys.modules.get("random"), sys.modules.get("numpy.random")
        for one in gc.get_objects():
            if random is not None and isinstance(one, random.Random):
                if one is not random._inst and not isinstance(one, random.SystemRandom) and not _of_tempfile(one):  # noqa: SLF001
                    return "makes a generator of random numbers"
            elif numpy is not None and isinstance(one, numpy.Generator | numpy.RandomState):
                if one is numpy.mtrand._rand:  # noqa: SLF001
                    continue
                bits = getattr(one, "bit_generator", None) or one._bit_generator  # noqa: SLF001
                if getattr(bits.seed_seq, "entropy", None) not in self._drawn:
                    # Of a number that stands in the package: it is the same in every process.
                    continue
                if not _same(bits.state, type(bits)(bits.seed_seq).state):
                    return "uses a generator of random numbers"
                self._generators.append(bits)
        return None

    def draw_anew(self) -> None:
        """In the process of a job. `random` sees to it itself when a process is forked."""
        if (numpy := sys.modules.get("numpy.random")) is not None:
            numpy.seed()
        for bits in self._generators:
            bits.state = type(bits)().state


def _of_tempfile(one: object) -> bool:
    """Those that name temporary files: they look at which process they are in themselves."""
    kind = getattr(sys.modules.get("tempfile"), "_RandomNameSequence", ())
    return any(isinstance(holder, kind) for holder in gc.get_referrers(one))


def _same(one: object, other: object) -> bool:
    return repr(one) == repr(other)
