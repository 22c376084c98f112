"""The TypeScript model server against the network, by the tests that the other workloads' models pass."""

import pytest

from workloads.test_onnx_server import (  # noqa: F401 - found by their names
    MODELS,
    test_answers_a_payload_of_batch_transform_line_by_line,
    test_answers_equal_the_models_on_all_held_out_flights,
    trained,
    url,
)


@pytest.fixture
def name() -> str:
    MODELS.setdefault("trained_pytorch", 1e-6)
    return "trained_pytorch"
