"""Starts the emulator, and ends it within a bound."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import threading
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from hypercorn.asyncio import serve
from hypercorn.config import Config as ServerConfig

from emulator import ministack_hooks as hooks
from emulator.gateway import Gateway
from emulator.proxy import Proxy, Receive, Scope, Send
from emulator.resource_types import EXTRA_ATTRIBUTES, RESOURCE_TYPES
from emulator.settings import HOST, Settings
from emulator.snapshots import Snapshots

logger = logging.getLogger("server")

GRACE_SECONDS = 8
"""From the signal to the end, whatever still runs."""
SETTLE_SECONDS = 2
ALARM_SECONDS, SHORTEST_ALARM_SECONDS = 2, 0.25
"""Between two looks at the alarms, which new data alone doesn't change: missing data does."""
ALARM_PERIOD_SECONDS = 10
"""The shortest that an alarm has, unless the clock is sped up."""


def run(settings: Settings) -> None:
    snapshots = Snapshots(
        settings.snapshot, hooks.collect_state, hooks.encode_state, hooks.decode_state, origin=settings.public_url
    )
    snapshots.read()
    hooks.keep_state_with(snapshots.load, snapshots.save)
    client = _clients(settings)
    hooks.register(RESOURCE_TYPES, client)
    hooks.add_attributes(EXTRA_ATTRIBUTES)
    hooks.judge_alarms(lambda: client("cloudwatch").meta.service_model.shape_for("MetricDataQueries"), settings.speed)
    hooks.answer_metric_math()
    hooks.bound_metrics()
    hooks.answer_when_settled(SETTLE_SECONDS, snapshots.flush)
    hooks.watch_stacks(snapshots.changed)
    sagemaker = Proxy(settings.sagemaker_url, "The local SageMaker")
    pause = min(ALARM_SECONDS, max(SHORTEST_ALARM_SECONDS, ALARM_PERIOD_SECONDS / settings.speed))
    gateway = _Lifespan(Gateway(sagemaker, snapshots.changed), snapshots, pause)
    asyncio.run(_serve(settings, gateway, snapshots))


class _Lifespan:
    """Does what has to be done between loading the state and the first request."""

    def __init__(self, app: Gateway, snapshots: Snapshots, alarm_pause: float) -> None:
        self.app, self.snapshots, self.alarm_pause = app, snapshots, alarm_pause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Any) -> None:
            if message["type"] == "lifespan.startup.complete":
                self.snapshots.start()
                hooks.repair_stacks()
                self.alarms = asyncio.create_task(_evaluate_alarms(self.alarm_pause))
            await send(message)

        await self.app(scope, receive, watched if scope["type"] == "lifespan" else send)


async def _evaluate_alarms(pause: float) -> None:
    while True:
        await asyncio.sleep(pause)
        hooks.evaluate_alarms()


async def _serve(settings: Settings, app: Any, snapshots: Snapshots) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        ended.set()
        # Threads of Lambda functions and stacks may go on for minutes, and the interpreter would wait for them.
        timer = threading.Timer(GRACE_SECONDS, os._exit, (1,))
        timer.daemon = True
        timer.start()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, end)
    config = ServerConfig()
    config.bind = [f"{HOST}:{settings.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    config.shutdown_timeout = 4
    await serve(app, config, shutdown_trigger=ended.wait)
    await asyncio.to_thread(hooks.stop_lambdas)
    snapshots.save()
    shutil.rmtree(settings.temporary, ignore_errors=True)
    logging.shutdown()
    os._exit(0)


def _clients(settings: Settings) -> Callable[[str], Any]:
    """Makes clients on first use, since that takes a while, and one at a time, since boto3 demands it."""
    urls = {"sagemaker": settings.sagemaker_url, "application-autoscaling": settings.sagemaker_url}
    config = Config(connect_timeout=5, read_timeout=300, retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    session = boto3.Session(**keys, region_name=settings.region)
    made: dict[str, Any] = {}
    lock = threading.Lock()

    def client(service: str) -> Any:
        with lock:
            if service not in made:
                url = urls.get(service, settings.url)
                made[service] = session.client(service, endpoint_url=url, config=config)
            return made[service]

    return client
