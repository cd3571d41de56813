"""What `handover` is compared with: a function of Python, as Lambda runs it.

    python function.py SERVICE...

The clients of the services are made once, as usual; each event is answered after one read
of the table. The loop stands for Lambda's own client of the Runtime API.
"""

import http.client
import json
import os
import sys

import boto3

CLIENTS = {name: boto3.client(name) for name in sys.argv[1:]}
TABLE = os.environ["VEND_ACCOUNTS_TABLE"]
PREFIX = "/2018-06-01/runtime/invocation/"


def handle(event):
    CLIENTS["dynamodb"].get_item(TableName=TABLE, Key={"AccountName": {"S": "nobody"}})
    return {"batchItemFailures": []}


runtime = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    runtime.request("GET", PREFIX + "next")
    response = runtime.getresponse()
    event = json.loads(response.read())
    answer = json.dumps(handle(event))
    request = response.headers["lambda-runtime-aws-request-id"]
    runtime.request("POST", f"{PREFIX}{request}/response", answer)
    runtime.getresponse().read()
