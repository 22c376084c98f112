"""When a server that is asked to end stops to listen."""

import pytest

from common.drain import Drain


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _drain(seconds: float = 25) -> tuple[Drain, Clock]:
    clock = Clock()
    return Drain(seconds, clock), clock


def test_nobody_asked_so_it_never_ends() -> None:
    drain, clock = _drain()
    clock.now += 1000
    assert not drain.asked
    assert not drain.over


def test_it_listens_until_half_a_second_without_a_request() -> None:
    drain, clock = _drain()
    drain.ask()
    clock.now += 0.4
    drain.begin()
    drain.end()
    clock.now += 0.4
    assert not drain.over
    clock.now += 0.1
    assert drain.over


def test_a_request_that_is_under_way_hides_those_behind_it() -> None:
    drain, clock = _drain()
    drain.ask()
    drain.begin()
    clock.now += 3
    assert not drain.over
    drain.end()
    clock.now += 0.5
    assert drain.over


@pytest.mark.parametrize(("seconds", "longest"), [(25, 5.0), (10, 5.0), (4, 2.0), (1, 0.5)])
def test_whoever_goes_on_asking_is_left_at_last(seconds: float, longest: float) -> None:
    drain, clock = _drain(seconds)
    drain.ask()
    drain.begin()
    clock.now += longest - 0.01
    assert not drain.over
    clock.now += 0.01
    assert drain.over


def test_a_second_wish_begins_nothing_anew() -> None:
    drain, clock = _drain()
    drain.ask()
    clock.now += 0.5
    drain.ask()
    assert drain.over
