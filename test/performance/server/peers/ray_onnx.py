"""Ray Serve over onnxruntime: a proxy for HTTP and a replica with the model, as it is built.

python ray_onnx.py PORT
"""

import json
import signal
import sys
import tempfile
import threading

import ray
from onnx_session import OnnxSession
from ray import serve
from starlette.requests import Request
from starlette.responses import Response

OBJECT_STORE_BYTES = 80 * 1024 * 1024
MOST_REQUESTS = 512


@serve.deployment(num_replicas=1, max_ongoing_requests=MOST_REQUESTS)
class OnnxApi:
    """Bodies as they are, without a schema."""

    def __init__(self) -> None:
        self._onnx = OnnxSession()

    async def __call__(self, request: Request) -> Response:
        """GET says that it is ready, POST predicts."""
        if request.method == "GET":
            return Response()
        rows = json.loads(await request.body())["instances"]
        return Response(json.dumps({"predictions": self._onnx.predict_rows(rows)}), media_type="application/json")


if __name__ == "__main__":
    stop = threading.Event()
    # Its sockets are in there, and their paths may have 107 bytes only.
    with tempfile.TemporaryDirectory(prefix="ray-") as folder:
        ray.init(
            include_dashboard=False,
            object_store_memory=OBJECT_STORE_BYTES,
            _temp_dir=folder,
            _node_ip_address="127.0.0.1",
            log_to_driver=False,
        )
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
        serve.run(OnnxApi.bind())
        stop.wait()
        ray.shutdown()
