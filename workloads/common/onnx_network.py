"""A TabularNetwork as a part of an ONNX graph, in single precision as PyTorch has it."""

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import NodeProto, TensorProto, helper

from common.onnx_part import Part
from common.tabular_network import UNKNOWN

if TYPE_CHECKING:
    import numpy.typing as npt

    from common.tabular_network import TabularNetwork


def network_part(network: "TabularNetwork") -> Part:
    """Embeddings by the codes, values scaled and their gaps told apart, then the layers."""
    encoding = network.encoding
    words = len(encoding.words)
    constants: dict[str, npt.NDArray[Any]] = {
        "first number": np.array([words], dtype=np.int64),
        "last number": np.array([words + len(encoding.numbers)], dtype=np.int64),
        "columns": np.array([1], dtype=np.int64),
        "means": encoding.means,
        "scales": encoding.scales,
    }
    nodes: list[NodeProto] = []
    parts: list[str] = []
    for place, (name, table) in enumerate(zip(encoding.words, network.embeddings, strict=True)):
        constants |= {f"{name} place": np.array(place, dtype=np.int64), f"{name} embeddings": table}
        nodes += [
            helper.make_node("Gather", ["features", f"{name} place"], [f"{name} float code"], axis=1),
            helper.make_node("Cast", [f"{name} float code"], [f"{name} whole code"], to=TensorProto.INT64),
            helper.make_node("Gather", [f"{name} embeddings", f"{name} whole code"], [f"{name} embedding"], axis=0),
        ]
        parts.append(f"{name} embedding")
    nodes += [
        helper.make_node("Slice", ["features", "first number", "last number", "columns"], ["numbers"]),
        helper.make_node("IsNaN", ["numbers"], ["gaps"]),
        helper.make_node("Where", ["gaps", "means", "numbers"], ["filled"]),
        helper.make_node("Sub", ["filled", "means"], ["centred"]),
        helper.make_node("Div", ["centred", "scales"], ["scaled"]),
        helper.make_node("Cast", ["scaled"], ["values"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["gaps"], ["gap values"], to=TensorProto.FLOAT),
        helper.make_node("Concat", [*parts, "values", "gap values"], ["layer 0"], axis=1),
    ]
    for place, layer in enumerate(network.layers):
        source = f"layer {place}"
        if place:
            nodes.append(helper.make_node("Relu", [source], [f"{source} positive"]))
            source = f"{source} positive"
        constants |= {f"weights {place}": layer.weights, f"biases {place}": layer.biases}
        names = [source, f"weights {place}", f"biases {place}"]
        nodes.append(helper.make_node("Gemm", names, [f"layer {place + 1}"], transB=1))
    nodes += [
        helper.make_node("Sigmoid", [f"layer {len(network.layers)}"], ["single probability"]),
        helper.make_node("Cast", ["single probability"], ["probability"], to=TensorProto.DOUBLE),
    ]
    codes = [{word: float(place) for place, word in enumerate(known, 1)} for known in encoding.words.values()]
    return Part(codes, nodes, constants, unknown=float(UNKNOWN))
