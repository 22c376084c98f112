"""The model servers with the network, by the tests that the other workloads' models pass."""

import pytest

from workloads.test_onnx_server import (  # noqa: F401 - found by their names
    MODELS,
    test_answers_a_payload_of_batch_transform_line_by_line,
    test_answers_equal_the_models_on_all_held_out_flights,
    trained,
    url,
)
from workloads.test_serve_frameworks import (  # noqa: F401 - found by its name
    Workload,
    test_the_python_server_answers_as_the_model_and_names_its_framework,
)


@pytest.fixture
def name() -> str:
    MODELS.setdefault("trained_pytorch", 1e-6)
    return "trained_pytorch"


@pytest.fixture
def workload() -> Workload:
    return Workload("trained_pytorch", "flight_delay_pytorch", "pytorch", within=1e-6)
