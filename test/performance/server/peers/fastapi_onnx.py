"""FastAPI over onnxruntime, as fast as it gets: the body isn't validated, and the answer isn't checked by a model."""

import json

from fastapi import FastAPI, Request, Response
from onnx_session import OnnxSession

session = OnnxSession()
app = FastAPI(openapi_url=None)


@app.get("/ping")
async def ping() -> Response:
    """Ready, as the model is loaded before the app is there."""
    return Response()


@app.post("/invocations")
async def invocations(request: Request) -> Response:
    """In the event loop: for calls that are shorter than a millisecond a thread costs more than it frees."""
    rows = json.loads(await request.body())["instances"]
    return Response(json.dumps({"predictions": session.predict_rows(rows)}), media_type="application/json")
