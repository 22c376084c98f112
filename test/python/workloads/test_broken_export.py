"""Graphs that are wrong by very little, on purpose: the proof sees each."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import numpy_helper

from common.container_paths import ContainerPaths
from common.model_directory import ModelDirectory, TrainedModel
from common.onnx_classifier import to_onnx
from common.onnx_ensemble import BRANCH_MEMBER
from common.onnx_proof import Tolerance, prove
from common.split_table import read_split


# Not named as the fixture that it asks for: that one, of the whole session, would take the parameter for its own, and
# be made anew for each.
@pytest.fixture(params=["trained", "trained_xgboost"])
def either(request: pytest.FixtureRequest) -> ContainerPaths:
    paths: ContainerPaths = request.getfixturevalue(request.param)
    return paths


@pytest.fixture
def model(either: ContainerPaths) -> TrainedModel:
    return ModelDirectory(either.model).load()


@pytest.fixture
def held_out(either: ContainerPaths) -> pd.DataFrame:
    return read_split(either.processing_output("test"))


@dataclass(frozen=True)
class _Off:
    """Answers as another estimator does but for some rows, by their places."""

    estimator: Any
    by: dict[int, float]

    def predict_proba(self, frame: pd.DataFrame) -> Any:  # noqa: ANN401
        probability = self.estimator.predict_proba(frame).astype("float64")
        for place, difference in self.by.items():
            probability[place] += (-difference, difference)
        return probability


def _changed(graph: onnx.ModelProto, name: str, change: Any) -> bytes:  # noqa: ANN401
    """The graph with another tensor for one attribute of its trees."""
    trees = next(node for node in graph.graph.node if node.op_type == "TreeEnsemble")
    attribute = next(one for one in trees.attribute if one.name == name)
    attribute.t.CopyFrom(numpy_helper.from_array(change(numpy_helper.to_array(attribute.t).copy())))
    return graph.SerializeToString()


def _modes(graph: onnx.ModelProto) -> Any:  # noqa: ANN401
    trees = next(node for node in graph.graph.node if node.op_type == "TreeEnsemble")
    return numpy_helper.to_array(next(one for one in trees.attribute if one.name == "nodes_modes").t)


def test_one_threshold_that_is_moved_is_refused(model: TrainedModel, held_out: pd.DataFrame) -> None:
    graph = to_onnx(model)
    splits = [place for place, mode in enumerate(_modes(graph)) if mode != BRANCH_MEMBER]
    # The first is the stump that XGBoost's base score is, or a split near the root of the first tree.
    place = splits[2]
    proof = prove(model, _changed(graph, "nodes_splits", lambda all_: _moved(all_, place)), held_out, Tolerance())
    assert not proof.holds
    assert proof.exceptions > 0


def test_one_category_on_the_other_side_is_refused(model: TrainedModel, held_out: pd.DataFrame) -> None:
    """Leaves out of the first list its first word: a model of 288 such splits is judged by each."""
    graph = _changed(to_onnx(model), "membership_values", lambda members: members[1:])
    proof = prove(model, graph, held_out, Tolerance())
    assert not proof.holds


def test_two_rows_off_are_counted_and_bounded(model: TrainedModel, held_out: pd.DataFrame) -> None:
    graph = to_onnx(model).SerializeToString()
    # Far from the threshold, so that no label is another one.
    low = np.argsort(model.probability(held_out))[:2]
    off = replace(model, estimator=_Off(model.estimator, {int(place): 1e-3 for place in low}))
    share = 2 / len(held_out)
    bounded = prove(off, graph, held_out, Tolerance(1e-4, share))
    assert (bounded.exceptions, bounded.labels_that_differ, bounded.holds) == (2, 0, True)
    assert bounded.largest_difference == pytest.approx(1e-3, abs=1e-6)
    assert not prove(off, graph, held_out, Tolerance(1e-4, share * 0.99)).holds
    assert not prove(off, graph, held_out, Tolerance()).holds
    assert prove(off, graph, held_out, Tolerance(2e-3, 0)).holds


def test_one_label_that_differs_is_refused_however_near_the_probabilities(
    model: TrainedModel, held_out: pd.DataFrame
) -> None:
    probability = model.probability(held_out)
    place = int(np.argmax(probability))
    at_threshold = replace(model, card={**model.card, "threshold": float(probability[place]) - 1e-5})
    graph = to_onnx(at_threshold).SerializeToString()
    assert prove(at_threshold, graph, held_out, Tolerance()).holds
    off = replace(at_threshold, estimator=_Off(model.estimator, {place: -5e-5}))
    proof = prove(off, graph, held_out, Tolerance(1e-4, 1))
    assert (proof.exceptions, proof.labels_that_differ, proof.holds) == (0, 1, False)


def _moved(thresholds: Any, place: int) -> Any:  # noqa: ANN401
    thresholds[place] *= 1.05
    return thresholds
