"""Whether the installed ministack is still the one that the launcher was written against."""

from __future__ import annotations

import inspect
import sys
from importlib.metadata import version

from ministack.services.cloudformation import provisioners, stacks
from ministack.services.eventbridge import _put_events

from emulator import ministack_hooks


def test_every_name_that_is_changed_or_read_is_there() -> None:
    assert ministack_hooks.missing_hooks() == []


def test_a_name_that_has_moved_is_found() -> None:
    hooks = {"ministack.app": ("app", "no_such_name")}
    before, ministack_hooks.HOOKS = ministack_hooks.HOOKS, hooks
    try:
        assert ministack_hooks.missing_hooks() == ["ministack.app.no_such_name"]
    finally:
        ministack_hooks.HOOKS = before


def test_every_private_name_that_the_hooks_use_is_listed() -> None:
    source = inspect.getsource(ministack_hooks)
    listed = {name for names in ministack_hooks.HOOKS.values() for name in names}
    for name in listed:
        assert source.count(name) > 1, f"{name} is listed, but not used"


def test_the_version_is_the_pinned_one() -> None:
    assert version("ministack") == ministack_hooks.VERSION


def test_the_functions_that_are_wrapped_take_the_same_arguments() -> None:
    def parameters(function: object) -> list[str]:
        return list(inspect.signature(function).parameters)  # type: ignore[arg-type]

    assert parameters(stacks._add_event)[:6] == [
        "stack_id",
        "stack_name",
        "logical_id",
        "resource_type",
        "status",
        "reason",
    ]
    assert parameters(stacks._roll_back_operation)[:4] == ["stack_name", "stack_id", "stack", "operation"]
    assert parameters(stacks._delete_stack_async)[:2] == ["stack_name", "stack_id"]
    assert parameters(stacks._runs_on_worker_thread) == ["resource_type"]
    assert parameters(_put_events) == ["data", "allow_aws_source"]
    assert parameters(provisioners._cw_metric_alarm_record) == ["name", "props"]
    assert "ministack.app" in sys.modules
