"""The definitions of pipelines as a deployment would hand them to SageMaker."""

import json
import re
from pathlib import Path
from typing import Any

Json = dict[str, Any]

ACCOUNT = "111122223333"
# What a resource's Ref or attribute may be once it is deployed.
SAMPLES = {
    ("AWS::EC2::SecurityGroup", "GroupId"): "sg-0123456789abcdef0",
    ("AWS::EC2::Subnet", "Ref"): "subnet-0123456789abcdef0",
    ("AWS::IAM::Role", "Arn"): f"arn:aws:iam::{ACCOUNT}:role/sample",
    ("AWS::KMS::Key", "Arn"): f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef",
    ("AWS::S3::Bucket", "Ref"): "sample-bucket",
}
PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::URLSuffix": "amazonaws.com",
}


class Templates:
    """All templates of an assembly, whose stacks read each other's outputs."""

    def __init__(self, assembly: Path) -> None:
        self.by_stack: dict[str, Json] = {}
        for manifest in sorted(assembly.glob("assembly-*/manifest.json")):
            for artifact in json.loads(manifest.read_text())["artifacts"].values():
                if artifact["type"] == "aws:cloudformation:stack":
                    properties = artifact["properties"]
                    template = (manifest.parent / properties["templateFile"]).read_text()
                    self.by_stack[properties["stackName"]] = json.loads(template)

    def pipelines(self) -> dict[str, Json]:
        """Definitions by the name of their stack."""
        return {
            stack: json.loads(self.text(resource["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"], stack))
            for stack, template in self.by_stack.items()
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::SageMaker::Pipeline"
        }

    def text(self, value: str | Json, stack: str) -> str:
        """What CloudFormation makes of a value with its functions."""
        if isinstance(value, str):
            return value
        [(function, given)] = value.items()
        if function == "Fn::Join":
            separator, parts = given
            return str(separator).join(self.text(part, stack) for part in parts)
        if function == "Fn::Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda name: self.text({"Ref": name[1]}, stack), given)
        if function == "Fn::GetStackOutput":
            other = given["StackName"]
            return self.text(self.by_stack[other]["Outputs"][given["OutputName"]]["Value"], other)
        if function == "Ref":
            return PSEUDO_PARAMETERS.get(given) or SAMPLES[self.type_of(given, stack), "Ref"]
        if function == "Fn::GetAtt":
            name, attribute = given
            return SAMPLES[self.type_of(name, stack), attribute]
        raise NotImplementedError(f"{stack}: no sample of {json.dumps(value)}")

    def type_of(self, logical_id: str, stack: str) -> str:
        """Type of a resource."""
        return str(self.by_stack[stack]["Resources"][logical_id]["Type"])
