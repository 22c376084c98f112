"""Every place where ministack is changed or looked into, and nothing else: an upgrade has to be checked against this
file alone, and `missing_hooks` says which names it has moved. Import it once `Settings.environment` is in place.
"""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from botocore.model import Shape

from emulator import alarms, metric_data
from emulator.coercion import coerce
from emulator.resource_provider import ResourceProvider
from emulator.resource_type import ResourceType
from emulator.settings import ACCOUNT

VERSION = "1.5.33"
HOOKS: Mapping[str, tuple[str, ...]] = {
    "ministack.app": ("SERVICE_HANDLERS", "app", "load_state", "save_all", "_build_persistence_save_dict"),
    "ministack.core.lambda_runtime": ("reset",),
    "ministack.core.persistence": ("_json_default", "_json_object_hook"),
    "ministack.core.responses": ("set_request_account_id", "set_request_region"),
    "ministack.services.cloudwatch": (
        "_alarms",
        "_calc_stats",
        "_cbor_metric_data_result",
        "_cbor_ok",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_evaluate_alarm",
        "_evaluate_all_alarms",
        "_evaluate_parent_alarms",
        "_error",
        "_evict_old_metrics",
        "_get_metric_data",
        "_json_ok",
        "_metrics",
        "_p",
        "_parse_ts",
        "_put_metric_alarm",
        "_record_history",
        "_set_alarm_state",
        "_stat_value",
        "_ts_iso",
        "get_state",
    ),
    "ministack.services.cloudformation": ("_stack_events", "_stacks"),
    "ministack.services.cloudformation.changesets": ("_add_event",),
    "ministack.services.cloudformation.engine": ("_evaluate_conditions",),
    "ministack.services.cloudformation.handlers": ("_add_event",),
    "ministack.services.cloudformation.provisioners": (
        "_CUSTOM_NAME_REPLACEMENT",
        "_REPLACING_PROPERTIES",
        "_RESOURCE_HANDLERS",
        "_STACK_TAG_PROPERTY",
        "_cw_metric_alarm_record",
        "_physical_name",
    ),
    "ministack.services.cloudformation.stacks": (
        "CLIENT_REQUEST_TOKEN",
        "_add_event",
        "_delete_stack_async",
        "_roll_back_operation",
        "_runs_on_worker_thread",
    ),
    "ministack.services.eventbridge": ("_put_events",),
}
EVENTS_A_CALL = 10
CHANGES_OF_STACKS = ("CreateStack", "DeleteStack", "ExecuteChangeSet", "UpdateStack")

logger = logging.getLogger("hooks")
Changed = Callable[[], None]


def missing_hooks() -> list[str]:
    """The names in HOOKS that the installed ministack doesn't have."""
    return [
        f"{module}.{name}"
        for module, names in HOOKS.items()
        for name in names
        if not hasattr(importlib.import_module(module), name)
    ]


def _module(name: str) -> Any:
    return importlib.import_module(f"ministack.{name}")


async def serve(scope: Any, receive: Any, send: Any) -> None:
    """ministack itself, as an ASGI application."""
    await _module("app").app(scope, receive, send)


def stop_lambdas() -> None:
    _module("core.lambda_runtime").reset()


def collect_state() -> dict[str, Any]:
    """A copy of the state of every service in use. Call it on the event loop, where services change their state."""
    states = {}
    for name, get_state in _module("app")._build_persistence_save_dict().items():
        state = _copied(get_state)
        if state is not None:
            states[name] = state
    return states


def _copied(get_state: Callable[[], Any]) -> Any:
    for _ in range(5):
        try:
            return get_state()
        except RuntimeError as error:  # Lambda's threads write logs and metrics while they are being copied.
            problem = error
    raise problem


def encode_state(state: Any) -> bytes:
    return json.dumps(state, default=_module("core.persistence")._json_default).encode()


def decode_state(content: bytes) -> Any:
    return json.loads(content, object_hook=_module("core.persistence")._json_object_hook)


def keep_state_with(load: Callable[[str], Any], save: Callable[[], None]) -> None:
    """load: gives the state of a service at start, or None; save: is called at the end."""
    app = _module("app")
    app.load_state = load
    app.save_all = lambda services: save()


def publish(events: list[dict[str, Any]]) -> list[str]:
    """To the default bus, as services of AWS publish: sources that begin `aws.` are allowed. Returns the event ids."""

    def put() -> list[str]:
        _scope_to(ACCOUNT, None)
        ids = []
        for start in range(0, len(events), EVENTS_A_CALL):
            _, _, body = _module("services.eventbridge")._put_events(
                {"Entries": events[start : start + EVENTS_A_CALL]}, allow_aws_source=True
            )
            ids += [entry.get("EventId", "") for entry in json.loads(body)["Entries"]]
        return ids

    return contextvars.copy_context().run(put)


