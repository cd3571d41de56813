"""The processes of a run: ministack, moto, the landing zone. All on free ports of 127.0.0.1,
with an environment from which no call gets any further."""

import atexit
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
REGION = "us-east-1"

# What the model of a landing zone takes minutes for takes as many tenths of a second.
SPEED = "x600"


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def isolated(account, **more):
    """An environment without anything of AWS but made-up credentials, in which HTTP that is
    not for this machine ends at a closed port."""
    kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(("AWS_", "VEND_"))}
    closed = f"http://127.0.0.1:{free_port()}"
    proxies = {name: closed for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
    return {
        **kept,
        **proxies,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
        **more,
    }


class Server:
    """A process, its log, and where it listens."""

    def __init__(self, name, command, environment, logs, ready=None):
        self.log = logs / f"{name}.log"
        self.process = subprocess.Popen(
            [str(it) for it in command],
            env=environment,
            cwd=logs,
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            # A group of its own: the functions that ministack starts end with it.
            start_new_session=True,
        )
        # However the run ends; SIGTERM counts, as drive.py has it.
        atexit.register(self.stop)
        self.name = name
        self.url = self._await(ready)

    def _await(self, ready):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended:\n{self.log.read_text()}")
            url = ready or self._first_line()
            if url and reachable(url):
                return url
            time.sleep(0.05)
        raise SystemExit(f"{self.name} did not come up:\n{self.log.read_text()}")

    def _first_line(self):
        lines = self.log.read_text().splitlines()
        return next((line for line in lines if line.startswith("http://")), None)

    def stop(self):
        for send in (self.process.terminate, lambda: os.killpg(self.process.pid, 9)):
            try:
                send()
                self.process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass


def reachable(url):
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as it:
        it.settimeout(1)
        return it.connect_ex((host, int(port))) == 0


def landing_zone(binary, description, logs):
    """Our landing zone; says itself which port it found free."""
    return Server("landing-zone", [binary, "0", SPEED, description], dict(os.environ), logs)


def moto(account, logs):
    port = free_port()
    environment = isolated(account, MOTO_PORT=str(port), MOTO_ACCOUNT_ID=account)
    command = [sys.executable, HERE / "quirks.py", "moto"]
    return Server("moto", command, environment, logs, f"http://127.0.0.1:{port}")


def ministack(account, endpoints, logs):
    """ministack, whose functions inherit its environment: where each service is answered.
    With AUTH every call of a function is judged by its role's policies."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = isolated(
        account,
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_ACCOUNT_ID=account,
        MINISTACK_REGION=REGION,
        LAMBDA_EXECUTOR="local",
        AUTH="true",
        LOG_LEVEL="INFO",
        # These two would listen on ports of their own.
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",
        TMPDIR=str(logs),
        AWS_ENDPOINT_URL=url,
        **endpoints,
    )
    command = [sys.executable, HERE / "quirks.py", "ministack"]
    return Server("ministack", command, environment, logs, url)


def ask(url, method="GET"):
    """One of the landing zone's own requests, beside AWS's; loopback needs no proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, method=method), timeout=10) as answer:
        return json.loads(answer.read())


def pids_of_function(server, function):
    """The processes in which ministack runs the function."""
    found = []
    for directory in Path("/proc").iterdir():
        if not directory.name.isdigit():
            continue
        try:
            ours = os.getpgid(int(directory.name)) == server.process.pid
            variables = (directory / "environ").read_bytes().split(b"\0") if ours else []
        except OSError:
            continue
        if f"AWS_LAMBDA_FUNCTION_NAME={function}".encode() in variables:
            found.append(int(directory.name))
    return found
