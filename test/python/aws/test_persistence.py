"""What outlives the process, however it ends."""

from __future__ import annotations

import io
import json
import shutil
import signal
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aws.conftest import LocalAws, free_port, wait_until
from aws.fake_sagemaker import FakeSageMaker

HANDLER = """
import boto3, os

def handler(event, context):
    assert os.environ["AWS_ENDPOINT_URL"], "SDKs would call the real AWS"
    boto3.client("ssm").put_parameter(Name="/heard", Value=event["detail"]["word"], Type="String", Overwrite=True)
    return {"ok": True}
"""
NODE_HANDLER = """
exports.handler = async (event) => ({
  version: process.version, endpoint: process.env.AWS_ENDPOINT_URL, said: event.word,
});
"""


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[LocalAws, FakeSageMaker]]:
    fake = FakeSageMaker()
    local = LocalAws(tmp_path / "state", fake.url)
    local.start()
    yield local, fake
    local.end(signal.SIGKILL)
    fake.close()


def kill_and_start(aws: LocalAws) -> None:
    aws.end(signal.SIGKILL)
    aws.start()


def has_saved(aws: LocalAws, text: str) -> None:
    """Waits for the snapshot that is due within a second."""
    snapshot = aws.directory / "snapshot.json"
    wait_until(lambda: snapshot.exists() and text in snapshot.read_text(), f"{text} is saved", seconds=5)


def zipped(name: str, source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, source)
    return buffer.getvalue()


def function(aws: LocalAws, name: str, runtime: str, code: bytes) -> str:
    arn = aws.client("lambda").create_function(
        FunctionName=name,
        Runtime=runtime,
        Role="arn:aws:iam::000000000000:role/lambda",
        Handler="index.handler",
        Code={"ZipFile": code},
        Timeout=30,
    )["FunctionArn"]
    return str(arn)


def say(aws: LocalAws, word: str) -> None:
    event = {"Source": "aws.sagemaker", "DetailType": "test", "Detail": {"word": word}}
    assert aws.post("/_mlops/events", json.dumps([event]).encode())[0] == 200


def heard(aws: LocalAws, word: str) -> bool:
    parameters = aws.client("ssm").get_parameters(Names=["/heard"])["Parameters"]
    return any(parameter["Value"] == word for parameter in parameters)