def _scope_to(account: str, region: str | None) -> None:
    """region: that of the settings if there is none."""
    responses = _module("core.responses")
    responses.set_request_account_id(account)
    responses.set_request_region(region)


def generate_name(stack_name: str, logical_id: str) -> str:
    # In lower case, because it is read back from ARNs, where SageMaker writes names in lower case.
    name: str = _module("services.cloudformation.provisioners")._physical_name(
        stack_name, logical_id, lowercase=True, max_len=63
    )
    return name


def is_owned(kind: str, physical_id: str) -> bool:
    return any(
        resource.get("ResourceType") == kind and resource.get("PhysicalResourceId") == physical_id
        for _, stack in _stacks()
        for resource in stack.get("_resources", {}).values()
    )


def register(kinds: Iterable[ResourceType], client: Callable[[str], Any]) -> None:
    """Makes CloudFormation know those types. Each runs on a thread of its own, because the services call back here."""
    provisioners = _module("services.cloudformation.provisioners")
    stacks = _module("services.cloudformation.stacks")
    names = set()
    for kind in kinds:
        provider = ResourceProvider(kind, client, generate_name, is_owned)
        provisioners._RESOURCE_HANDLERS[kind.name] = {
            "create": provider.create,
            "update": provider.update,
            "delete": provider.delete,
        }
        provisioners._REPLACING_PROPERTIES[kind.name] = kind.replacing
        if kind.taggable:
            provisioners._STACK_TAG_PROPERTY[kind.name] = ("Tags", "list")
        if kind.name_property:
            provisioners._CUSTOM_NAME_REPLACEMENT[kind.name] = {"name": kind.name_property}
        names.add(kind.name)
    before = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda kind: kind in names or before(kind)


def add_attributes(properties: Mapping[str, tuple[str, ...]]) -> None:
    """Lets Fn::GetAtt read those properties of types that ministack has, by the name of the type."""
    handlers = _module("services.cloudformation.provisioners")._RESOURCE_HANDLERS
    for kind, names in properties.items():
        for operation in ("create", "update"):
            handlers[kind][operation] = _with_attributes(handlers[kind][operation], operation, names)


def _with_attributes(before: Callable[..., Any], operation: str, names: tuple[str, ...]) -> Callable[..., Any]:
    def after(*arguments: Any) -> tuple[str, dict[str, Any]]:
        physical_id, attributes = before(*arguments)
        new = arguments[1] if operation == "create" else arguments[2]
        return physical_id, {**{name: new[name] for name in names if name in new}, **attributes}

    return after


SHORTEST_HOLD_SECONDS = 5.0
_held: dict[str, float] = {}
"""Until when a state that was set by hand stays, by alarm."""


