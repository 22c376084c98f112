"""BentoML over onnxruntime."""

from typing import Any

import bentoml
from onnx_session import OnnxSession


@bentoml.service(workers=1, logging={"access": {"enabled": False}})
class Bento:
    """One process that answers."""

    def __init__(self) -> None:
        self._onnx = OnnxSession()

    @bentoml.api(route="/invocations")
    async def invocations(self, instances: list[dict[str, Any]]) -> dict[str, Any]:
        """In the event loop, as in the peer with FastAPI."""
        return {"predictions": self._onnx.predict_rows(instances)}