def test_a_rule_still_fires_its_lambda_after_a_kill(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, _ = alone
    arn = function(aws, "listener", "python3.11", zipped("index.py", HANDLER))
    aws.client("events").put_rule(Name="listen", EventPattern=json.dumps({"source": ["aws.sagemaker"]}))
    aws.client("events").put_targets(Rule="listen", Targets=[{"Id": "1", "Arn": arn}])
    say(aws, "before")
    wait_until(lambda: heard(aws, "before"), "the first event")
    has_saved(aws, "before")
    kill_and_start(aws)
    say(aws, "after")
    wait_until(lambda: heard(aws, "after"), "the event after the kill")


def test_a_node_function_runs_on_this_machines_node(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    aws, _ = alone
    function(aws, "node", "nodejs22.x", zipped("index.js", NODE_HANDLER))
    payload = json.dumps({"word": "hello"})
    answer = json.load(aws.client("lambda").invoke(FunctionName="node", Payload=payload)["Payload"])
    assert answer["version"].startswith("v")
    assert answer["endpoint"] == f"http://127.0.0.1:{aws.port}"
    assert answer["said"] == "hello"


def test_objects_versions_parameters_and_keys_outlive_a_kill(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, _ = alone
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="raw")
    s3.put_bucket_versioning(Bucket="raw", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="raw", Key="a/b.csv", Body=b"1", Metadata={"rows": "1"})
    s3.put_object(Bucket="raw", Key="a/b.csv", Body=b"2")
    key = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    sealed = aws.client("kms").encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    aws.client("ssm").put_parameter(Name="/last", Value="yes", Type="String")
    has_saved(aws, "/last")
    kill_and_start(aws)
    assert aws.client("s3").get_object(Bucket="raw", Key="a/b.csv")["Body"].read() == b"2"
    assert len(aws.client("s3").list_object_versions(Bucket="raw")["Versions"]) == 2
    assert aws.client("kms").decrypt(CiphertextBlob=sealed)["Plaintext"] == b"secret"
    assert aws.client("ssm").get_parameter(Name="/last")["Parameter"]["Value"] == "yes"


def test_it_ends_soon_after_sigterm_and_keeps_everything(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, _ = alone
    before = set(Path(tempfile.gettempdir()).glob("ministack*"))
    function(aws, "slow", "python3.11", zipped("index.py", "import time\ndef handler(e, c): time.sleep(60)"))
    aws.client("lambda").invoke(FunctionName="slow", InvocationType="Event")
    aws.client("ssm").put_parameter(Name="/last", Value="yes", Type="String")
    assert aws.end() < 10
    assert set(Path(tempfile.gettempdir()).glob("ministack*")) == before
    assert not (aws.directory / "tmp").exists()
    aws.start()
    assert aws.client("ssm").get_parameter(Name="/last")["Parameter"]["Value"] == "yes"


def test_a_stack_that_was_being_made_is_rolled_back_and_made_again(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, fake = alone
    template: dict[str, Any] = {
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "kept"}},
            "Parameter": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": "/made", "Type": "String", "Value": "x"},
            },
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "DependsOn": ["Bucket", "Parameter"],
                "Properties": {"EndpointName": "slow", "EndpointConfigName": "c"},
            },
        }
    }
    fake.endpoint_status = "Creating"
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps(template), EnableTerminationProtection=True)
    wait_until(lambda: "slow" in fake.records["Endpoint"], "the endpoint is being made")
    has_saved(aws, "CREATE_IN_PROGRESS")
    time.sleep(1)
    fake.endpoint_status = "InService"
    kill_and_start(aws)
    assert aws.settle("s")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert aws.client("s3").list_buckets()["Buckets"] == []
    aws.client("cloudformation").delete_stack(StackName="s")
    aws.client("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps(template))
    assert aws.settle("s")["StackStatus"] == "CREATE_COMPLETE"


def test_a_stack_that_was_being_updated_can_be_updated_again(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, fake = alone

    def template(config: str) -> str:
        endpoint = {
            "Type": "AWS::SageMaker::Endpoint",
            "DependsOn": "Parameter",
            "Properties": {"EndpointName": "e", "EndpointConfigName": config},
        }
        parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/p", "Type": "String", "Value": config}}
        return json.dumps({"Resources": {"Endpoint": endpoint, "Parameter": parameter}})

    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="s", TemplateBody=template("one"))
    assert aws.settle("s")["StackStatus"] == "CREATE_COMPLETE"
    fake.endpoint_status = "Updating"
    cloudformation.update_stack(StackName="s", TemplateBody=template("two"))
    wait_until(lambda: fake.records["Endpoint"]["e"]["EndpointConfigName"] == "two", "the update has begun")
    has_saved(aws, "UPDATE_IN_PROGRESS")
    fake.endpoint_status = "InService"
    kill_and_start(aws)
    assert aws.settle("s")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert cloudformation.get_template(StackName="s")["TemplateBody"] == json.loads(template("one"))
    cloudformation.update_stack(StackName="s", TemplateBody=template("two"))
    assert aws.settle("s")["StackStatus"] == "UPDATE_COMPLETE"
    assert fake.records["Endpoint"]["e"]["EndpointConfigName"] == "two"
    assert aws.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "two"


def test_the_end_of_an_update_that_was_cut_off_carries_its_token(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, fake = alone

    def template(config: str) -> str:
        properties = {"EndpointName": "e", "EndpointConfigName": config}
        return json.dumps({"Resources": {"Endpoint": {"Type": "AWS::SageMaker::Endpoint", "Properties": properties}}})

    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="s", TemplateBody=template("one"))
    assert aws.settle("s")["StackStatus"] == "CREATE_COMPLETE"
    fake.endpoint_status = "Updating"
    cloudformation.update_stack(StackName="s", TemplateBody=template("two"), ClientRequestToken="release-7")
    kill_and_start(aws)
    assert aws.settle("s")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    newest = cloudformation.describe_stack_events(StackName="s")["StackEvents"][0]
    assert (newest["ResourceStatus"], newest["ClientRequestToken"]) == ("UPDATE_ROLLBACK_COMPLETE", "release-7")


def test_a_queue_still_feeds_its_function_on_another_port(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, _ = alone
    code = HANDLER.replace('event["detail"]["word"]', 'event["Records"][0]["body"]')
    arn = function(aws, "reader", "python3.11", zipped("index.py", code))
    queue = aws.client("sqs").create_queue(QueueName="words")["QueueUrl"]
    source = "arn:aws:sqs:us-east-1:000000000000:words"
    aws.client("lambda").create_event_source_mapping(EventSourceArn=source, FunctionName=arn)
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody="before")
    wait_until(lambda: heard(aws, "before"), "the first message")
    has_saved(aws, "before")
    aws.end(signal.SIGKILL)
    aws.port = free_port()
    aws.url = f"http://localhost:{aws.port}"
    aws.start()
    queue = aws.client("sqs").get_queue_url(QueueName="words")["QueueUrl"]
    assert queue.startswith(f"{aws.url}/")
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody="after")
    wait_until(lambda: heard(aws, "after"), "the message on the other port")


def test_a_snapshot_that_can_not_be_read_is_named(alone: tuple[LocalAws, FakeSageMaker]) -> None:
    aws, _ = alone
    aws.end()
    snapshot = aws.directory / "snapshot.json"
    snapshot.write_text("rubbish")
    with pytest.raises(AssertionError, match=r"snapshot\.json: is not a snapshot"):
        aws.start()
