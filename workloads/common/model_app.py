"""The HTTP side of the container contract: /ping and /invocations, and /metrics for Prometheus."""

import asyncio
import json

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from common.answer import choose_media_type, encode_predictions
from common.errors import WorkloadError
from common.model_directory import TrainedModel
from common.request import CSV, JSON, decode_rows
from common.server_metrics import CONTENT_TYPE, ServerMetrics, measured
from common.server_settings import MEGABYTE, ServerSettings


def model_app(model: TrainedModel, settings: ServerSettings) -> ASGIApp:
    """Answers for a model that is loaded, so /ping is 200 from the first request on.

    /invocations answers 400 for rows that the model can't take, 406 and 415 for other types than CSV and JSON,
    413 for a body that is too large, 500 if the prediction itself fails; the body is then `{"error": …}`.
    """
    counted = ServerMetrics(["/ping", "/invocations", "/metrics"])

    async def metrics(_: Request) -> Response:
        return Response(counted.text(), headers={"Content-Type": CONTENT_TYPE})

    async def ping(_: Request) -> Response:
        return Response()

    async def execution_parameters(_: Request) -> Response:
        parameters = {
            "MaxConcurrentTransforms": settings.workers,
            "BatchStrategy": "MULTI_RECORD",
            "MaxPayloadInMB": settings.largest_body // MEGABYTE,
        }
        return Response(json.dumps(parameters), media_type=JSON)

    async def invocations(request: Request) -> Response:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in {CSV, JSON}:
            return _refuse(415, "Content-Type", f"must be {CSV} or {JSON}, got {content_type or 'none'}", "send one")
        accept = request.headers.get("accept", "")
        answer_type = choose_media_type(accept, settings.accept or content_type)
        if answer_type is None:
            return _refuse(406, "Accept", f"must allow {CSV} or {JSON}, got {accept}", "ask for one of them")
        body = await _read(request, settings.largest_body)
        if body is None:
            limit = settings.largest_body // MEGABYTE
            return _refuse(413, "body", f"must be at most {limit} MB, got more", "send fewer rows at a time")
        try:
            answer = await asyncio.to_thread(_predict, model, body, content_type, answer_type)
        except WorkloadError as fault:
            return _refuse(400, fault.where, fault.problem, fault.fix)
        return Response(answer, media_type=answer_type)

    app = Starlette(
        routes=[
            Route("/ping", ping),
            Route("/metrics", metrics),
            Route("/execution-parameters", execution_parameters),
            Route("/invocations", invocations, methods=["POST"]),
        ],
        exception_handlers={Exception: _failed},
    )
    return measured(app, counted)


def _predict(model: TrainedModel, body: bytes, content_type: str, answer_type: str) -> str:
    rows = decode_rows(body, content_type, model.columns)
    return encode_predictions(model.probability(rows), model.threshold, answer_type)


async def _read(request: Request, largest: int) -> bytes | None:
    """None if it is larger."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > largest:
                return None
            chunks.append(chunk)
    except ClientDisconnect:
        return b""
    return b"".join(chunks)


def _refuse(status: int, where: str, problem: str, fix: str) -> Response:
    return _error(status, f"{where}: {problem}; {fix}")


async def _failed(_: Request, error: Exception) -> Response:
    # Starlette raises it again for the server's log, with its traceback.
    return _error(500, f"model: the prediction failed, got {type(error).__name__}; look at the server's log")


def _error(status: int, message: str) -> Response:
    return Response(json.dumps({"error": message}), status, media_type=JSON)
