"""Between ASGI and the endpoints of a model."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.model_service import Call, Endpoint, ModelService
from common.reply import Reply
from common.servers.connection import DISCARDED_BYTES


def view_of(service: ModelService, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint as Starlette and FastAPI call it."""

    async def view(request: Request) -> Response:
        return to_response(await _answer(service, endpoint, request))

    return view


def to_response(reply: Reply) -> Response:
    """The answer, header by header as it is written."""
    return Response(reply.body, reply.status, {"content-type": reply.media_type, **reply.headers})


def observed(app: ASGIApp, service: ModelService) -> ASGIApp:
    """The same app, each answer counted; one that ends without an answer counts as a 500."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        with service.observed(scope["path"], scope["method"]) as outcome:

            async def note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    outcome.status = message["status"]
                    if service.drain.asked:
                        message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
                await send(message)

            await app(scope, receive, note)

    return run


async def _answer(service: ModelService, endpoint: Endpoint, request: Request) -> Reply:
    if endpoint.method == "GET":
        return service.answer(endpoint, Call())
    try:
        async with asyncio.timeout(service.settings.request_seconds) as deadline:
            body = await _read(request, service.settings.largest_body)
    except TimeoutError:
        reply = service.too_slow_body()
        # The rest of the body must not be taken for the next request.
        return Reply(reply.status, reply.body, reply.media_type, {"Connection": "close"})
    except ClientDisconnect:
        return service.cut_short()
    if body is None:
        return service.too_large()
    headers = request.headers
    call = Call(headers.get("content-type", ""), headers.get("accept", ""), body)
    try:
        async with asyncio.timeout_at(deadline.when()):
            return await asyncio.wrap_future(service.submit(endpoint, call))
    except TimeoutError:
        return service.too_slow_prediction()


async def _read(request: Request, largest: int) -> bytes | None:
    """None if it is larger."""
    chunks: list[bytes] = []
    size = 0
    stream: AsyncIterator[bytes] = request.stream()
    async for chunk in stream:
        size += len(chunk)
        if size <= largest:
            chunks.append(chunk)
        elif size > largest + DISCARDED_BYTES:
            break
    return b"".join(chunks) if size <= largest else None
