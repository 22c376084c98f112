"""The ONNX form of XGBoost: single precision, categories, gaps, and what it has no form for."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.model_directory import ModelDirectory, TrainedModel
from common.onnx_classifier import to_onnx
from common.onnx_proof import Tolerance, prove
from common.split_table import read_split
from flight_delay.columns import FEATURE_NAMES, TARGET

# The last digits of single precision.
EXACT = Tolerance(1e-6, 0)


@pytest.fixture
def model(trained_xgboost: ContainerPaths) -> TrainedModel:
    return ModelDirectory(trained_xgboost.model).load()


@pytest.fixture
def held_out(trained_xgboost: ContainerPaths) -> pd.DataFrame:
    return read_split(trained_xgboost.processing_output("test"))


def test_answers_as_xgboost_does_on_all_held_out_rows(model: TrainedModel, held_out: pd.DataFrame) -> None:
    proof = prove(model, to_onnx(model).SerializeToString(), held_out, EXACT)
    assert (proof.holds, proof.rows) == (True, len(held_out)), proof


def test_trees_ask_for_categories_and_the_card_names_the_library(model: TrainedModel) -> None:
    trees = model.estimator[-1].get_booster().trees_to_dataframe()
    assert trees["Category"].notna().any()
    assert "xgboost-cpu" in model.card["libraries"]


def test_gaps_and_words_never_seen_are_predicted_alike(model: TrainedModel, held_out: pd.DataFrame) -> None:
    rows = held_out[FEATURE_NAMES].iloc[:500].copy()
    rows.loc[rows.index[::2], "manufacturer"] = None
    rows.loc[rows.index[::3], "dest"] = "nowhere"
    rows.loc[rows.index[::5], ["temp", "seats", "plane_age", "wind_gust"]] = np.nan
    assert prove(model, to_onnx(model).SerializeToString(), rows, EXACT).holds


def test_numbers_beside_a_threshold_fall_on_the_same_side(model: TrainedModel, held_out: pd.DataFrame) -> None:
    """In double precision they would be told apart from the threshold; XGBoost has them round to it."""
    trees = model.estimator[-1].get_booster().trees_to_dataframe()
    # The encoder hands the words on first.
    order = sorted(model.columns, key=lambda column: column.kind != "category")
    place = [column.name for column in order].index("departure_minute")
    asked = trees[trees["Feature"] == f"f{place}"]["Split"].dropna().to_numpy("float64")
    assert asked.size > 5
    steps = np.concatenate([asked, np.nextafter(asked, np.inf), np.nextafter(asked, -np.inf), asked - 1e-9])
    rows = pd.concat([held_out[FEATURE_NAMES].iloc[[7]]] * steps.size, ignore_index=True)
    assert prove(model, to_onnx(model).SerializeToString(), rows.assign(departure_minute=steps), EXACT).holds


def test_a_tree_that_learned_nothing_is_a_leaf(model: TrainedModel, held_out: pd.DataFrame) -> None:
    stumps = _refit(model, held_out, n_estimators=3, min_child_weight=1e9)
    assert json.loads(stumps.estimator[-1].get_booster().get_dump(dump_format="json")[0]).get("leaf") is not None
    assert prove(stumps, to_onnx(stumps).SerializeToString(), held_out, EXACT).holds


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"booster": "dart"}, "xgboost: booster: has an ONNX form for gbtree only, got dart"),
        ({"objective": "reg:logistic"}, "objective: has an ONNX form for binary:logistic only, got reg:logistic"),
        ({"missing": -1.0}, "xgboost: missing: has an ONNX form for nan only, got -1"),
        ({"feature_types": None, "enable_categorical": False}, "feature types: has an ONNX form for c,c,"),
    ],
)
def test_what_has_no_form_is_named(
    model: TrainedModel, held_out: pd.DataFrame, change: dict[str, Any], problem: str
) -> None:
    other = _refit(model, held_out, n_estimators=2, **change)
    with pytest.raises(WorkloadError, match=problem):
        to_onnx(other)


def test_the_best_of_the_rounds_is_not_all_of_them(model: TrainedModel, held_out: pd.DataFrame) -> None:
    other = _refit(model, held_out, n_estimators=3)
    other.estimator[-1].get_booster().set_attr(best_iteration="1")
    with pytest.raises(WorkloadError, match="best_iteration: has an ONNX form for none only, got 1"):
        to_onnx(other)


def _refit(model: TrainedModel, rows: pd.DataFrame, **change: Any) -> TrainedModel:  # noqa: ANN401
    """The same pipeline with other settings, fitted to a few rows."""
    estimator = clone(model.estimator)
    estimator[-1].set_params(**change)
    return replace(model, estimator=estimator.fit(rows[FEATURE_NAMES], rows[TARGET]))