def judge_alarms(metrics_shape: Callable[[], Shape], speed: float) -> None:
    """Has alarms judged by `alarms`, metric math included, instead of by ministack.

    metrics_shape: of the member Metrics of PutMetricAlarm
    speed: how many times shorter than configured periods are
    """
    cloudwatch = _module("services.cloudwatch")
    provisioners = _module("services.cloudformation.provisioners")
    record_before, put_before = provisioners._cw_metric_alarm_record, cloudwatch._put_metric_alarm

    def record(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        queries = properties.get("Metrics")
        if not queries:
            alarm: dict[str, Any] = record_before(name, properties)
        else:
            plain = {key: value for key, value in properties.items() if key != "Metrics"}
            alarm = _with_queries(
                record_before(name, {**plain, "MetricName": "-", "Namespace": "-"}),
                coerce(queries, metrics_shape(), "Metrics"),
            )
        alarms.check(alarm)
        return alarm

    def put(parameters: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        answer = put_before(parameters, data, is_cbor, is_json)
        stored = cloudwatch._alarms.get(data.get("AlarmName"))
        if data.get("Metrics") and stored is not None and answer[0] == HTTPStatus.OK:
            _with_queries(stored, data["Metrics"])
        return answer

    provisioners._cw_metric_alarm_record = record
    set_before = cloudwatch._set_alarm_state

    def set_state(parameters: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        answer = set_before(parameters, data, is_cbor, is_json)
        name = (data or {}).get("AlarmName") or cloudwatch._p(parameters, "AlarmName")
        alarm = cloudwatch._alarms.get(name)
        if alarm is not None:
            # CloudWatch judges it anew a period later; those who look at it have to see it until then.
            _held[name] = time.monotonic() + max(SHORTEST_HOLD_SECONDS, alarms.period(alarm, speed))
        return answer

    def evaluate(alarm: dict[str, Any]) -> None:
        if time.monotonic() >= _held.get(alarm["AlarmName"], 0):
            _held.pop(alarm["AlarmName"], None)
            _evaluate_alarm(alarm, speed)

    cloudwatch._put_metric_alarm = put
    cloudwatch._set_alarm_state = set_state
    cloudwatch._evaluate_alarm = evaluate


def _with_queries(alarm: dict[str, Any], queries: list[dict[str, Any]]) -> dict[str, Any]:
    for name in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"):
        alarm.pop(name, None)
    alarm["Metrics"] = queries
    return alarm


def evaluate_alarms() -> None:
    _module("services.cloudwatch")._evaluate_all_alarms()


def _evaluate_alarm(alarm: dict[str, Any], speed: float) -> None:
    cloudwatch = _module("services.cloudwatch")
    before = alarm["StateValue"]
    now = time.time()
    state, reason = alarms.judge(alarm, now, _statistic, speed)
    if state == before:
        return
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(now))
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _statistic(metric: Mapping[str, Any], name: str, start: float, end: float) -> float | None:
    cloudwatch = _module("services.cloudwatch")
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions") or ()}
    key = (metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))
    points = _between(cloudwatch._metrics.get(key) or [], start, end)
    statistics = cloudwatch._calc_stats(points)
    value: float | None = cloudwatch._stat_value(statistics, name, points) if statistics else None
    return value


def answer_metric_math() -> None:
    """Has GetMetricData evaluate expressions, as alarms do. Those who speak the query protocol don't get that far."""
    cloudwatch = _module("services.cloudwatch")
    before = cloudwatch._get_metric_data

    def get_data(parameters: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        queries = (data or {}).get("MetricDataQueries") or []
        if not metric_data.has_math(queries):
            return before(parameters, data, is_cbor, is_json)
        start, end = (cloudwatch._parse_ts(data[name]) for name in ("StartTime", "EndTime"))
        try:
            newest_first = data.get("ScanBy") != "TimestampAscending"
            found = metric_data.results(queries, start, end, _statistic, newest_first=newest_first)
        except ValueError as error:
            code = "ValidationError"
            return cloudwatch._error(code, str(error), HTTPStatus.BAD_REQUEST, use_json=is_json, use_cbor=is_cbor)
        named = [{**each, "Timestamps": [cloudwatch._ts_iso(at) for at in each["Timestamps"]]} for each in found]
        if is_cbor:
            return cloudwatch._cbor_ok(
                {"MetricDataResults": [cloudwatch._cbor_metric_data_result(each) for each in named]}
            )
        return cloudwatch._json_ok({"MetricDataResults": named})

    cloudwatch._get_metric_data = get_data


POINTS_IN_MEMORY, POINTS_ON_DISK = 20_000, 200
"""Of a metric: a quarter of an hour of brisk traffic, and what alarms need to go on after a restart."""
EVICTION_SECONDS = 10


def bound_metrics() -> None:
    """Keeps the latest data points only. ministack looks through all of two weeks at every request to CloudWatch, and
    copies them for every snapshot: with several of them a second nothing else would be done any more.
    """
    cloudwatch = _module("services.cloudwatch")
    before = cloudwatch.get_state
    evicted = 0.0

    def evict() -> None:
        nonlocal evicted
        if time.monotonic() - evicted < EVICTION_SECONDS:
            return
        evicted = time.monotonic()
        for points in list(cloudwatch._metrics._data.values()):
            del points[:-POINTS_IN_MEMORY]

    def get_state() -> Any:
        everything = cloudwatch._metrics
        latest = type(everything)()
        latest._data.update({key: points[-POINTS_ON_DISK:] for key, points in list(everything._data.items())})
        # What comes in on another thread while this copies goes to the small one, and is lost: a few points at most.
        cloudwatch._metrics = latest
        try:
            return before()
        finally:
            cloudwatch._metrics = everything

    cloudwatch._evict_old_metrics = evict
    cloudwatch.get_state = get_state


DISORDER_SECONDS = 60


def _between(points: list[dict[str, Any]], start: float, end: float) -> list[dict[str, Any]]:
    """Those of that time. They are kept as they come in, nearly in order, and only the last ones are asked for."""
    found = []
    for point in reversed(points):
        at = point["Timestamp"]
        if at < start - DISORDER_SECONDS:
            break
        if start <= at < end:
            found.append(point)
    return found[::-1]


def watch_stacks(changed: Changed) -> None:
    """Publishes an event for every status that a stack takes, as AWS does, and calls `changed` for all stack events."""
    stacks = _module("services.cloudformation.stacks")
    before = stacks._add_event

    def add_event(
        stack_id: str,
        stack_name: str,
        logical_id: str,
        kind: str,
        status: str,
        reason: str = "",
        *more: Any,
        **named: Any,
    ) -> None:
        before(stack_id, stack_name, logical_id, kind, status, reason, *more, **named)
        changed()
        if logical_id != stack_name or kind != "AWS::CloudFormation::Stack":
            return
        details = {"status": status, **({"status-reason": reason} if reason else {})}
        event = {
            "Source": "aws.cloudformation",
            "DetailType": "CloudFormation Stack Status Change",
            "Detail": json.dumps({"stack-id": stack_id, "status-details": details}),
            "Resources": [stack_id],
        }
        try:
            publish([event])
        except Exception:
            logger.exception("the event of %s, %s was not published", stack_name, status)

    for module in ("changesets", "handlers", "stacks"):
        _module(f"services.cloudformation.{module}")._add_event = add_event


def answer_when_settled(longest_seconds: float, keep: Callable[[], Awaitable[None]]) -> None:
    """Has CloudFormation answer a change of a stack only when it is through, or that time has passed.

    Whoever changes a stack asks for its status at once, and then every five seconds if it is the CDK: that would make
    a deployment of small stacks consist of waiting.

    keep: writes the state down. What has been answered with yes must be known after a kill, or whoever asked for it
    waits for an operation that nobody has heard of.
    """
    handlers = _module("app").SERVICE_HANDLERS
    before = handlers["cloudformation"]

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> Any:
        answer = await before(method, path, headers, body, query)
        parameters = parse_qs(body.decode(errors="replace"))
        if answer[0] == HTTPStatus.OK and parameters.get("Action", [""])[0] in CHANGES_OF_STACKS:
            await keep()
            name = parameters.get("StackName", [""])[0]
            end = time.monotonic() + longest_seconds
            while time.monotonic() < end and _is_named_stack_busy(name):
                await asyncio.sleep(0.02)
        return answer

    handlers["cloudformation"] = handle


def _is_named_stack_busy(name: str) -> bool:
    named = (stack for _, stack in _stacks() if name in (stack["StackName"], stack["StackId"]))
    return any(is_busy(stack["StackStatus"]) for stack in named)


def _stacks() -> list[tuple[tuple[str, str, str], dict[str, Any]]]:
    """By account, region and name."""
    return list(_module("services.cloudformation")._stacks._data.items())


def busy_stacks() -> list[str]:
    return [name for (_, _, name), stack in _stacks() if is_busy(stack["StackStatus"])]


def is_busy(status: str) -> bool:
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


def repair_stacks() -> None:
    """Takes stacks that a killed process left busy to a state from which a deployment goes on. Needs the event loop."""
    for (account, region, _), stack in _stacks():
        if is_busy(stack["StackStatus"]):
            contextvars.copy_context().run(_repair, account, region, stack)


INTERRUPTED = "The local AWS was ended while the stack was busy"


def _repair(account: str, region: str, stack: dict[str, Any]) -> None:
    _scope_to(account, region)
    name, stack_id, status = stack["StackName"], stack["StackId"], stack["StackStatus"]
    logger.warning("%s was left %s", name, status)
    cloudformation = _module("services.cloudformation.stacks")
    # The end of an operation carries the token that it was asked for with.
    cloudformation.CLIENT_REQUEST_TOKEN.set(_last_token(stack_id))
    if status == "DELETE_IN_PROGRESS":
        _start(cloudformation._delete_stack_async(name, stack_id))
    elif status.startswith("UPDATE"):
        # The record already names the new template, but what is deployed is a mixture: the old template stays the
        # official one, so that the next deployment of the new one finds something to do.
        evaluate = _module("services.cloudformation.engine")._evaluate_conditions
        stack["_template_body"] = json.dumps(stack["_template"])
        stack["_conditions"] = evaluate(stack["_template"], stack["_resolved_params"])
        stack["Parameters"] = [
            {"ParameterKey": key, "ParameterValue": value["Value"], "NoEcho": value["NoEcho"]}
            for key, value in stack["_resolved_params"].items()
        ]
        stack["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
        cloudformation._add_event(
            stack_id, name, name, "AWS::CloudFormation::Stack", stack["StackStatus"], INTERRUPTED, stack_id
        )
    else:
        stack["EnableTerminationProtection"] = False
        operation = {
            "created": list(stack.get("_resources", {})),
            "template": stack.get("_template"),
            "param_values": stack.get("_resolved_params"),
            "retain_except_on_create": True,
        }
        _start(cloudformation._roll_back_operation(name, stack_id, stack, operation, INTERRUPTED))


def _last_token(stack_id: str) -> str:
    events = _module("services.cloudformation")._stack_events.get(stack_id) or [{}]
    return str(events[-1].get("ClientRequestToken", ""))


_running: set[asyncio.Task[None]] = set()


def _start(work: Any) -> None:
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
