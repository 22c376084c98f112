"""Granian, a server in Rust, over onnxruntime: no framework, orjson, and what waits together predicted at once."""

import asyncio
from typing import Any

import orjson
from onnx_session import OnnxSession

HEADERS = [("content-type", "application/json")]


class Batches:
    """Predicts in one call whatever has arrived by the loop's next turn."""

    def __init__(self) -> None:
        self._onnx = OnnxSession()
        self._waiting: list[tuple[list[dict[str, Any]], asyncio.Future[list[dict[str, Any]]]]] = []

    async def predict_rows(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A prediction a row."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._predict_all)
        done = loop.create_future()
        self._waiting.append((rows, done))
        return await done

    def _predict_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        predictions = self._onnx.predict_rows([row for rows, _ in waiting for row in rows])
        at = 0
        for rows, done in waiting:
            if not done.cancelled():
                done.set_result(predictions[at : at + len(rows)])
            at += len(rows)


batches = Batches()


async def app(scope: Any, protocol: Any) -> None:  # noqa: ANN401 - of Granian's own interface, RSGI
    """GET says that it is ready, POST predicts."""
    if scope.method == "GET":
        protocol.response_empty(200, [])
        return
    rows = orjson.loads(await protocol())["instances"]
    protocol.response_bytes(200, HEADERS, orjson.dumps({"predictions": await batches.predict_rows(rows)}))
