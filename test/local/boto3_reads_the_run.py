"""Reads the newest run through boto3, as any user's script would; prints what it found as JSON."""

import json
import sys

import boto3

NAME = "local-flight-delay"


def main(endpoint: str) -> None:
    """Prints statuses of steps, approval and number of predictions."""
    settings = {
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    sagemaker = boto3.client("sagemaker", **settings)
    runtime = boto3.client("sagemaker-runtime", **settings)

    executions = sagemaker.list_pipeline_executions(PipelineName=NAME, SortOrder="Descending")
    arn = executions["PipelineExecutionSummaries"][0]["PipelineExecutionArn"]
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    register = next(step for step in steps if step["StepName"] == "Register")
    package = sagemaker.describe_model_package(ModelPackageName=register["Metadata"]["RegisterModel"]["Arn"])

    prepare = next(step for step in steps if step["StepName"] == "Prepare")
    job = sagemaker.describe_processing_job(
        ProcessingJobName=prepare["Metadata"]["ProcessingJob"]["Arn"].rsplit("/", 1)[1]
    )
    outputs = {output["OutputName"]: output for output in job["ProcessingOutputConfig"]["Outputs"]}
    bucket, key = outputs["profile"]["S3Output"]["S3Uri"].removeprefix("s3://").split("/", 1)
    body = boto3.client("s3", **settings).get_object(Bucket=bucket, Key=f"{key.rstrip('/')}/sample.json")["Body"]
    answer = runtime.invoke_endpoint(
        EndpointName=NAME,
        ContentType="application/json",
        Body=json.dumps({"instances": json.load(body)["instances"][:2]}),
    )
    print(
        json.dumps(
            {
                "steps": {step["StepName"]: step["StepStatus"] for step in steps},
                "approval": package["ModelApprovalStatus"],
                "predictions": len(json.load(answer["Body"])["predictions"]),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
