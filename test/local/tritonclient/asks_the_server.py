"""Asks a model server by NVIDIA's client, as any user's script would; prints what it answered as JSON.

python asks_the_server.py PORT
"""

import json
import sys

import numpy as np
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException


def main(port: str) -> None:
    """Two rows of the test model, then one that it can't take."""
    client = triton.InferenceServerClient(f"127.0.0.1:{port}")
    metadata = client.get_model_metadata("model")
    answer = client.infer("model", _inputs([2.0, 0.0]), request_id="mine")
    try:
        client.infer("model", _inputs([2.0, 24.0]))
        refused = ["OK", ""]
    except InferenceServerException as error:
        refused = [error.status(), error.message()]
    json.dump(
        {
            "live": client.is_server_live(),
            "ready": client.is_server_ready() and client.is_model_ready("model", metadata.versions[0]),
            "server": client.get_server_metadata().name,
            "inputs": [[tensor.name, tensor.datatype, list(tensor.shape)] for tensor in metadata.inputs],
            "id": answer.get_response().id,
            "probability": answer.as_numpy("probability").tolist(),
            "label": answer.as_numpy("label").tolist(),
            "refused": refused,
        },
        sys.stdout,
    )


def _inputs(hours: list[float]) -> list[triton.InferInput]:
    columns = {
        "carrier": ("BYTES", np.array([b"AA", b"UA"], dtype=object)[:, None]),
        "hour": ("FP64", np.array(hours)[:, None]),
        "temp": ("FP64", np.array([np.nan, 1.0])[:, None]),
    }
    inputs = []
    for name, (datatype, cells) in columns.items():
        tensor = triton.InferInput(name, cells.shape, datatype)
        tensor.set_data_from_numpy(cells)
        inputs.append(tensor)
    return inputs


if __name__ == "__main__":
    main(sys.argv[1])
