"""Starts the AWS of this machine on http://localhost:PORT, for the loopback only.

usage: launch.py --port PORT --state-dir DIR --sagemaker-url http://127.0.0.1:PORT [--speed N] [--region REGION]
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sys
from pathlib import Path

from emulator.settings import DEFAULT_REGION, HOST, MAX_SPEED, MIN_SPEED, Settings


def main() -> int:
    parser = argparse.ArgumentParser(description="The AWS of this machine, for the loopback only.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--sagemaker-url", required=True, help="where SageMaker and Application Auto Scaling answer")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times shorter the periods of alarms are")
    parser.add_argument("--region", default=DEFAULT_REGION, help="the region whose alarms are judged")
    arguments = parser.parse_args()
    settings = Settings(
        arguments.port,
        arguments.state_dir.resolve(),
        arguments.sagemaker_url.rstrip("/"),
        arguments.speed,
        arguments.region,
    )
    if not MIN_SPEED <= settings.speed <= MAX_SPEED:
        print(f"--speed: must be {MIN_SPEED} to {MAX_SPEED}, got {settings.speed:g}; 1 is real time", file=sys.stderr)
        return 2
    problem = _port_problem(settings.port)
    if problem:
        print(f"--port: must be free, got {settings.port} ({problem}); choose another", file=sys.stderr)
        return 2
    prepare(settings)
    os.environ.update(settings.environment())
    # ministack reads its environment while it is imported.
    from emulator import server

    try:
        server.run(settings)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _port_problem(port: int) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return str(error)
    return None


def prepare(settings: Settings) -> None:
    """Makes the folders, and removes what a killed process left half done."""
    settings.objects.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(settings.temporary, ignore_errors=True)
    settings.temporary.mkdir(parents=True)
    for draft in settings.objects.rglob("*.tmp"):
        # An object's body is written beside its place and then moved there. A finished one has its metadata with it.
        if draft.is_file() and not draft.with_name(f"{draft.name}.meta.json").exists():
            draft.unlink()


if __name__ == "__main__":
    sys.exit(main())
