"""A HistGradientBoostingClassifier as a part of an ONNX graph.

skl2onnx 1.20 takes splits by category for splits by size without a word; see docs/adr/0013-onnx-form.md.
"""

from typing import Any

import numpy as np
from onnx import helper

from common.errors import WorkloadError
from common.onnx_ensemble import BRANCH_LEQ, Ensemble, Leaf, Split, split_by_category
from common.onnx_part import FIX, Part, no_form
from common.onnx_words import codes_of

BITS = 32


def boosting_part(boosting: Any, categories: list[Any], numbers: int) -> Part:  # noqa: ANN401
    """categories: of each column of words, as the encoder in front of it knows them; numbers: how many columns follow.

    The probability comes in double precision, as from scikit-learn.
    """
    if boosting.n_trees_per_iteration_ != 1:
        raise no_form(boosting)
    told = [] if boosting.is_categorical_ is None else boosting.is_categorical_.tolist()
    if told != ([True] * len(categories) + [False] * numbers if categories else []):
        raise WorkloadError("boosting", "must take just the words as categories, got others", FIX)
    inner = boosting._preprocessor.named_transformers_["encoder"].categories_ if categories else []  # noqa: SLF001
    ensemble = Ensemble()
    for (tree,) in boosting._predictors:  # noqa: SLF001 - scikit-learn has no public form of its trees
        ensemble.add_tree(_nodes(tree, [len(known) for known in inner]))
    return Part(
        [codes_of(outer, known) for outer, known in zip(categories, inner, strict=True)],
        [
            ensemble.sum("features", "trees", np.float64),
            helper.make_node("Add", ["trees", "baseline"], ["score"]),
            helper.make_node("Sigmoid", ["score"], ["probability"]),
        ],
        {"baseline": np.array([boosting._baseline_prediction.item()], dtype=np.float64)},  # noqa: SLF001
    )


def _nodes(tree: Any, categories: list[int]) -> list[Leaf | Split]:  # noqa: ANN401
    """categories: how many values each feature has that is a category, by its place."""
    nodes: list[Leaf | Split] = []
    for node in tree.nodes:
        if node["is_leaf"]:
            nodes.append(Leaf(float(node["value"])))
            continue
        feature, children = int(node["feature_idx"]), (int(node["left"]), int(node["right"]))
        missing = bool(node["missing_go_to_left"])
        if node["is_categorical"]:
            left = _members(tree.raw_left_cat_bitsets[node["bitset_idx"]])
            nodes.append(split_by_category(feature, left, children, missing, categories[feature]))
        else:
            nodes.append(Split(feature, BRANCH_LEQ, *children, missing, threshold=float(node["num_threshold"])))
    return nodes


def _members(bitset: Any) -> list[int]:  # noqa: ANN401
    return [value for value in range(len(bitset) * BITS) if int(bitset[value // BITS]) >> (value % BITS) & 1]
