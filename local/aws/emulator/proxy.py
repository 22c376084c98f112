"""Passes HTTP requests on to another server word for word, and its answers back as they come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import h11

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

# They speak of one connection, not of the request; `expect` has been answered by the time that the body is here.
HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade", b"expect"}
CHUNK = 65536


class Disconnected(Exception):
    """The client went away before its request was complete."""


class Proxy:
    def __init__(self, url: str, service: str) -> None:
        """`service` is what an error message calls the server at `url`."""
        parts = urlsplit(url)
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"{service}: needs an address like http://127.0.0.1:4700, got {url}")
        self.url, self.service = url, service
        self.host, self.port = parts.hostname, parts.port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            reader, writer = await asyncio.open_connection(self.host, self.port)
        except OSError as error:
            await self.refuse(send, f"no answer at {self.url}, got {error}")
            return
        started = False
        try:
            connection = h11.Connection(h11.CLIENT)
            writer.write(connection.send(_request(scope)) or b"")
            async for part in _body(receive):
                writer.write(connection.send(h11.Data(data=part)) or b"")
                await writer.drain()
            writer.write(connection.send(h11.EndOfMessage()) or b"")
            await writer.drain()
            async for event in _events(connection, reader):
                if isinstance(event, h11.Response):
                    started = True
                    await send(
                        {
                            "type": "http.response.start",
                            "status": event.status_code,
                            "headers": _end_to_end(event.headers.raw_items()),
                        }
                    )
                elif isinstance(event, h11.Data):
                    await send({"type": "http.response.body", "body": bytes(event.data), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except (OSError, h11.RemoteProtocolError) as error:
            if started:
                raise
            await self.refuse(send, f"broke off at {self.url}, got {error}")
        except Disconnected:
            pass
        finally:
            writer.close()

    async def refuse(self, send: Send, problem: str) -> None:
        message = f"{self.service}: {problem}; run npx mlops local up"
        await respond(send, 503, {"__type": "ServiceUnavailable", "message": message}, "ServiceUnavailable")


async def respond(send: Send, status: int, body: object, error: str | None = None) -> None:
    """Answers with JSON, as a service of AWS would: `error` is the code that SDKs look for."""
    headers = [(b"content-type", b"application/x-amz-json-1.1")]
    if error is not None:
        headers.append((b"x-amzn-errortype", error.encode()))
    content = json.dumps(body).encode()
    headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def read_body(receive: Receive) -> bytes:
    return b"".join([part async for part in _body(receive)])


def _request(scope: Scope) -> h11.Request:
    target: bytes = scope.get("raw_path") or scope["path"].encode()
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    headers = [*_end_to_end(scope["headers"]), (b"connection", b"close")]
    names = {name.lower() for name, _ in headers}
    if scope["method"] in ("POST", "PUT", "PATCH") and not names & {b"content-length", b"transfer-encoding"}:
        headers.append((b"content-length", b"0"))
    return h11.Request(method=scope["method"], target=target, headers=headers)


def _end_to_end(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(bytes(name), bytes(value)) for name, value in headers if bytes(name).lower() not in HOP_BY_HOP]


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


async def _events(connection: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[h11.Event]:
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(CHUNK))
        elif isinstance(event, h11.EndOfMessage):
            return
        elif isinstance(event, (h11.Response, h11.Data)):
            yield event
