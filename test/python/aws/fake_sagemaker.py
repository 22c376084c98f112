"""A stand-in for our SageMaker: records by name, and endpoints that become what the test says."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

PREFIX = "arn:aws:sagemaker:us-east-1:000000000000"
KINDS = {
    "Pipeline": "PipelineName",
    "ModelPackageGroup": "ModelPackageGroupName",
    "Model": "ModelName",
    "EndpointConfig": "EndpointConfigName",
    "Endpoint": "EndpointName",
}


class FakeSageMaker:
    def __init__(self) -> None:
        self.records: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self.targets: dict[str, dict[str, Any]] = {}
        self.scheduled: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.next_endpoint_failure: str | None = None
        self.endpoint_status = "InService"
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            log: ClassVar[list[str]] = []

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fake.requests.append(
                    (self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                )
                target = self.headers.get("X-Amz-Target")
                if target is None:
                    self.stream()
                    return
                status, answer = fake.answer(target.split(".")[-1], json.loads(body or b"{}"))
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                if status != 200:
                    self.send_header("x-amzn-ErrorType", answer["__type"])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def stream(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/csv")
                self.send_header("x-Amzn-Invoked-Production-Variant", "AllTraffic")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for part in (b"0.1\n", b"0.2\n"):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                self.log.append(f"{code} {size}")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, action: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if action == "RegisterScalableTarget":
            self.targets[request["ResourceId"]] = request
            return 200, {}
        if action == "PutScalingPolicy":
            return 200, {"PolicyARN": f"{PREFIX}:scalingPolicy/{request['PolicyName']}", "Alarms": []}
        if action in ("DeregisterScalableTarget", "DeleteScalingPolicy", "PutScheduledAction", "DeleteScheduledAction"):
            self.schedule(action, request)
            return 200, {}
        if action == "AddTags":
            self.tags.setdefault(request["ResourceArn"], {}).update({t["Key"]: t["Value"] for t in request["Tags"]})
            return 200, {"Tags": request["Tags"]}
        if action == "DeleteTags":
            for key in request["TagKeys"]:
                self.tags[request["ResourceArn"]].pop(key)
            return 200, {}
        for verb in ("Create", "Describe", "Update", "Delete"):
            kind = action.removeprefix(verb)
            if action.startswith(verb) and kind in KINDS:
                return self.record(verb, kind, request)
        return 400, {"__type": "UnknownOperationException", "message": action}

    def schedule(self, action: str, request: dict[str, Any]) -> None:
        if action == "PutScheduledAction":
            self.scheduled[request["ScheduledActionName"]] = request
        if action == "DeleteScheduledAction":
            del self.scheduled[request["ScheduledActionName"]]

    def record(self, verb: str, kind: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        name = request[KINDS[kind]]
        records = self.records[kind]
        arn = {f"{kind}Arn": f"{PREFIX}:{kind.lower()}/{name}"}
        if verb == "Create" and name in records:
            return 400, {"__type": "ValidationException", "message": f"Cannot create already existing {kind} {name}"}
        if verb != "Create" and name not in records:
            return 400, {"__type": "ValidationException", "message": f"Could not find {kind} {name}"}
        if verb == "Delete":
            del records[name]
            return 200, {}
        if verb == "Create":
            records[name] = {**request, **arn}
            if kind == "ModelPackageGroup":
                records[name] |= {"ModelPackageGroupStatus": "Completed", "CreationTime": 1}
            self.tags[arn[f"{kind}Arn"]] = {t["Key"]: t["Value"] for t in request.get("Tags", [])}
        before = dict(records[name])
        if verb == "Update":
            records[name].update(request)
        if kind == "Endpoint" and verb != "Describe":
            self.settle(verb, records[name], before)
        if verb == "Describe":
            return 200, self.described(kind, records[name])
        return 200, arn

    def described(self, kind: str, record: dict[str, Any]) -> dict[str, Any]:
        if kind == "Endpoint" and record["EndpointStatus"] == "InService":
            return {**record, "EndpointStatus": self.endpoint_status}
        return record

    def settle(self, verb: str, endpoint: dict[str, Any], before: dict[str, Any]) -> None:
        failure, self.next_endpoint_failure = self.next_endpoint_failure, None
        endpoint["EndpointStatus"] = "Failed" if failure and verb == "Create" else "InService"
        endpoint["FailureReason"] = failure
        if failure and verb == "Update":
            endpoint["EndpointConfigName"] = before["EndpointConfigName"]
