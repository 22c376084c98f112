"""What the launcher is told, and how ministack is told it: by environment variables, before it is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"
HOST = "127.0.0.1"
MIN_SPEED, MAX_SPEED = 1, 120


@dataclass(frozen=True)
class Settings:
    port: int
    state_directory: Path
    sagemaker_url: str
    """Where our SageMaker and Application Auto Scaling answer, without a slash at the end."""
    speed: float = 1.0
    """How many times shorter than configured the periods of alarms are."""
    region: str = DEFAULT_REGION
    """Where everything is that nobody asked for from a region: alarms are judged there, and events of services come."""

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def public_url(self) -> str:
        """As ministack writes it into the URLs of queues and the like."""
        return f"http://localhost:{self.port}"

    @property
    def snapshot(self) -> Path:
        return self.state_directory / "snapshot.json"

    @property
    def objects(self) -> Path:
        """Bodies of S3 objects."""
        return self.state_directory / "s3"

    @property
    def temporary(self) -> Path:
        """Unpacked Lambda code and the like: of no use after the process has ended."""
        return self.state_directory / "tmp"

    def environment(self) -> dict[str, str]:
        return {
            "ACCOUNT_ID": ACCOUNT,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            # Lambda functions inherit it. An address, because SDKs then put the bucket into the path by themselves.
            "AWS_ENDPOINT_URL": self.url,
            "BIND_HOST": HOST,
            "DOCKER_HOST": "unix:///nonexistent",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            # Functions that look at metrics inherit it: periods are as many times shorter.
            "MLOPS_CLOCK_SPEED": f"{self.speed:g}",
            "MINISTACK_REGION": self.region,
            "PERSIST_STATE": "1",
            "S3_DATA_DIR": str(self.objects),
            "S3_PERSIST": "1",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(self.state_directory),
            "TMPDIR": str(self.temporary),
        }
