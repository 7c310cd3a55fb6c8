"""A merchant's client that signs compact JSON and sends it with blanks, as some do."""
# usage: python3 client.py BASE_URL PRIVATE_KEY PLATFORM_KEY

import base64
import json
import subprocess
import sys
import tempfile
import urllib.request

BASE, PRIVATE_KEY, PLATFORM_KEY = sys.argv[1:4]
MERCHANT = "101510000001"


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sign(text):
    command = ["openssl", "dgst", "-sha256", "-sign", PRIVATE_KEY]
    done = subprocess.run(command, input=text, capture_output=True, check=True)
    return base64.b64encode(done.stdout).decode()


def verify(text, signature):
    with tempfile.NamedTemporaryFile() as file:
        file.write(base64.b64decode(signature))
        file.flush()
        command = ["openssl", "dgst", "-sha256", "-verify", PLATFORM_KEY, "-signature", file.name]
        subprocess.run(command, input=text, capture_output=True, check=True)


def call(path, content):
    envelope = {"request": content, "signature": sign(compact(content))}
    request = urllib.request.Request(
        BASE + path, json.dumps(envelope).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        body = json.load(answer)
    verify(compact(body["response"]), body["signature"])
    assert body["response"]["code"] == "200", body["response"]["code"]
    return body["response"]


made = call(
    "/v1/repayment",
    {
        "msgId": "PY1",
        "mchId": MERCHANT,
        "service": "pay.starpay.repayment",
        "notifyUrl": "http://127.0.0.1:1/notify",
        "deviceInfo": "deviceInfo",
        "trxAmount": "10000",
        "currency": "PHP",
        "attach": "Peñafrancia",
    },
)
found = call(
    "/v1/repayment/query",
    {"msgId": "PY2", "mchId": MERCHANT, "originalMsgId": "PY1", "service": "unified.repayment.query"},
)
assert made["codeUrl"].startswith("000201") and found["trxState"] == "PROCESSING"
