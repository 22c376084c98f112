"""Decision trees that add up, as ONNX's operator TreeEnsemble; splits by category included.

See https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import NodeProto, helper, numpy_helper

SUM = 1
BRANCH_LEQ = 0
BRANCH_LT = 1
BRANCH_MEMBER = 6


@dataclass(frozen=True)
class Leaf:
    """What a tree adds."""

    value: float


@dataclass(frozen=True)
class Split:
    """A question to one feature, and where the answers lead: each child is what the builder of the tree knows it by.

    threshold: for BRANCH_LEQ and BRANCH_LT. members: for BRANCH_MEMBER.
    """

    feature: int
    mode: int
    if_true: int
    if_false: int
    missing_is_true: bool
    threshold: float = 0.0
    members: Sequence[int] = ()


def split_by_category(
    feature: int, chosen: Sequence[int], children: tuple[int, int], missing_is_chosen: bool, count: int
) -> Split:
    """The runtime compares one after the other, so the shorter of the two lists is the test.

    chosen: the categories of the first child, out of `count`; the second has the others.
    """
    others = sorted(set(range(count)) - set(chosen))
    if len(chosen) <= len(others):
        return Split(feature, BRANCH_MEMBER, *children, missing_is_chosen, members=chosen)
    return Split(feature, BRANCH_MEMBER, *children[::-1], not missing_is_chosen, members=others)


@dataclass
class Ensemble:
    """Attributes of the operator; splits and leaves are counted apart."""

    roots: list[int] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    children: list[list[tuple[int, int]]] = field(default_factory=list)
    leaves: list[float] = field(default_factory=list)

    def add_tree(self, nodes: Sequence[Leaf | Split]) -> None:
        """The first is the root; children are places in the list."""
        root = nodes[0]
        if isinstance(root, Leaf):
            # The operator begins every tree with a split.
            nodes = [Split(0, BRANCH_LEQ, 1, 1, missing_is_true=True), root]
        self.roots.append(self._add(nodes, 0)[0])

    def _add(self, nodes: Sequence[Leaf | Split], at: int) -> tuple[int, int]:
        """The place of a node among its kind, and whether it is a leaf."""
        node = nodes[at]
        if isinstance(node, Leaf):
            self.leaves.append(node.value)
            return len(self.leaves) - 1, 1
        place = len(self.splits)
        self.splits.append(node)
        self.children.append([])
        for child in (node.if_true, node.if_false):
            self.children[place].append(self._add(nodes, child))
        return place, 0

    def sum(self, features: str, output: str, precision: Any) -> NodeProto:  # noqa: ANN401 - a type of numpy's
        """The sum of the trees, of a [rows, features] tensor of that precision."""
        numbers = {
            "nodes_splits": [split.threshold for split in self.splits],
            "leaf_weights": self.leaves,
            # Each list ends with NaN; they come in the order of their nodes.
            "membership_values": [
                value
                for split in self.splits
                if split.mode == BRANCH_MEMBER
                for value in [*split.members, float("nan")]
            ],
        }
        (true, true_leaf), (false, false_leaf) = (
            zip(*(pair[side] for pair in self.children), strict=True) for side in (0, 1)
        )
        return helper.make_node(
            "TreeEnsemble",
            [features],
            [output],
            domain="ai.onnx.ml",
            aggregate_function=SUM,
            n_targets=1,
            tree_roots=self.roots,
            nodes_featureids=[split.feature for split in self.splits],
            nodes_modes=numpy_helper.from_array(np.array([split.mode for split in self.splits], dtype=np.uint8)),
            nodes_truenodeids=true,
            nodes_falsenodeids=false,
            nodes_trueleafs=true_leaf,
            nodes_falseleafs=false_leaf,
            nodes_missing_value_tracks_true=[int(split.missing_is_true) for split in self.splits],
            leaf_targetids=[0] * len(self.leaves),
            **{
                name: numpy_helper.from_array(np.array(values, dtype=precision))
                for name, values in numbers.items()
                if values
            },
        )
