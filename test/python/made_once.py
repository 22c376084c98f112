"""What is of the whole session is made once in it."""

from collections import Counter
from collections.abc import Generator

import pytest

_made: Counter[tuple[str, str]] = Counter()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Fails where pytest makes a fixture of the session anew: it takes the parameters of one that has its name."""
    if fixturedef.scope == "session" and not fixturedef.params:
        made = (fixturedef.baseid, fixturedef.argname)
        _made[made] += 1
        if _made[made] > 1:
            place = fixturedef.baseid or "."
            pytest.fail(
                f"fixture {fixturedef.argname} of {place}: must be made once in a session, got made anew for "
                f"{request.node.nodeid}; name the parametrised fixture that covers it differently"
            )
    return (yield)
