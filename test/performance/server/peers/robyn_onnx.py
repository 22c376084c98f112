"""Robyn, a framework with a server in Rust, over onnxruntime.

python robyn_onnx.py PORT
"""

import sys

import orjson
from onnx_session import OnnxSession
from robyn import Request, Response, Robyn

HEADERS = {"content-type": "application/json"}

app = Robyn(__file__)
session = OnnxSession()


@app.get("/ping")
async def ping() -> str:
    """Ready, as the model is loaded before the app is there."""
    return ""


@app.post("/invocations")
async def invocations(request: Request) -> Response:
    """In the event loop, as in the peer with FastAPI."""
    rows = orjson.loads(request.body)["instances"]
    answer = orjson.dumps({"predictions": session.predict_rows(rows)})
    return Response(status_code=200, headers=HEADERS, description=answer)


if __name__ == "__main__":
    app.start(host="127.0.0.1", port=int(sys.argv[1]))
