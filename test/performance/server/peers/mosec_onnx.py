"""Mosec over onnxruntime: HTTP and the queue in Rust, the model in a process of Python, batches by its own means.

python mosec_onnx.py --address 127.0.0.1 --port PORT
"""

from typing import Any

import orjson
from mosec import Runtime, Server, Worker
from onnx_session import OnnxSession

MOST_REQUESTS = 32
# The least that Mosec waits for a batch to fill.
WAIT_MS = 1


class OnnxWorker(Worker):
    """Bodies as they are, without a schema."""

    resp_mime_type = "application/json"

    def __init__(self) -> None:
        self._onnx = OnnxSession()

    def deserialize(self, data: bytes) -> list[dict[str, Any]]:
        """The rows."""
        rows: list[dict[str, Any]] = orjson.loads(data)["instances"]
        return rows

    def serialize(self, data: list[dict[str, Any]]) -> bytes:
        """As the others answer."""
        return orjson.dumps({"predictions": data})

    def forward(self, data: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
        """Several requests in one call of the model."""
        predictions = iter(self._onnx.predict_rows([row for rows in data for row in rows]))
        return [[next(predictions) for _ in rows] for rows in data]


if __name__ == "__main__":
    server = Server()
    server.register_runtime(
        {"/invocations": [Runtime(OnnxWorker, num=1, max_batch_size=MOST_REQUESTS, max_wait_time=WAIT_MS)]}
    )
    server.run()
