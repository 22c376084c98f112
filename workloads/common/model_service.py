"""What a model server answers: SageMaker's container contract and the Open Inference Protocol, without a framework.

Every server of `common.servers` registers these endpoints with its framework, so all of them answer alike.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from common.answer import choose_media_type, encode_predictions
from common.drain import Drain
from common.errors import WorkloadError
from common.framework import framework_of
from common.inference_protocol import decode_inference, describe_tensors, encode_inference
from common.model_directory import TrainedModel
from common.reply import TEXT, Reply, json_reply, refuse
from common.request import INVOCATION_TYPES, JSON, decode_rows
from common.server_metrics import CONTENT_TYPE, ServerMetrics
from common.server_settings import MEGABYTE, ServerSettings

# As asyncio has it; a prediction takes a core, so more threads only wait.
PREDICTION_THREADS = 6


@dataclass(frozen=True)
class Call:
    """What of a request matters for its answer. The body is empty for GET."""

    content_type: str = ""
    accept: str = ""
    body: bytes = b""


@dataclass(frozen=True)
class Endpoint:
    """One path and its method. Those of POST run the model; those of GET take HEAD too."""

    method: Literal["GET", "POST"]
    path: str
    answer: Callable[[Call], Reply]


@dataclass
class Outcome:
    """How a request ended; the framework sets it."""

    status: int = 500


class ModelService:
    """A model that is loaded, its endpoints, and what is counted of them."""

    def __init__(self, model: TrainedModel, settings: ServerSettings) -> None:
        self.model = model
        self.settings = settings
        self.drain = Drain(settings.drain_seconds)
        name = f"/v2/models/{settings.model_name}"
        self.endpoints = (
            Endpoint("GET", "/ping", lambda _: self._ready(Reply())),
            Endpoint("POST", "/invocations", self._invoke),
            Endpoint("GET", "/execution-parameters", lambda _: self._execution_parameters()),
            Endpoint("GET", "/metrics", lambda _: Reply(body=self.metrics.text().encode(), media_type=CONTENT_TYPE)),
            Endpoint("GET", "/v2", lambda _: self._server()),
            Endpoint("GET", "/v2/health/live", lambda _: json_reply({"live": True})),
            Endpoint("GET", "/v2/health/ready", lambda _: self._ready(json_reply({"ready": True}))),
            Endpoint("GET", name, lambda _: self._metadata()),
            Endpoint("GET", f"{name}/ready", lambda _: self._ready(self._model_ready())),
            Endpoint("POST", f"{name}/infer", self._infer),
        )
        self.metrics = ServerMetrics([endpoint.path for endpoint in self.endpoints])
        self._threads = ThreadPoolExecutor(PREDICTION_THREADS, thread_name_prefix="prediction")

    def submit(self, endpoint: Endpoint, call: Call) -> "Future[Reply]":
        """Answers in a thread of its own; faults become answers too."""
        return self._threads.submit(self.answer, endpoint, call)

    def answer(self, endpoint: Endpoint, call: Call) -> Reply:
        """400 for what the model can't take, 500 if the prediction itself fails."""
        try:
            return endpoint.answer(call)
        except WorkloadError as fault:
            return refuse(400, fault.where, fault.problem, fault.fix)
        except Exception as fault:  # noqa: BLE001 - a server outlives what one request does to it
            traceback.print_exception(fault, file=sys.stderr)
            return self.failed(fault)

    @contextmanager
    def observed(self, path: str, method: str) -> Iterator[Outcome]:
        """Counts one request, and how long it took."""
        outcome = Outcome()
        predicts = method == "POST"
        if predicts:
            self.drain.begin()
        start = time.perf_counter()
        try:
            yield outcome
        finally:
            if predicts:
                self.drain.end()
            self.metrics.observe(path, method, outcome.status, time.perf_counter() - start)

    def failed(self, fault: BaseException) -> Reply:
        """Something unforeseen; the traceback is in the log."""
        problem = f"the prediction failed, got {type(fault).__name__}"
        return refuse(500, "model", problem, "look at the server's log")

    def not_found(self) -> Reply:
        """No such path."""
        paths = ", ".join(endpoint.path for endpoint in self.endpoints)
        return refuse(404, "path", f"must be one of {paths}, got another one", "correct it")

    def not_allowed(self, path: str) -> Reply:
        """No such method of a path that there is."""
        method = next((endpoint.method for endpoint in self.endpoints if endpoint.path == path), "GET")
        allowed = "GET, HEAD" if method == "GET" else method
        reply = refuse(405, "method", f"must be {method}, got another one", "correct it")
        return Reply(reply.status, reply.body, reply.media_type, {"Allow": allowed})

    def too_large(self) -> Reply:
        """The body exceeds the limit."""
        limit = self.settings.largest_body // MEGABYTE
        return refuse(413, "body", f"must be at most {limit} MB, got more", "send fewer rows at a time")

    def cut_short(self) -> Reply:
        """The client stopped in the middle of the body."""
        return refuse(400, "body", "must be as long as announced, got less", "send all of it")

    def too_slow_body(self) -> Reply:
        """The body did not arrive in time."""
        limit = self.settings.request_seconds
        return refuse(408, "body", f"must arrive within {limit} s, got less of it", "send it faster, or fewer rows")

    def too_slow_prediction(self) -> Reply:
        """The prediction is not there in time."""
        limit = self.settings.request_seconds
        return refuse(504, "model", f"must answer within {limit} s, got nothing", "send fewer rows at a time")

    def _invoke(self, call: Call) -> Reply:
        types = " or ".join(INVOCATION_TYPES)
        content_type = call.content_type.partition(";")[0].strip().lower()
        if content_type not in INVOCATION_TYPES:
            return refuse(415, "Content-Type", f"must be {types}, got {content_type or 'none'}", "send one")
        media_type = choose_media_type(call.accept, self.settings.accept or content_type)
        if media_type is None:
            return refuse(406, "Accept", f"must allow {types}, got {call.accept}", "ask for one of them")
        rows = decode_rows(call.body, content_type, self.model.columns)
        text = encode_predictions(self.model.probability(rows), self.model.threshold, media_type)
        header = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        return Reply(body=text.encode(), media_type=header)

    def _infer(self, call: Call) -> Reply:
        asked = decode_inference(call.body, self.model.columns)
        probability = self.model.probability(asked.rows)
        names = {"model": self.settings.model_name, "version": self._version}
        return json_reply(encode_inference(asked, probability, self.model.threshold, **names))

    @property
    def _version(self) -> str:
        return str(self.model.card["sha256"])[:12]

    def _ready(self, reply: Reply) -> Reply:
        return Reply(503, b"draining\n", TEXT) if self.drain.asked else reply

    def _model_ready(self) -> Reply:
        return json_reply({"name": self.settings.model_name, "ready": True})

    def _execution_parameters(self) -> Reply:
        parameters = {
            "MaxConcurrentTransforms": self.settings.workers,
            "BatchStrategy": "MULTI_RECORD",
            "MaxPayloadInMB": self.settings.largest_body // MEGABYTE,
        }
        return Reply(body=json.dumps(parameters).encode(), media_type=JSON)

    def _server(self) -> Reply:
        return json_reply({"name": f"mlops-stack-{self.settings.server}", "version": "2", "extensions": []})

    def _metadata(self) -> Reply:
        platform = f"{framework_of(self.model.estimator)}_joblib"
        facts = {"name": self.settings.model_name, "versions": [self._version], "platform": platform}
        return json_reply({**facts, **describe_tensors(self.model.columns)})
