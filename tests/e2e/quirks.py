"""Everything that the emulators do otherwise than AWS, and what is done about it.

Nothing of Vend knows of any of it: not the functions, not the template. Where a quirk is in
the emulator's process, this file starts the emulator with the repair in place
(`python quirks.py ministack`, `python quirks.py moto`); where it is on the way to it, the
driver calls a function from here.
"""

import json
import os
import secrets
import sys
import threading
from pathlib import Path

# The tag that carries an account's id into moto, see `adopt_ids`.
ID_TAG = "e2e:account-id"


# --- in ministack's process ---------------------------------------------------------------


def let_control_tower_speak(eventbridge):
    """PutEvents refuses the sources of AWS itself, as AWS does; the landing zone's lifecycle
    events have to enter through it all the same, since nothing of ministack emits them."""
    put_events = eventbridge._put_events

    def put(data, allow_aws_source=False):
        sources = {entry.get("Source") for entry in data.get("Entries", [])}
        return put_events(data, allow_aws_source or sources == {"aws.controltower"})

    eventbridge._put_events = put


def name_versions(eventbridge, s3):
    """S3's events leave out the version of the object, which AWS names for a bucket that
    keeps versions. (ministack's own notifications have it.)"""
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event
    fired = threading.local()

    def fire_with_version(*args, **kwargs):
        fired.version = kwargs.get("version_id")
        return fire(*args, **kwargs)

    def dispatch_with_version(event, view=None):
        if event.get("Source") == "aws.s3" and fired.version:
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = fired.version
            event = {**event, "Detail": json.dumps(detail)}
        return dispatch(event, view)

    s3._fire_s3_event = fire_with_version
    eventbridge._dispatch_event = dispatch_with_version


def take_loopback_for_tls(app):
    """Nothing here has a certificate: policies that demand TLS, as the bucket's and the topic's
    do, are judged as though every call came over it."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda address, _over_tls: pin(address, True)


def ministack():
    """Starts ministack; the port is in GATEWAY_PORT."""
    from ministack import app
    from ministack.services import eventbridge, s3

    let_control_tower_speak(eventbridge)
    name_versions(eventbridge, s3)
    take_loopback_for_tls(app)
    sys.argv = ["ministack"]
    app.main()


# --- in moto's process --------------------------------------------------------------------


def adopt_ids(organizations):
    """CreateAccount makes up an id. An account that Account Factory makes is in the
    organization under its one id; so one may be asked for, by a tag."""
    initialize = organizations.FakeAccount.__init__

    def with_id(self, organization, **kwargs):
        tags = {tag["Key"]: tag["Value"] for tag in kwargs.get("Tags") or []}
        wanted = tags.pop(ID_TAG, None)
        kwargs["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        initialize(self, organization, **kwargs)
        self.id = wanted or self.id

    organizations.FakeAccount.__init__ = with_id


def name_permission_sets(ssoadmin):
    """The ARN of a permission set is `arn:aws:sso:::permissionSet/ssoins-…/ps-…` on AWS;
    moto makes it of the instance's."""
    generate = ssoadmin.PermissionSet.generate_id

    def as_aws_does(instance_arn):
        return generate(instance_arn).replace(":::instance/", ":::permissionSet/")

    ssoadmin.PermissionSet.generate_id = staticmethod(as_aws_does)


def name_stores(ssoadmin):
    """The id of an identity store is `d-` and ten hexadecimal digits, as the template's pattern
    has it; moto takes letters from the whole alphabet."""
    initialize = ssoadmin.Instance.__init__

    def with_hexadecimal_id(self, *args, **kwargs):
        initialize(self, *args, **kwargs)
        self.identity_store_id = f"d-{secrets.token_hex(5)}"

    ssoadmin.Instance.__init__ = with_hexadecimal_id


def moto():
    """Starts moto's server; the port is in MOTO_PORT."""
    from moto import server
    from moto.organizations import models as organizations
    from moto.ssoadmin import models as ssoadmin

    adopt_ids(organizations)
    name_permission_sets(ssoadmin)
    name_stores(ssoadmin)
    server.main(["-H", "127.0.0.1", "-p", os.environ["MOTO_PORT"]])


# --- on the way to them -------------------------------------------------------------------


def role_arn(account, stack, logical_id):
    """The ARN of a role that the stack is going to make. The landing zone has one caller and
    is told of it at its start, before there is a stack; AWS sees who calls. ministack's names
    are a function of the stack's and the role's."""
    from ministack.services.cloudformation import provisioners

    name = provisioners._physical_name(stack, logical_id, max_len=64)
    return f"arn:aws:iam::{account}:role/{name}"


def create_permission_set(admin, instance, name):
    """Where no duration is given, moto answers with the number 3600 for ever after; AWS, as the
    service's model has it, with a text such as PT1H."""
    admin.create_permission_set(InstanceArn=instance, Name=name, SessionDuration="PT1H")


def bring_account(organizations, account, name, email, unit):
    """moto knows nothing of the accounts that Account Factory makes: they are brought into its
    organization, under their ids."""
    known = organizations.get_paginator("list_accounts").paginate().build_full_result()
    if account in {it["Id"] for it in known["Accounts"]}:
        return
    tags = [{"Key": ID_TAG, "Value": account}]
    organizations.create_account(AccountName=name, Email=email, Tags=tags)
    [parent] = organizations.list_parents(ChildId=account)["Parents"]
    if unit != parent["Id"]:
        organizations.move_account(
            AccountId=account, SourceParentId=parent["Id"], DestinationParentId=unit
        )


def tick(lambdas, function):
    """A minute of the landing zone passes in a tenth of a second, and ministack's schedule
    fires in minutes of the wall clock: where a step waits for the next minute, the function is
    invoked as the schedule would."""
    event = (Path(__file__).parents[2] / "samples/events/scheduled.json").read_bytes()
    answer = lambdas.invoke(FunctionName=function, Payload=event)
    if "FunctionError" in answer:
        raise AssertionError(f"{function} failed at a tick: {answer['Payload'].read().decode()}")


if __name__ == "__main__":
    {"ministack": ministack, "moto": moto}[sys.argv[1]]()
