"""An XGBClassifier as a part of an ONNX graph: in single precision, as XGBoost itself compares and adds.

See https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html for the model as JSON.
"""

import json
from typing import Any

import numpy as np
from onnx import TensorProto, helper

from common.errors import WorkloadError
from common.onnx_ensemble import BRANCH_LT, Ensemble, Leaf, Split, split_by_category
from common.onnx_part import FIX, Part
from common.onnx_words import codes_of

LEAF = -1


def xgboost_part(classifier: Any, categories: list[Any], numbers: int) -> Part:  # noqa: ANN401
    """categories: of each column of words, as the encoder in front of it knows them; numbers: how many columns follow.

    Raises a WorkloadError for whatever isn't binary logistic boosting of plain trees whose categories are the words.
    """
    booster = classifier.get_booster()
    learner = json.loads(booster.save_raw("json").decode())["learner"]
    _check(classifier, learner, ["c"] * len(categories) + ["float"] * numbers)
    counts = [len(known) for known in categories]
    ensemble = Ensemble()
    # The first that XGBoost adds: in single precision the order of a sum matters.
    ensemble.add_tree([Leaf(_base_margin(learner))])
    for tree in learner["gradient_booster"]["model"]["trees"]:
        ensemble.add_tree(_nodes(tree, counts))
    return Part(
        [codes_of(known, list(range(len(known)))) for known in categories],
        [
            helper.make_node("Cast", ["features"], ["single"], to=TensorProto.FLOAT),
            ensemble.sum("single", "score", np.float32),
            helper.make_node("Sigmoid", ["score"], ["single probability"]),
            helper.make_node("Cast", ["single probability"], ["probability"], to=TensorProto.DOUBLE),
        ],
        {},
    )


def _check(classifier: Any, learner: dict[str, Any], types: list[str]) -> None:  # noqa: ANN401
    booster, parameters = learner["gradient_booster"], learner["learner_model_param"]
    faults = {
        "booster": (booster["name"], "gbtree"),
        "objective": (learner["objective"]["name"], "binary:logistic"),
        "num_target": (parameters.get("num_target", "1"), "1"),
        "missing": (str(classifier.missing), "nan"),
        # The best of the rounds, and not all, is what such a model predicts by.
        "best_iteration": (learner["attributes"].get("best_iteration", "none"), "none"),
        "feature types": (",".join(learner["feature_types"]), ",".join(types)),
    }
    for name, (got, wanted) in faults.items():
        if got != wanted:
            raise WorkloadError(f"xgboost: {name}", f"has an ONNX form for {wanted} only, got {got}", FIX)


def _base_margin(learner: dict[str, Any]) -> float:
    """The log-odds of the model's base score: a number, or a list of one."""
    score = np.float32(learner["learner_model_param"]["base_score"].strip("[]"))
    return float(-np.log(np.float32(1) / score - np.float32(1)))


def _nodes(tree: dict[str, Any], categories: list[int]) -> list[Leaf | Split]:
    if int(tree["tree_param"]["size_leaf_vector"]) > 1:
        raise WorkloadError("xgboost: leaf", "has an ONNX form for one value only, got several", FIX)
    chosen = {
        node: [int(one) for one in tree["categories"][begin : begin + size]]
        for node, begin, size in zip(
            tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"], strict=True
        )
    }
    nodes: list[Leaf | Split] = []
    for at, left in enumerate(tree["left_children"]):
        # A threshold of a split, and the value of a leaf.
        value = float(tree["split_conditions"][at])
        if left == LEAF:
            nodes.append(Leaf(value))
            continue
        feature, right, missing = tree["split_indices"][at], tree["right_children"][at], bool(tree["default_left"][at])
        if at in chosen:
            # Those that were chosen go right.
            nodes.append(split_by_category(feature, chosen[at], (right, left), not missing, categories[feature]))
        else:
            nodes.append(Split(feature, BRANCH_LT, left, right, missing, threshold=value))
    return nodes
