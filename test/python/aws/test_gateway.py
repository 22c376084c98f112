"""The one door: what is passed on, what is refused, and who hears of events."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws.conftest import LAUNCHER, LocalAws, free_port, wait_until
from aws.fake_sagemaker import FakeSageMaker
from emulator.gateway import is_transient


def subscribe(aws: LocalAws, name: str, pattern: dict[str, Any]) -> str:
    """Returns the URL of a queue that gets the events."""
    queue = aws.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    events = aws.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:{aws.region}:000000000000:{name}"}])
    return str(queue)


def receive(aws: LocalAws, queue: str) -> list[dict[str, Any]]:
    messages = aws.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


def test_sagemaker_hears_the_request_word_for_word(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    aws.client("sagemaker").create_model_package_group(ModelPackageGroupName="verbatim")
    method, path, headers, body = sagemaker.requests[-1]
    assert (method, path, json.loads(body)) == ("POST", "/", {"ModelPackageGroupName": "verbatim"})
    assert headers["host"] == f"localhost:{aws.port}"
    assert "/sagemaker/aws4_request" in headers["authorization"]


def test_an_error_of_sagemaker_comes_back_as_it_is(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*Could not find Model nobody"):
        aws.client("sagemaker").describe_model(ModelName="nobody")


def test_invocations_are_passed_on_in_both_directions(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    runtime = aws.client("sagemaker-runtime")
    answer = runtime.invoke_endpoint(EndpointName="e", ContentType="text/csv", Body=b"1,2\n3,4", TargetVariant="v")
    assert answer["Body"].read() == b"0.1\n0.2\n"
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    _, path, headers, body = sagemaker.requests[-1]
    assert (path, body) == ("/endpoints/e/invocations", b"1,2\n3,4")
    assert headers["x-amzn-sagemaker-target-variant"] == "v"


def test_an_unsigned_invocation_is_passed_on_too(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    with socket.create_connection(("127.0.0.1", aws.port)) as connection:
        connection.sendall(
            b"POST /endpoints/e/invocations?x=%2F HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
            b"Connection: close\r\n\r\n5"
        )
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b" 200 " in answer.split(b"\r\n")[0]
    assert sagemaker.requests[-1][1] == "/endpoints/e/invocations?x=%2F"


def test_scaling_goes_where_sagemaker_goes(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    aws.client("application-autoscaling").register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/e/variant/v",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=2,
    )
    assert sagemaker.targets["endpoint/e/variant/v"]["MaxCapacity"] == 2


def test_a_sagemaker_that_is_down_is_an_error_with_a_code(tmp_path: Path) -> None:
    alone = LocalAws(tmp_path / "state", f"http://127.0.0.1:{free_port()}")
    alone.start()
    try:
        with pytest.raises(ClientError, match=r"ServiceUnavailable.*no answer at .*; run npx mlops local up"):
            alone.client("sagemaker").list_models()
        with pytest.raises(ClientError, match="ServiceUnavailable"):
            alone.client("sagemaker-runtime").invoke_endpoint(EndpointName="e", Body=b"")
        assert alone.client("s3").list_buckets()["Buckets"] == []
    finally:
        alone.end()


def test_events_reach_rules_as_if_the_service_had_sent_them(aws: LocalAws) -> None:
    queue = subscribe(aws, "approvals", {"source": ["aws.sagemaker"], "detail": {"ModelApprovalStatus": ["Approved"]}})
    event = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Model Package State Change",
        "Detail": {"ModelApprovalStatus": "Approved"},
        "Resources": ["arn:package"],
    }
    status, answer = aws.post("/_mlops/events", json.dumps([event] * 12).encode())
    assert (status, len(set(answer["EventIds"]))) == (200, 12)
    (first, *_) = wait_until(lambda: receive(aws, queue), "the event")
    assert first["source"] == "aws.sagemaker"
    assert first["detail-type"] == "SageMaker Model Package State Change"
    assert first["detail"] == {"ModelApprovalStatus": "Approved"}
    assert (first["account"], first["region"], first["resources"]) == ("000000000000", "us-east-1", ["arn:package"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "/_mlops/events: must be JSON"),
        (b"{}", "/_mlops/events: must be a list, got dict"),
        (b"[1]", "/_mlops/events[0]: must be an object, got int"),
        (b'[{"Source": "a", "DetailType": "b", "Detail": "c"}]', "/_mlops/events[0].Detail: must be dict, got 'c'"),
        (b'[{"DetailType": "b", "Detail": {}}]', "/_mlops/events[0].Source: must be str, got None"),
    ],
)
def test_an_event_that_is_wrong_is_refused(aws: LocalAws, body: bytes, message: str) -> None:
    status, answer = aws.post("/_mlops/events", body)
    assert status == 400
    assert answer["message"].startswith(message)


def test_every_status_of_a_stack_is_an_event(aws: LocalAws) -> None:
    queue = subscribe(aws, "statuses", {"source": ["aws.cloudformation"]})
    cloudformation = aws.client("cloudformation")
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
    stack_id = cloudformation.create_stack(StackName="watched", TemplateBody=json.dumps(template))["StackId"]
    received: list[dict[str, Any]] = []

    def both() -> bool:
        received.extend(receive(aws, queue))
        return len(received) >= 2

    wait_until(both, "two events")
    assert all(event["detail-type"] == "CloudFormation Stack Status Change" for event in received)
    assert all(event["detail"]["stack-id"] == stack_id for event in received)
    statuses = {event["detail"]["status-details"]["status"] for event in received}
    assert statuses == {"CREATE_IN_PROGRESS", "CREATE_COMPLETE"}


def test_a_route_of_ours_that_is_not_there_says_so(aws: LocalAws) -> None:
    assert aws.post("/_mlops/nothing", b"")[0] == 404


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, str(LAUNCHER), "--port", str(port), "--state-dir", str(tmp_path)]
        result = subprocess.run(
            [*command, "--sagemaker-url", "http://127.0.0.1:1"], capture_output=True, text=True, check=False
        )
    assert result.returncode == 2
    assert result.stderr.startswith(f"--port: must be free, got {port} ")


def test_nobody_else_on_the_network_is_let_in(aws: LocalAws) -> None:
    assert aws.process is not None
    listening = Path(f"/proc/{aws.process.pid}/net/tcp")
    if not listening.exists():
        pytest.skip("needs /proc")
    addresses = {
        line.split()[1]
        for line in listening.read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{aws.port:04X}")
    }
    assert addresses == {f"0100007F:{aws.port:04X}"}
    assert os.environ.get("BIND_HOST") is None


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("/service/GraniteServiceVersion20100801/operation/PutMetricData", b"", True),
        ("/service/GraniteServiceVersion20100801/operation/DescribeAlarms", b"", True),
        ("/", b"GraniteServiceVersion20100801.GetMetricData", True),
        ("/", b"GraniteServiceVersion20100801.PutMetricAlarm", False),
        ("/", b"GraniteServiceVersion20100801.SetAlarmState", False),
        ("/", b"AmazonSSM.DescribeParameters", False),
        ("/PutMetricData", b"", False),
    ],
)
def test_metrics_are_no_change_that_has_to_be_kept(path: str, target: bytes, expected: bool) -> None:
    assert is_transient({"path": path, "headers": [(b"X-Amz-Target", target)]}) is expected
