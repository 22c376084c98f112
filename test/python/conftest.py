"""How the tests are spread over processes."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

pytest_plugins = ["made_once"]

# They share what is dear to make: an assembly of all environments, four servers, an emulator.
SHARING = ("test/python/templates/", "test/python/workloads/servers/", "test/python/sagemaker/")
# What takes longest begins first, so that no process is left with it at the end.
FIRST = (*SHARING[:2], "test/python/aws/test_persistence.py", "test/python/workloads/test_server.py", *SHARING[2:])


class SharingScheduling(LoadFileScheduling):
    """Gives each file to one process, and the files of a folder that share something to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in SHARING if nodeid.startswith(folder)), super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharingScheduling | None:
    """For `--dist loadfile`; `--no-loadscope-reorder` keeps the order of the tests."""
    return SharingScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((at for at, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))

    items.sort(key=place)
