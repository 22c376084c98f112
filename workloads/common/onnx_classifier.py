"""A trained classifier, its preprocessing and its threshold as one ONNX graph."""

import json
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from common.errors import WorkloadError
from common.model_directory import TrainedModel
from common.onnx_network import network_part
from common.onnx_part import FIX, Part, no_form
from common.onnx_trees import boosting_part
from common.onnx_words import encode_words
from common.onnx_xgboost import xgboost_part
from common.tabular_network import TabularNetwork

# Both have been in onnxruntime since 1.20. TreeEnsemble came with ai.onnx.ml 5.
OPSETS = {"": 18, "ai.onnx.ml": 5}
IR_VERSION = 10
# The key that server/model/input-schema.ts reads what an ONNX type can't say of a column from.
COLUMNS_KEY = "columns"


def to_onnx(model: TrainedModel) -> onnx.ModelProto:
    """Inputs: a column each, in the model's order. Outputs: `probability` and `label`.

    Raises a WorkloadError for an estimator that this can't say in ONNX: whatever isn't an ordinal encoder and binary
    boosting behind it, by scikit-learn's histograms or by XGBoost, or a TabularNetwork.
    """
    words, numbers, part = _parts(model.estimator)
    codes = dict(zip(words, part.codes, strict=True))
    nodes: list[onnx.NodeProto] = []
    features: list[str] = []
    for name in words:
        encode, number = encode_words(name, codes[name], part.unknown)
        nodes += encode
        features.append(number)
    nodes.append(helper.make_node("Concat", [*features, *numbers], ["features"], axis=1))
    nodes += part.nodes
    nodes.append(helper.make_node("GreaterOrEqual", ["probability", "threshold"], ["positive"]))
    nodes.append(helper.make_node("Cast", ["positive"], ["label"], to=TensorProto.INT64))

    types = {"category": TensorProto.STRING, "number": TensorProto.DOUBLE}
    constants = {**part.constants, "threshold": np.array([model.threshold], dtype=np.float64)}
    graph = helper.make_graph(
        nodes,
        "classifier",
        [helper.make_tensor_value_info(column.name, types[column.kind], ["rows", 1]) for column in model.columns],
        [
            helper.make_tensor_value_info("probability", TensorProto.DOUBLE, ["rows", 1]),
            helper.make_tensor_value_info("label", TensorProto.INT64, ["rows", 1]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
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


def _parts(estimator: Any) -> tuple[list[str], list[str], Part]:  # noqa: ANN401
    """The columns of words and of numbers, and what is made of them."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

    if isinstance(estimator, TabularNetwork):
        return list(estimator.encoding.words), estimator.encoding.numbers, network_part(estimator)
    if not isinstance(estimator, Pipeline):
        raise no_form(estimator)
    encode, classifier = estimator[0], estimator[-1]
    if len(estimator.steps) != 2 or not isinstance(encode, ColumnTransformer):  # noqa: PLR2004
        raise no_form(encode)
    is_boosting = isinstance(classifier, HistGradientBoostingClassifier)
    # By its name: an image without XGBoost can't have such a model.
    if not is_boosting and _full_name(classifier) != "xgboost.sklearn.XGBClassifier":
        raise no_form(classifier)
    encoder, words, numbers = _columns(encode)
    categories = [encoder.categories_[place] for place in range(len(words))]
    part = (boosting_part if is_boosting else xgboost_part)(classifier, categories, len(numbers))
    return words, numbers, part


def _full_name(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


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
            raise no_form(transformer)
    if encoder is not None and (encoder.handle_unknown != "use_encoded_value" or not np.isnan(encoder.unknown_value)):
        raise WorkloadError("encoder", f"must give NaN for unknown words, got {encoder.handle_unknown}", FIX)
    return encoder, words, numbers


def _passes(transformer: Any) -> bool:  # noqa: ANN401
    """Whether it hands its columns on as they are: scikit-learn has replaced the word by a transformer when fitted."""
    from sklearn.preprocessing import FunctionTransformer

    return transformer == "passthrough" or (isinstance(transformer, FunctionTransformer) and transformer.func is None)
