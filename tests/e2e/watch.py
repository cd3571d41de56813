"""Watching a run: what the ledger's stream, the topic and the landing zone tell, and the bus
that carries the landing zone's lifecycle events to the rule."""

import csv
import io
import json
import threading
import time

import quirks
import servers
import worlds
from stack import LISTS


def until(what, look, seconds=60, meanwhile=lambda: None):
    """Waits until `look` finds something, and answers it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        meanwhile()
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


class Ledger:
    """Every status that every entry ever had, in order, from the accounts table's stream."""

    def __init__(self, url, table):
        self.table = worlds.client("dynamodb", url)
        self.name = table
        self.streams = worlds.client("dynamodbstreams", url)
        self.arn = self.table.describe_table(TableName=table)["Table"]["LatestStreamArn"]
        self.iterators = {}
        # (account name, status), in the order of the stream.
        self.changes = []
        self.latest = {}

    def read(self):
        """Takes what the stream has got since; answers the latest item of each name."""
        shards = self.streams.describe_stream(StreamArn=self.arn)["StreamDescription"]["Shards"]
        for shard in (it["ShardId"] for it in shards):
            if shard not in self.iterators:
                self.iterators[shard] = self.streams.get_shard_iterator(
                    StreamArn=self.arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
                )["ShardIterator"]
            while iterator := self.iterators[shard]:
                answer = self.streams.get_records(ShardIterator=iterator)
                self.iterators[shard] = answer.get("NextShardIterator")
                for record in answer["Records"]:
                    self._note(record)
                if not answer["Records"]:
                    break
        return self.latest

    def _note(self, record):
        item = record["dynamodb"].get("NewImage")
        if item is None:
            return
        item = {key: next(iter(value.values())) for key, value in item.items()}
        name, status = item["AccountName"], item["Status"]
        if self.latest.get(name, {}).get("Status") != status:
            self.changes.append((name, status))
        self.latest[name] = item

    def history(self, name):
        return [status for of, status in self.changes if of == name]

    def are(self, status, names):
        items = self.read()
        return all(items.get(name, {}).get("Status") == status for name in names)

    def failed(self):
        return {n: it["ErrorMsg"] for n, it in self.latest.items() if it["Status"] == "FAILED"}


class Mailbox:
    """A queue that is subscribed to the topic, as a person is by e-mail."""

    def __init__(self, url, topic):
        self.queue = worlds.client("sqs", url)
        self.url = self.queue.create_queue(QueueName="mailbox")["QueueUrl"]
        arn = f"arn:aws:sqs:{servers.REGION}:{worlds.ACCOUNT}:mailbox"
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self.queue.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})
        worlds.client("sns", url).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        # (kind, subject, text)
        self.notices = []

    def read(self):
        while messages := self.queue.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10
        ).get("Messages"):
            for message in messages:
                body = json.loads(message["Body"])
                kind = body["MessageAttributes"]["kind"]["Value"]
                self.notices.append((kind, body["Subject"], body["Message"]))
                self.queue.delete_message(
                    QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"]
                )
        return self.notices

    def subjects(self, kind):
        return list(dict.fromkeys(subject for of, subject, _ in self.read() if of == kind))


class Bucket:
    """The bucket for lists."""

    def __init__(self, url):
        self.s3 = worlds.client("s3", url)

    def upload(self, name, text):
        self.s3.put_object(Bucket=LISTS, Key=name, Body=text.encode())

    def results(self):
        """The rows of each results file, by its key."""
        listed = self.s3.list_objects_v2(Bucket=LISTS, Prefix="results/").get("Contents", [])
        return {it["Key"]: self._rows(it["Key"]) for it in listed}

    def _rows(self, key):
        content = self.s3.get_object(Bucket=LISTS, Key=key)["Body"].read().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(content)))


class Bus(threading.Thread):
    """What CloudTrail and EventBridge do between Control Tower and the default bus: each
    event that the landing zone emits is put there, twice, as EventBridge may."""

    def __init__(self, world, url):
        super().__init__(daemon=True)
        self.world = world
        self.events = worlds.client("events", url)
        self.stopping = threading.Event()
        self.holding = threading.Event()
        self.carried, self.kept = [], []
        self.failure = None

    def run(self):
        try:
            while not self.stopping.wait(0.1):
                for event in servers.ask(f"{self.world.zone}/zone/events"):
                    self.world.made(event)
                    self.kept.append(event)
                while self.kept and not self.holding.is_set():
                    self.carry(self.kept.pop(0))
        except Exception as failure:
            self.failure = failure

    def carry(self, event):
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
        }
        answer = self.events.put_events(Entries=[entry, entry])
        assert answer["FailedEntryCount"] == 0, answer
        self.carried.append(event["detail"]["eventName"])

    def check(self):
        if self.failure:
            raise self.failure

    def stop(self):
        self.stopping.set()
        self.join()


class Minutes:
    """The minutes of handover, as short as the landing zone's."""

    def __init__(self, url, ledger):
        self.lambdas = worlds.client("lambda", url)
        self.ledger = ledger
        self.last = 0.0

    def pass_by(self):
        """Lets one pass where an account waits for Identity Center or a share."""
        waiting = any(it["Status"] == "CONFIGURING" for it in self.ledger.latest.values())
        if waiting and time.monotonic() - self.last > 0.5:
            quirks.tick(self.lambdas, f"{worlds.STACK}-handover")
            self.last = time.monotonic()
