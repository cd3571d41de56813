"""The stack, deployed and removed as infra/README.md says."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import worlds

LISTS = "vend-lists"
FUNCTIONS = ("intake", "provision", "handover")


def folder(root, binaries, scratch):
    """A folder as a checkout looks after the build, its infra/ byte for byte. The binaries
    are those of this machine instead of arm64's."""
    (scratch / "infra").mkdir(parents=True)
    for name in ("template.yaml", "deploy"):
        shutil.copy(root / "infra" / name, scratch / "infra" / name)
    for name in FUNCTIONS:
        zipped = scratch / "target/lambda" / name / "bootstrap.zip"
        zipped.parent.mkdir(parents=True)
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as it:
            it.write(binaries / name, "bootstrap")
    return scratch


class Stack:
    """One stack in one ministack."""

    def __init__(self, directory, ministack):
        self.directory, self.url = directory, ministack.url
        self.client = worlds.client("cloudformation", self.url)

    def run(self, *command):
        """A command of infra/README.md; `aws` is the AWS CLI beside this Python."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "AWS_ENDPOINT_URL": self.url}
        ended = subprocess.run(
            command, cwd=self.directory, env=environment, capture_output=True, text=True, timeout=180
        )
        if ended.returncode:
            told = f"`{' '.join(command)}` ended with {ended.returncode}:\n{ended.stderr}"
            raise AssertionError(told + self.failures())
        return ended.stdout

    def deploy(self, parameters):
        return self.run(
            "infra/deploy", worlds.STACK, *(f"{name}={value}" for name, value in parameters.items())
        )

    def delete(self):
        self.run("aws", "cloudformation", "delete-stack", "--stack-name", worlds.STACK)
        self.run(
            "aws", "cloudformation", "wait", "stack-delete-complete", "--stack-name", worlds.STACK
        )

    def failures(self):
        """What went wrong, as CloudFormation tells it."""
        try:
            events = self.client.describe_stack_events(StackName=worlds.STACK)["StackEvents"]
        except self.client.exceptions.ClientError as error:
            return str(error)
        failed = [it for it in events if "FAILED" in it["ResourceStatus"]]
        return "".join(
            f"\n  {it['LogicalResourceId']}: {it.get('ResourceStatusReason')}" for it in failed
        )

    def resource(self, logical_id):
        described = self.client.describe_stack_resource(
            StackName=worlds.STACK, LogicalResourceId=logical_id
        )
        return described["StackResourceDetail"]["PhysicalResourceId"]

    def resources(self):
        pages = self.client.get_paginator("list_stack_resources").paginate(StackName=worlds.STACK)
        return [it for page in pages for it in page["StackResourceSummaries"]]
