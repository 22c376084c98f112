"""Where SageMaker's container contract puts things.

See https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
and https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ContainerPaths:
    """Everything below `/opt/ml`, or below the folder that stands for it."""

    base: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "ContainerPaths":
        """Reads SAGEMAKER_BASE_DIR, which stands for `/opt/ml` when set."""
        return cls(Path(environment.get("SAGEMAKER_BASE_DIR") or "/opt/ml"))

    @property
    def hyperparameters(self) -> Path:
        """Names and values of a training job, all of them strings."""
        return self.base / "input" / "config" / "hyperparameters.json"

    def channel(self, name: str) -> Path:
        """Folder with the data of a training job's channel."""
        return self.base / "input" / "data" / name

    @property
    def model(self) -> Path:
        """Folder that becomes model.tar.gz after training, and that it is unpacked to before serving."""
        return self.base / "model"

    def processing_input(self, name: str) -> Path:
        """Folder with a processing job's input."""
        return self.base / "processing" / "input" / name

    def processing_output(self, name: str) -> Path:
        """Folder that is uploaded when a processing job ends."""
        return self.base / "processing" / "output" / name

    @property
    def failure(self) -> Path:
        """Its first 1024 characters become a training job's FailureReason."""
        return self.base / "output" / "failure"

    @property
    def message(self) -> Path:
        """Its first kilobyte becomes a processing job's ExitMessage."""
        return self.base / "output" / "message"
