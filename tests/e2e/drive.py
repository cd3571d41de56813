"""Deploys the stack on the emulators and sees it work, in one of two worlds around it.

`drive.py WORLD ROOT BINARIES SERVE LOGS`: moto or zone, the checkout, the folder of the
functions' binaries, the landing zone's server, and a folder for logs. See README.md.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import servers
import worlds
from stack import FUNCTIONS, LISTS, Stack, folder
from watch import Bucket, Bus, Ledger, Mailbox, Minutes, until

STATUSES = ["QUEUED", "PROVISIONING", "CONFIGURING", "READY"]
SAMPLE = ["test-account-1", "test-account-2", "test-account-3"]
SURVIVORS = ["survivor-1", "survivor-2"]
# Those that a run has whatever minute it falls into.
METRICS = {"AwsCalls", "AwsErrors", "Entries", "HandoverSeconds", "LaunchSeconds"}


def see(what, proof=True):
    """Prints a thing that is to be seen, or ends the run when it is not."""
    if not proof:
        raise AssertionError(f"not seen: {what}")
    print(f"{sys.argv[1]:4} {time.monotonic() - BEGAN:6.1f} s  {what}", flush=True)


def metrics_of(line):
    """The metrics that CloudWatch would take from a line of log."""
    if '"_aws"' not in line:
        return []
    directives = json.loads(line)["_aws"]["CloudWatchMetrics"]
    return [metric["Name"] for it in directives for metric in it["Metrics"]]


class Run:
    """One world, one deployment."""

    def __init__(self, world, directory, logs):
        self.world = world
        self.ministack = servers.ministack(worlds.ACCOUNT, world.endpoints(), logs)
        self.url = self.ministack.url
        self.stack = Stack(directory, self.ministack)
        self.folder = logs

    def steps(self):
        self.bus = Bus(self.world, self.url)
        self.bus.start()
        try:
            self.deployed()
            self.list_vended()
            self.faulty_list_refused()
            self.killed_and_finished()
        finally:
            self.bus.stop()
            self.keep_logs()
        self.nothing_left_behind()
        self.deleted()

    # --- the steps ------------------------------------------------------------------------

    def deployed(self):
        see("nobody may launch from Account Factory", not self.world.launchers())
        self.stack.deploy(
            {
                "BucketName": LISTS,
                "AdminEmail": "admins@example.com",
                "GroupName": worlds.GROUP,
                "PermissionSet": worlds.PERMISSION_SET,
                "Portfolios": worlds.PORTFOLIO,
                "MaxInFlight": self.world.in_flight,
                **self.world.identity_center(),
            }
        )
        see(f"infra/deploy made the stack: {len(self.stack.resources())} resources")
        roles = {self.role_of("ProvisionRole"), self.role_of("IntakeRole")}
        see("the stack let two of its roles use Account Factory", set(self.world.launchers()) == roles)
        self.ledger = Ledger(self.url, self.stack.resource("AccountsTable"))
        self.mailbox = Mailbox(self.url, self.stack.resource("Topic"))
        self.bucket = Bucket(self.url)
        self.minutes = Minutes(self.url, self.ledger)

    def role_of(self, logical_id):
        name = self.stack.resource(logical_id)
        return worlds.client("iam", self.url).get_role(RoleName=name)["Role"]["Arn"]

    def list_vended(self):
        self.bucket.upload("accounts.csv", self.world.list_of("accounts.csv"))
        see("samples/accounts.csv is uploaded")
        self.all_ready(SAMPLE)
        launched = [name for name, status in self.ledger.changes if status == "PROVISIONING"]
        see(f"launched in file order: {', '.join(launched)}", launched == SAMPLE)
        most = self.most_at_once()
        see(f"{most} at a time, as MaxInFlight says", most == self.world.in_flight)
        [rows] = self.bucket.results().values()
        told = [(row["AccountName"], row["Outcome"]) for row in rows]
        see(f"the results file has every row: {told}", [name for name, _ in told] == SAMPLE)
        self.told("batch-taken", 1)
        self.told("batch-complete", 1)
        [rows] = self.bucket.results().values()
        ended = [(row["Status"], row["AccountId"]) for row in rows]
        accounts = [("READY", self.ledger.latest[name]["AccountId"]) for name in SAMPLE]
        see(f"the results file says how each row ended: {ended}", ended == accounts)

    def all_ready(self, names):
        """Every account READY, with all that this takes."""
        until(f"READY: {names}", lambda: self.ready(names), 170, self.minutes.pass_by)
        by_email = dict(self.world.accounts())
        for name in names:
            entry, history = self.ledger.latest[name], self.ledger.history(name)
            see(f"{name}: {' -> '.join(history)}, account {entry['AccountId']}", history == STATUSES)
            known = by_email.get(entry["AccountEmail"])
            see("  that is its account in the landing zone", known == entry["AccountId"])
            access = worlds.GROUP, worlds.PERMISSION_SET
            found = self.world.assigned(entry["AccountId"])
            see(f"  assigned in Identity Center ({self.world.name}): {access}", access in found)
            see(f"  shared: {worlds.PORTFOLIO}", self.world.shared(entry["AccountId"]))

    def ready(self, names):
        self.bus.check()
        ready = self.ledger.are("READY", names)
        if failed := self.ledger.failed():
            raise AssertionError(f"failed: {failed}")
        return ready

    def most_at_once(self):
        """The most accounts that were PROVISIONING at a moment."""
        under_way, most = set(), 0
        for name, status in self.ledger.changes:
            (under_way.add if status == "PROVISIONING" else under_way.discard)(name)
            most = max(most, len(under_way))
        return most

    def told(self, kind, count):
        """That many notices of that kind have come. One may come twice; it is one."""
        until(f"{count} notices {kind}", lambda: len(self.mailbox.subjects(kind)) >= count)
        subjects = self.mailbox.subjects(kind)
        see(f"told on the topic: {subjects[-1]}", len(subjects) == count)

    def faulty_list_refused(self):
        before = self.ledger.read().copy(), len(self.bucket.results())
        self.bucket.upload("with-errors.csv", self.world.list_of("accounts-with-errors.csv"))
        see("samples/accounts-with-errors.csv is uploaded")
        self.told("batch-refused", 1)
        results = self.bucket.results()
        see("a second results file is there", len(results) == before[1] + 1)
        rows = results[max(results, key=lambda key: len(results[key]))]
        faults = [row["ErrorMsg"] for row in rows if row["ErrorMsg"]]
        see(f"it tells the faults of {len(faults)} rows, such as: {faults[0]}", len(faults) > 20)
        see("no row came into the ledger", self.ledger.read() == before[0])

    def killed_and_finished(self):
        """kill -9, after Account Factory took the launch and before its answer is heard."""
        header, first, *_ = self.world.list_of("accounts.csv").splitlines()
        lines = [first.replace(SAMPLE[0], name) for name in SURVIVORS]
        self.bus.holding.set()
        self.zone("hold/ProvisionProduct", "POST")
        self.bucket.upload("survivors.csv", "\n".join([header, *lines]))
        [held] = until("a launch is asked for", lambda: self.zone("held"))
        see(f"{held} is carried out, and its answer held back", SURVIVORS[0] in self.launches())
        killed = servers.pids_of_function(self.ministack, f"{worlds.STACK}-provision")
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        see(f"provision is killed, kill -9 {' '.join(map(str, killed))}", killed)
        self.zone("release", "POST")
        self.woken_after_the_kill()
        self.bus.holding.clear()
        self.all_ready(SURVIVORS)
        launches = self.launches()
        see(f"launched once each: {', '.join(launches)}", sorted(launches) == SURVIVORS + SAMPLE)
        emails = [email for email, _ in self.world.accounts()]
        see("no e-mail has a second account", len(emails) == len(set(emails)))
        self.told("batch-complete", 2)

    def woken_after_the_kill(self):
        """Where the lifecycle event comes, it settles the launch."""

    def zone(self, wish, method="GET"):
        return servers.ask(f"{self.world.zone}/zone/{wish}", method)

    def launches(self):
        return self.zone("launches")

    def asked_again(self):
        """Calls for a launch that was made already."""
        calls = self.zone("calls").get("servicecatalog:ProvisionProduct", 0)
        return calls - len(self.launches())

    def nothing_left_behind(self):
        for queue in ("UndeliveredStream", "UndeliveredEvents", "UndeliveredRules"):
            waiting = worlds.client("sqs", self.url).get_queue_attributes(
                QueueUrl=self.stack.resource(queue), AttributeNames=["ApproximateNumberOfMessages"]
            )["Attributes"]["ApproximateNumberOfMessages"]
            see(f"{queue} is empty", waiting == "0")
        lines = [line for name in FUNCTIONS for line in self.logs(name)]
        told = [line for line in lines if "@example.com" in line]
        see(f"{len(lines)} lines of log, no e-mail address among them", lines and not told)
        metrics = {name for line in lines for name in metrics_of(line)}
        see(f"metrics: {', '.join(sorted(metrics))}", METRICS <= metrics)

    def keep_logs(self):
        """For whoever looks into a failure."""
        for name in FUNCTIONS:
            (self.folder / f"{name}.log").write_text("\n".join(self.logs(name)), encoding="utf-8")

    def logs(self, function):
        logs = worlds.client("logs", self.url)
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{worlds.STACK}-{function}"
        )
        try:
            return [event["message"] for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            # The stack was not deployed, and what there was of it is rolled back.
            return []

    def deleted(self):
        kept = [self.stack.resource(it) for it in ("AccountsTable", "ControlTable")]
        self.stack.delete()
        see("the stack is deleted")
        see("its roles may not use Account Factory any more", not self.world.launchers())
        tables = worlds.client("dynamodb", self.url).list_tables()["TableNames"]
        see(f"the tables are still there: {', '.join(kept)}", set(kept) <= set(tables))
        rows = worlds.client("dynamodb", self.url).scan(TableName=kept[0])["Count"]
        see(f"with {rows} rows", rows == len(SAMPLE + SURVIVORS))
        see("and so is the bucket with the lists", self.bucket.results())


class RunWithLateEvent(Run):
    """The lifecycle event is late: Vend has to find out by itself."""

    def woken_after_the_kill(self):
        see("nobody asked for the same launch twice", self.asked_again() == 0)
        # A minute and a half after the launch at the soonest, at the next of the minute rule.
        until("the launch is asked for again", self.asked_again, 210)
        see("woken by the minute rule, provision asked for the same launch again")


RUNS = {"moto": (worlds.WithMoto, Run), "zone": (worlds.LandingZoneAlone, RunWithLateEvent)}


def main(name, root, binaries, serve, logs):
    # So that the servers are stopped, whatever ends the run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    os.environ.update(servers.isolated(worlds.ACCOUNT))
    make_world, make_run = RUNS[name]
    mine = Path(logs) / name
    directory = folder(Path(root), Path(binaries), mine / "checkout")
    world = make_world(Path(serve), mine)
    see(f"Identity Center and Organizations are answered by: {world.name}")
    make_run(world, directory, mine).steps()
    see("all seen")


BEGAN = time.monotonic()

if __name__ == "__main__":
    main(*sys.argv[1:])
