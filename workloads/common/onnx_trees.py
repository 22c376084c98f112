"""Trees of a HistGradientBoostingClassifier as ONNX's TreeEnsemble, splits by category included.

skl2onnx 1.20 takes those for splits by size without a word; see docs/adr/0013-onnx-form.md.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import NodeProto, helper, numpy_helper

# See https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
BRANCH_LEQ = 0
BRANCH_MEMBER = 6
SUM = 1
BITS = 32


@dataclass
class _Ensemble:
    """Attributes of the operator; inner nodes and leaves are counted apart."""

    roots: list[int] = field(default_factory=list)
    features: list[int] = field(default_factory=list)
    modes: list[int] = field(default_factory=list)
    splits: list[float] = field(default_factory=list)
    missing_is_true: list[int] = field(default_factory=list)
    children: list[dict[bool, tuple[int, int]]] = field(default_factory=list)
    members: list[list[float]] = field(default_factory=list)
    leaves: list[float] = field(default_factory=list)

    def add_tree(self, tree: Any, categories: list[int]) -> None:  # noqa: ANN401
        """categories: how many values each feature has that is a category, by its place."""
        self.roots.append(self._add(tree, 0, categories)[0])

    def _add(self, tree: Any, at: int, categories: list[int]) -> tuple[int, int]:  # noqa: ANN401
        """The place of a node among its kind, and whether it is a leaf."""
        node = tree.nodes[at]
        if node["is_leaf"]:
            self.leaves.append(float(node["value"]))
            return len(self.leaves) - 1, 1
        place = len(self.features)
        feature = int(node["feature_idx"])
        left_is_true = True
        self.features.append(feature)
        if node["is_categorical"]:
            left = _members(tree.raw_left_cat_bitsets[node["bitset_idx"]])
            right = sorted(set(range(categories[feature])) - set(left))
            # The runtime compares one after the other, so the shorter list is the test.
            left_is_true = len(left) <= len(right)
            self.modes.append(BRANCH_MEMBER)
            self.splits.append(0.0)
            self.members.append([float(one) for one in (left if left_is_true else right)])
        else:
            self.modes.append(BRANCH_LEQ)
            self.splits.append(float(node["num_threshold"]))
        self.missing_is_true.append(int(bool(node["missing_go_to_left"]) == left_is_true))
        self.children.append({})
        for side in (True, False):
            child = node["left"] if side == left_is_true else node["right"]
            self.children[place][side] = self._add(tree, int(child), categories)
        return place, 0


def _members(bitset: Any) -> list[int]:  # noqa: ANN401
    return [value for value in range(len(bitset) * BITS) if int(bitset[value // BITS]) >> (value % BITS) & 1]


def sum_of_trees(boosting: Any, categories: list[int], features: str, output: str) -> NodeProto:  # noqa: ANN401
    """The raw score, without the baseline, of a [rows, features] tensor of doubles.

    categories: how many values each of the first features has; the others are numbers.
    """
    ensemble = _Ensemble()
    for (tree,) in boosting._predictors:  # noqa: SLF001 - scikit-learn has no public form of its trees
        ensemble.add_tree(tree, categories)
    doubles = {
        "nodes_splits": ensemble.splits,
        "leaf_weights": ensemble.leaves,
        # Each list ends with NaN; they come in the order of their nodes.
        "membership_values": [value for members in ensemble.members for value in [*members, float("nan")]],
    }
    return helper.make_node(
        "TreeEnsemble",
        [features],
        [output],
        domain="ai.onnx.ml",
        aggregate_function=SUM,
        n_targets=1,
        tree_roots=ensemble.roots,
        nodes_featureids=ensemble.features,
        nodes_modes=numpy_helper.from_array(np.array(ensemble.modes, dtype=np.uint8)),
        nodes_truenodeids=[node[True][0] for node in ensemble.children],
        nodes_falsenodeids=[node[False][0] for node in ensemble.children],
        nodes_trueleafs=[node[True][1] for node in ensemble.children],
        nodes_falseleafs=[node[False][1] for node in ensemble.children],
        nodes_missing_value_tracks_true=ensemble.missing_is_true,
        leaf_targetids=[0] * len(ensemble.leaves),
        **{
            name: numpy_helper.from_array(np.array(values, dtype=np.float64))
            for name, values in doubles.items()
            if values
        },
    )
