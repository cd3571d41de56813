"""How much memory and processor time the function `intake` takes for a long list.

    python memory.py VEND INTAKE [ROWS]

VEND is the command line tool, whose `local --serve` stands for AWS; INTAKE is the release
binary of the function, woken here once, as Lambda does it. The rows are as long as they can
be. The local stack takes the same list at the same time, so `intake` also meets rows that
somebody else has written.
"""

import http.server
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

import boto3
from botocore.config import Config

import servers

BUCKET, KEY = "vend-lists", "long.csv"
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
HEADER = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit"


def row(number):
    name = f"account-{number:05}-{'x' * 36}"
    user = f"{'u' * 47}{number:05}@example.com"
    email = f"{'a' * 47}{number:05}@example.com"
    return f"{name},{user},{email},{'F' * 128},{'L' * 128},Sandbox (ou-aaaa-sandbox1)"


def event(version, size):
    """What EventBridge sends for the upload."""
    created = {
        "version": "0",
        "bucket": {"name": BUCKET},
        "object": {"key": KEY, "size": size, "version-id": version, "sequencer": "00"},
        "reason": "PutObject",
    }
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": created}


class Runtime(http.server.ThreadingHTTPServer):
    """Lambda's Runtime API, for one event."""

    daemon_threads = True

    def __init__(self, event):
        super().__init__(("127.0.0.1", 0), Exchange)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.event = json.dumps(event).encode()
        self.given = False
        self.answered = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Exchange(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.server.given:
            threading.Event().wait()  # There is no second event, ever.
        self.server.given = True
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
        deadline = int((time.time() + 600) * 1000)
        self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline))
        arn = f"arn:aws:lambda:{servers.REGION}:111122223333:function:vend-intake"
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", arn)
        self.send_header("Content-Length", str(len(self.server.event)))
        self.end_headers()
        self.wfile.write(self.server.event)

    def do_POST(self):
        self.server.outcome = self.path.rsplit("/", 1)[-1]
        self.server.answered.set()
        threading.Event().wait()  # The process stays, to be looked at.


def serving(vend, logs):
    """The local stack; where it listens."""
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    command = [vend, "local", "--serve", f"127.0.0.1:{port}", "--speed", "1"]
    servers.Server("vend", command, servers.isolated("local"), logs, url)
    return url


def environment(url, runtime, topic):
    return servers.isolated(
        "local",
        **KEYS | {
            "AWS_ENDPOINT_URL": url,
            "AWS_LAMBDA_RUNTIME_API": runtime.url.removeprefix("http://"),
            "AWS_LAMBDA_FUNCTION_NAME": "vend-intake",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "VEND_TOPIC_ARN": topic,
            "VEND_ACCOUNTS_TABLE": "vend-accounts",
            "VEND_CONTROL_TABLE": "vend-control",
            "VEND_MANAGEMENT_ACCOUNT_ID": "111122223333",
        },
    )


def spent(pid):
    """The most memory that the process had, in kB, and its processor time, in seconds."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(int(it.split()[1]) for it in status if it.startswith("VmHWM"))
    user, system = Path(f"/proc/{pid}/stat").read_text().split()[13:15]
    return peak, (int(user) + int(system)) / 100


def main(vend, intake, rows="10000"):
    with tempfile.TemporaryDirectory() as logs:
        logs = Path(logs)
        url = serving(Path(vend).resolve(), logs)
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        keys |= {"endpoint_url": url, "region_name": servers.REGION}
        topic = boto3.client("sns", **keys).list_topics()["Topics"][0]["TopicArn"]
        content = "\n".join([HEADER, *(row(number) for number in range(int(rows)))]).encode()
        path_style = Config(s3={"addressing_style": "path"})
        s3 = boto3.client("s3", config=path_style, **keys)
        version = s3.put_object(Bucket=BUCKET, Key=KEY, Body=content)["VersionId"]
        runtime = Runtime(event(version, len(content)))
        begun = time.monotonic()
        function = servers.Server(
            "intake", [Path(intake).resolve()], environment(url, runtime, topic), logs, runtime.url
        )
        if not runtime.answered.wait(600):
            sys.exit("intake has not answered within its ten minutes")
        wall = time.monotonic() - begun
        peak, processor = spent(function.process.pid)
        print(
            f"{rows} rows, {len(content)} bytes: {runtime.outcome} after {wall:.1f} s, "
            f"{processor:.2f} s of a processor, {peak / 1024:.0f} MB at most"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
