"""A trained classifier, its preprocessing and its threshold as one ONNX graph."""

import json
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common.errors import WorkloadError
from common.model_directory import TrainedModel
from common.onnx_trees import sum_of_trees
from common.onnx_words import codes_of, encode_words

# Both have been in onnxruntime since 1.20. TreeEnsemble came with ai.onnx.ml 5.
OPSETS = {"": 18, "ai.onnx.ml": 5}
IR_VERSION = 10
# The key that server/model/input-schema.ts reads what an ONNX type can't say of a column from.
COLUMNS_KEY = "columns"
FIX = "let the Python server have it"


def to_onnx(model: TrainedModel) -> onnx.ModelProto:
    """Inputs: a column each, in the model's order. Outputs: `probability` and `label`.

    Raises a WorkloadError for an estimator that this can't say in ONNX: whatever isn't an ordinal encoder and binary
    histogram gradient boosting.
    """
    encoder, words, numbers, boosting = _parts(model.estimator)
    inner = boosting._preprocessor.named_transformers_["encoder"].categories_ if words else []  # noqa: SLF001
    codes = {name: codes_of(encoder.categories_[place], inner[place]) for place, name in enumerate(words)}

    nodes: list[onnx.NodeProto] = []
    features: list[str] = []
    for name in words:
        encode, number = encode_words(name, codes[name])
        nodes += encode
        features.append(number)
    features += numbers
    nodes.append(helper.make_node("Concat", features, ["features"], axis=1))
    nodes.append(sum_of_trees(boosting, [len(categories) for categories in inner], "features", "trees"))
    nodes.append(helper.make_node("Add", ["trees", "baseline"], ["score"]))
    nodes.append(helper.make_node("Sigmoid", ["score"], ["probability"]))
    nodes.append(helper.make_node("GreaterOrEqual", ["probability", "threshold"], ["positive"]))
    nodes.append(helper.make_node("Cast", ["positive"], ["label"], to=TensorProto.INT64))

    types = {"category": TensorProto.STRING, "number": TensorProto.DOUBLE}
    graph = helper.make_graph(
        nodes,
        "classifier",
        [helper.make_tensor_value_info(column.name, types[column.kind], ["rows", 1]) for column in model.columns],
        [
            helper.make_tensor_value_info("probability", TensorProto.DOUBLE, ["rows", 1]),
            helper.make_tensor_value_info("label", TensorProto.INT64, ["rows", 1]),
        ],
        [
            numpy_helper.from_array(np.array([value], dtype=np.float64), name)
            for name, value in (
                ("baseline", float(boosting._baseline_prediction.item())),  # noqa: SLF001
                ("threshold", model.threshold),
            )
        ],
    )
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in OPSETS.items()],
        ir_version=IR_VERSION,
        producer_name="mlops-stack",
    )
    described = [
        {**column.to_json(), "categories": [word for word in codes[column.name] if word] if words else None}
        if column.kind == "category"
        else column.to_json()
        for column in model.columns
    ]
    helper.set_model_props(made, {COLUMNS_KEY: json.dumps(described)})
    onnx.checker.check_model(made)
    return made


def _parts(estimator: Any) -> tuple[Any, list[str], list[str], Any]:  # noqa: ANN401
    """The encoder, the columns of words and of numbers, and the boosting."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

    if not isinstance(estimator, Pipeline):
        raise _no_form(estimator)
    encode, boosting = estimator[0], estimator[-1]
    if len(estimator.steps) != 2 or not isinstance(encode, ColumnTransformer):  # noqa: PLR2004
        raise _no_form(encode)
    if not isinstance(boosting, HistGradientBoostingClassifier) or boosting.n_trees_per_iteration_ != 1:
        raise _no_form(boosting)
    encoder, words, numbers = _columns(encode)
    categories = [] if boosting.is_categorical_ is None else boosting.is_categorical_.tolist()
    if categories != ([True] * len(words) + [False] * len(numbers) if words else []):
        raise WorkloadError("boosting", "must take just the words as categories, got others", FIX)
    return encoder, words, numbers, boosting


def _columns(encode: Any) -> tuple[Any, list[str], list[str]]:  # noqa: ANN401
    """The encoder, the columns that it encodes, and those that pass as they are; words come first."""
    from sklearn.preprocessing import OrdinalEncoder

    encoder: Any = None
    words: list[str] = []
    numbers: list[str] = []
    for name, transformer, columns in encode.transformers_:
        if isinstance(transformer, OrdinalEncoder) and not numbers and not words:
            encoder, words = transformer, list(columns)
        elif _passes(transformer):
            numbers += list(columns)
        elif name != "remainder":
            raise _no_form(transformer)
    if encoder is not None and (encoder.handle_unknown != "use_encoded_value" or not np.isnan(encoder.unknown_value)):
        raise WorkloadError("encoder", f"must give NaN for unknown words, got {encoder.handle_unknown}", FIX)
    return encoder, words, numbers


def _no_form(got: object) -> WorkloadError:
    return WorkloadError("estimator", f"has no exact ONNX form, got {type(got).__name__}", FIX)


def _passes(transformer: Any) -> bool:  # noqa: ANN401
    """Whether it hands its columns on as they are: scikit-learn has replaced the word by a transformer when fitted."""
    from sklearn.preprocessing import FunctionTransformer

    return transformer == "passthrough" or (isinstance(transformer, FunctionTransformer) and transformer.func is None)
