"""Holds the landing zone's wire face against botocore's models of the services.

    python3 -m pip install -r tests/contract/requirements.txt
    cargo run -p landing-zone --example serve -- 4577 5 &
    python3 tests/contract/check.py http://127.0.0.1:4577

Every operation is driven with boto3, every raw response is checked member by
member (see shapes.py), every refusal that a scenario names must come with a
code that the model lists for its operation, and every operation that no
scenario drives must be refused as one that is not there.
"""

import argparse
import copy
import sys
import time
import traceback
from collections import Counter, defaultdict

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

import scenarios
import shapes

# Of an operation that is not there, in JSON and in the query protocol.
UNKNOWN_OPERATION = {"UnknownOperationException", "InvalidAction"}


class Contract:
    """The clients, and what was found out about each operation."""

    def __init__(self, endpoint, pause):
        self.endpoint = endpoint
        self.pause = pause
        self.clients = {}
        self.key, self.secret, self.token = "AKIAIOSFODNN7EXAMPLE", "contract", None
        self.responses = Counter()
        self.refusals = Counter()
        self.faults = defaultdict(list)

    def client(self, service):
        if service not in self.clients:
            # What boto3 would refuse by itself has to reach the landing zone.
            config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
            client = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name="us-east-1",
                aws_access_key_id=self.key,
                aws_secret_access_key=self.secret,
                aws_session_token=self.token,
                config=config,
            )
            client.meta.events.register("before-parse", self.keep)
            self.clients[service] = client
        return self.clients[service]

    def acting_as(self, credentials):
        """The same contract, whose calls a session signs."""
        other = copy.copy(self)
        other.clients, other.key = {}, credentials["AccessKeyId"]
        other.secret, other.token = credentials["SecretAccessKey"], credentials["SessionToken"]
        return other

    def keep(self, response_dict, **_):
        self.raw = response_dict["status_code"], response_dict["body"]

    def send(self, service, operation, parameters):
        """One request: botocore's model of it, the raw response and the parsed one."""
        client = self.client(service)
        model = client.meta.service_model.operation_model(operation)
        method = {name: it for it, name in client.meta.method_to_api_mapping.items()}[operation]
        try:
            parsed = getattr(client, method)(**parameters)
        except ClientError as error:
            parsed = error.response
        except ResponseParserError:
            # shapes.py says of the raw response what is wrong with it.
            parsed = {}
        return model, *self.raw, parsed

    def call(self, service, operation, **parameters):
        """An operation that is to succeed; answers what boto3 makes of it."""
        return self.judge(self.send(service, operation, parameters), (service, operation), parameters, None)

    def refused(self, service, operation, code, **parameters):
        """An operation that is to be refused with a code that its model lists."""
        sent = self.send(service, operation, parameters)
        if sent[1] < 300:
            self.faults[service, operation].append(f"{parameters} was not refused with {code}")
        self.judge(sent, (service, operation), parameters, code)

    def call_or_refused(self, service, operation, code, **parameters):
        """An operation that may be refused with one code; answers nothing then."""
        sent = self.send(service, operation, parameters)
        answer = self.judge(sent, (service, operation), parameters, code)
        return answer if sent[1] < 300 else None

    def judge(self, sent, key, parameters, code):
        """Checks a raw response; a refusal has to have that code."""
        model, status, body, parsed = sent
        if status < 300:
            self.responses[key] += 1
            self.faults[key] += shapes.response_faults(model, status, body)
            return parsed
        self.refusals[key] += 1
        faults, told = shapes.error_faults(model, status, body)
        if told != code:
            faults.append(f"{parameters} was refused, and not with {code}: {body.decode()}")
        elif code not in shapes.listed_codes(model):
            faults.append(f"{code} is not listed for the operation")
        self.faults[key] += faults
        return parsed

    def until(self, done, service, operation, **parameters):
        """Repeats an operation until `done` says so of its answer."""
        for _ in range(5000):
            answer = self.call(service, operation, **parameters)
            if done(answer):
                return answer
            time.sleep(self.pause)
        self.faults[service, operation].append(f"{parameters} never came to an end")
        return answer

    def expect(self, service, operation, truth, what):
        """Something that the model does not say and AWS does."""
        if not truth:
            self.faults[service, operation].append(f"not true: {what}")

    def member(self, service, operation, **parameters):
        """A member that the operation does not have is refused and named."""
        client = self.client(service)

        def add(params, **_):
            params["body"] = params["body"].rstrip(b"}") + (b"," if len(params["body"]) > 2 else b"")
            params["body"] += b'"Nonsense":1}'

        event = f"before-call.{client.meta.service_model.service_id.hyphenize()}.{operation}"
        client.meta.events.register_first(event, add)
        _, status, body, _ = self.send(service, operation, parameters)
        client.meta.events.unregister(event, add)
        self.refusals[service, operation] += 1
        named = status == 400 and b"Nonsense" in body
        self.expect(service, operation, named, f"an unknown member is refused and named: {body.decode()}")

    def everything_else(self, service):
        """What no scenario drove must be refused as an operation that is not there."""
        client = self.client(service)
        for operation in client.meta.service_model.operation_names:
            # Without a signature nobody can tell which service is meant.
            signed = client.meta.service_model.operation_model(operation).auth_type != "none"
            if signed and not self.responses[service, operation]:
                model, status, body, _ = self.send(service, operation, in_path(client, operation))
                _, code = shapes.error_faults(model, status, body)
                if code not in UNKNOWN_OPERATION:
                    self.faults[service, operation].append(f"answered, and no scenario drives it: {body.decode()}")

    def play(self, scenario):
        """One scenario; what stops it is a fault, and the others go on."""
        try:
            scenario(self)
        except (KeyError, IndexError, TypeError, StopIteration) as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.faults[scenario.__name__, "scenario"].append(f"stopped in line {place.lineno}: {error!r}")

    def report(self):
        """One line for each operation, and how many are as they should be."""
        failed = 0
        for key in sorted({*self.responses, *self.refusals, *self.faults}):
            faults = list(dict.fromkeys(self.faults[key]))
            failed += bool(faults)
            mark = "FAILED" if faults else "ok"
            counts = f"{self.responses[key]} responses, {self.refusals[key]} refusals"
            print(f"{mark:6} {key[0]}:{key[1]} ({counts})", *faults, sep="\n       ")
        operations = len({*self.responses, *self.refusals, *self.faults})
        print(f"{operations - failed} passed, {failed} failed")
        return failed


def in_path(client, operation):
    """Something for each member that REST has in the path: without it no request can be made."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    members = shape.members if shape else {}
    return {name: "x" for name, it in members.items() if it.serialization.get("location") == "uri"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("endpoint", help="all services are here, for example http://127.0.0.1:4577")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two looks at something under way")
    arguments = parser.parse_args()
    contract = Contract(arguments.endpoint, arguments.pause)
    for scenario in scenarios.ALL:
        contract.play(scenario)
    for service in list(contract.clients):
        contract.everything_else(service)
    return 1 if contract.report() else 0


if __name__ == "__main__":
    sys.exit(main())
