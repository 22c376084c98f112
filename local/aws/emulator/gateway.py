"""The one door: our own routes, the services that run elsewhere, and ministack for everything else."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable
from typing import Any

from emulator import ministack_hooks
from emulator.proxy import Disconnected, Proxy, Receive, Scope, Send, read_body, respond

logger = logging.getLogger("gateway")

ELSEWHERE_TARGETS = ("SageMaker.", "AnyScaleFrontendService.")
ELSEWHERE_SCOPE = re.compile(r"Credential=[^/]+/[^/]+/[^/]+/(sagemaker|application-autoscaling)/aws4_request")
INVOCATIONS = re.compile(r"/endpoints/[^/]+/(async-invocations|invocations|invocations-response-stream)")
READ_ONLY_METHODS = ("GET", "HEAD", "OPTIONS")
TRANSIENT = re.compile(r"GraniteServiceVersion20100801(\.|/operation/)(PutMetricData|(Describe|Get|List)\w+)")
"""Actions of CloudWatch that come several times a second and leave nothing behind whose loss in a kill would matter."""


class Gateway:
    def __init__(self, sagemaker: Proxy, changed: Callable[[], None]) -> None:
        """`changed` is called after every request that may have changed something here."""
        self.sagemaker, self.changed = sagemaker, changed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await ministack_hooks.serve(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/_mlops/"):
            await self.own(path, scope["method"], receive, send)
        elif path.startswith("/_local/") or is_elsewhere(scope):
            await self.sagemaker(scope, receive, send)
        else:
            await ministack_hooks.serve(scope, receive, send)
            if scope["method"] not in READ_ONLY_METHODS and not is_transient(scope):
                self.changed()

    async def own(self, path: str, method: str, receive: Receive, send: Send) -> None:
        if (method, path) == ("GET", "/_mlops/health"):
            busy = ministack_hooks.busy_stacks()
            region = os.environ.get("AWS_REGION")
            await respond(send, 200, {"status": "ok", "pid": os.getpid(), "region": region, "busyStacks": busy})
        elif (method, path) == ("POST", "/_mlops/events"):
            try:
                events = parse_events(await read_body(receive))
            except ValueError as error:
                await respond(send, 400, {"message": str(error)}, "ValidationException")
                return
            except Disconnected:
                return
            await respond(send, 200, {"EventIds": ministack_hooks.publish(events)})
            self.changed()
        else:
            await respond(send, 404, {"message": f"{method} {path}: no such route"}, "UnknownOperationException")


def is_elsewhere(scope: Scope) -> bool:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if headers.get(b"x-amz-target", "").startswith(ELSEWHERE_TARGETS):
        return True
    if ELSEWHERE_SCOPE.search(headers.get(b"authorization", "")):
        return True
    # Without a signature, as curl sends it.
    unsigned = b"authorization" not in headers and scope["method"] == "POST"
    return unsigned and INVOCATIONS.fullmatch(scope["path"]) is not None


def is_transient(scope: Scope) -> bool:
    target = next((value for name, value in scope["headers"] if name.lower() == b"x-amz-target"), b"")
    return TRANSIENT.search(f"{scope['path']} {target.decode('latin-1')}") is not None


def parse_events(body: bytes) -> list[dict[str, Any]]:
    """Entries as PutEvents takes them, from `[{Source, DetailType, Detail, Resources}]`."""
    where = "/_mlops/events"
    try:
        events = json.loads(body)
    except ValueError as error:
        raise ValueError(f"{where}: must be JSON, got {error}; send a list of events") from error
    if not isinstance(events, list):
        raise ValueError(f"{where}: must be a list, got {type(events).__name__}; send a list of events")
    return [_entry(f"{where}[{index}]", event) for index, event in enumerate(events)]


def _entry(where: str, event: object) -> dict[str, Any]:
    if not isinstance(event, dict):
        raise ValueError(f"{where}: must be an object, got {type(event).__name__}; send Source, DetailType, Detail")
    for field, kind in (("Source", str), ("DetailType", str), ("Detail", dict)):
        if not isinstance(event.get(field), kind):
            raise ValueError(f"{where}.{field}: must be {kind.__name__}, got {event.get(field)!r}; send one")
    resources = event.get("Resources", [])
    if not isinstance(resources, list):
        raise ValueError(f"{where}.Resources: must be a list, got {resources!r}; send a list of ARNs")
    return {
        "Source": event["Source"],
        "DetailType": event["DetailType"],
        "Detail": json.dumps(event["Detail"]),
        "Resources": [str(resource) for resource in resources],
    }
