"""MLServer over onnxruntime: a custom runtime, as MLServer has none for ONNX."""

from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput
from onnx_session import OnnxSession


class OnnxRuntime(MLModel):
    """A tensor of `[rows, 1]` a column in, probabilities and labels out."""

    async def load(self) -> bool:
        """Once, in the server's own process."""
        self._onnx = OnnxSession()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Without MLServer's codecs, which take longer."""
        predictions = self._onnx.predict({tensor.name: list(tensor.data) for tensor in payload.inputs})
        outputs = [
            ResponseOutput(
                name=name, datatype=datatype, shape=[len(predictions), 1], data=[each[name] for each in predictions]
            )
            for name, datatype in (("probability", "FP64"), ("label", "INT64"))
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)
