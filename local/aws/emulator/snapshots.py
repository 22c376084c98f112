"""Keeps the state of the emulator on disk while it runs, so that a killed process loses about a second at most."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

logger = logging.getLogger("snapshots")

FORMAT = 1


class Snapshots:
    def __init__(
        self,
        file: Path,
        collect: Callable[[], dict[str, Any]],
        encode: Callable[[Any], bytes],
        decode: Callable[[bytes], Any],
        *,
        origin: str,
        delay_seconds: float = 0.5,
    ) -> None:
        """
        collect: copies the state of every service, by name
        origin: scheme, host and port in the URLs that the state holds. Another process may have had another port: its
            URLs are read as ours, as else the services would not find their own queues again.
        delay_seconds: how long changes are gathered before they are written together
        """
        self.file = file
        self._collect, self._encode, self._decode = collect, encode, decode
        self._origin = origin
        self._delay_seconds = delay_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduled = False
        self._writing = asyncio.Lock()
        self._known: dict[str, bytes] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def read(self) -> None:
        """Reads what an earlier process wrote. Raises ValueError for a file that isn't a snapshot."""
        if not self.file.exists():
            return
        try:
            snapshot = json.loads(self.file.read_bytes())
            known = snapshot["format"] == FORMAT
            services = snapshot["services"].items() if known else ()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{self.file}: is not a snapshot, got {error!r}; remove it to start over") from error
        if not known:
            raise ValueError(
                f"{self.file}: must have format {FORMAT}, got {snapshot['format']}; remove it to start over"
            )
        moved = _mover(snapshot.get("origin", self._origin), self._origin)
        self._known = {service: moved(json.dumps(state)).encode() for service, state in services}

    def start(self) -> None:
        """From now on changes are written. Needs the running event loop."""
        self._loop = asyncio.get_running_loop()

    def changed(self) -> None:
        """May be called on any thread, and often."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._schedule)

    def load(self, service: str) -> Any:
        """The state of a service as last written, or None."""
        content = self._known.get(service)
        return None if content is None else self._decode(content)

    def save(self) -> None:
        """Writes at once, and only if something has changed."""
        self._write(self._collect())

    async def flush(self) -> None:
        """Writes what has changed up to now. Needs the running event loop."""
        await self._collect_and_write()

    def _schedule(self) -> None:
        if self._scheduled or self._loop is None:
            return
        self._scheduled = True
        self._loop.call_later(self._delay_seconds, self._fire)

    def _fire(self) -> None:
        self._scheduled = False
        task = asyncio.get_running_loop().create_task(self._collect_and_write())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _collect_and_write(self) -> None:
        async with self._writing:
            try:
                await asyncio.to_thread(self._write, self._collect())
            except Exception:
                # A full disk, most likely: the last good snapshot stays, and the next change tries again.
                logger.exception("%s: the state could not be written", self.file)

    def _write(self, states: dict[str, Any]) -> None:
        services = {**self._known, **{service: self._encode(state) for service, state in states.items()}}
        if services == self._known:
            return
        draft = self.file.with_suffix(".draft")
        with draft.open("wb") as out:
            out.write(b'{"format": %d, "origin": %s, "services": {' % (FORMAT, json.dumps(self._origin).encode()))
            for index, (service, content) in enumerate(sorted(services.items())):
                out.write(b",\n" if index else b"\n")
                out.write(json.dumps(service).encode() + b": " + content)
            out.write(b"}}\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.file)
        self._known = services


def _mover(before: str, now: str) -> Callable[[str], str]:
    # A port that goes on isn't the same port.
    pattern = re.compile(re.escape(before) + r"(?!\d)")
    return lambda text: text if before == now else pattern.sub(now, text)
