"""LitServe over onnxruntime: a process for HTTP and one for the model, as it is built.

python lit_onnx.py PORT
"""

import sys
from typing import Any

import litserve
from onnx_session import OnnxSession


class OnnxApi(litserve.LitAPI):
    """Bodies as they are, without a schema."""

    def setup(self, device: str) -> None:  # noqa: ARG002 - LitServe's signature
        """Once, in the process of the model."""
        self._onnx = OnnxSession()

    def decode_request(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows."""
        rows: list[dict[str, Any]] = request["instances"]
        return rows

    def predict(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A prediction a row."""
        return self._onnx.predict_rows(rows)

    def encode_response(self, predictions: list[dict[str, Any]]) -> dict[str, Any]:
        """As the others answer."""
        return {"predictions": predictions}


if __name__ == "__main__":
    server = litserve.LitServer(OnnxApi(api_path="/invocations"), accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1", port=int(sys.argv[1]), num_api_servers=1, log_level="warning", generate_client_file=False
    )
