#!/usr/bin/env python3
"""Malformed, oversized and bombed bodies against both ports of a running collector.

    hostile.py API-PORT AGENTS-PORT COLLECTOR-PID CA TOKEN-FILE CERTIFICATE KEY OPENAPI

Every request must get an answer from 400 to 499; the collector's memory may rise by less than 32 MiB. Prints one line for
each kind of case. Standard library only.
"""
import gzip
import http.client
import json
import re
import socket
import ssl
import sys
import zlib

api_port, agents_port, pid, ca, token_file, certificate, key, openapi = sys.argv[1:]
token = open(token_file).read().strip()
MIB = 1 << 20


def context(with_certificate):
    made = ssl.create_default_context(cafile=ca)
    if with_certificate:
        made.load_cert_chain(certificate, key)
    return made


contexts = {api_port: context(False), agents_port: context(True)}


def ask(port, method, path, body, headers=None):
    """The status of one request; 0 when there was no answer."""
    fields = dict(headers or {})
    if port == api_port:
        fields["Authorization"] = "Bearer " + token
    connection = http.client.HTTPSConnection("127.0.0.1", int(port), context=contexts[port], timeout=20)
    try:
        connection.request(method, path, body=body, headers=fields)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def raw(port, pieces, seconds=20):
    """Sends pieces until the peer closes; the status that came back and how many octets were taken."""
    sent = 0
    with socket.create_connection(("127.0.0.1", int(port)), timeout=seconds) as plain:
        with contexts[port].wrap_socket(plain, server_hostname="127.0.0.1") as tls:
            try:
                for piece in pieces:
                    tls.sendall(piece)
                    sent += len(piece)
            except OSError:
                pass
            try:
                answer = tls.recv(4096)
            except OSError:
                answer = b""
    found = re.match(rb"HTTP/1.1 (\d+)", answer)
    return int(found.group(1)) if found else 0, sent


def memory(name):
    return int(re.search(name + r":\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) * 1024


def texts():
    """Bodies that are no JSON object of any route."""
    good = b'{"reason": "x", "note": "y", "name": "z", "seconds": 60, "ci": 1}'
    yield from (b"", b" ", b"null", b"true", b"0", b'"text"', b"[]", b"[{}]", b"{", b"}", b"{]", b"{}{}", b"{} x", b"{,}")
    yield from (b'{"a"}', b'{"a":}', b'{"a" 1}', b"{'a': 1}", b"{a: 1}", b'{"a": 1,}', b'{"a": 01}', b'{"a": +1}')
    yield from (b'{"a": .5}', b'{"a": 1.}', b'{"a": 1e}', b'{"a": 0x1}', b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -}')
    yield from (b'{"a": tru}', b'{"a": "}', b'{"a": "\\x"}', b'{"a": "\\u12"}', b'{"a": "\\ud800"}', b'{"a": "\\udc00\\ud800"}')
    yield from (b'{"a": "\t"}', b'{"a": "\n"}', b'{"a": "\x00"}', b'{"a": "\\u0000"}', b"\xef\xbb\xbf{}", b"// x\n{}", b"/**/{}")
    yield from (b'{"a": "\xff"}', b'{"a": "\xc0\xaf"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\xf4\x90\x80\x80"}', b'{"a": "\xe2\x82"}')
    yield from (good.decode().encode("utf-16"), good.decode().encode("utf-16-le"), good.decode().encode("utf-32"))
    yield from (b'{"name": "a", "name": "b"}', b'{"reason": 1, "reason": 2}', b'{"a": ' * 65 + b"1" + b"}" * 65)
    yield from (b"[" * 100_000, b'{"a":' * 100_000, b'{"a": "' + b"x" * 70_000 + b'"}', b'{"a": 1' + b"0" * 5000 + b"}")
    yield from (b'{"unknown-key": 1}', b'{"' + b"k" * 300 + b'": 1}', b'{"__proto__": {}}', b'{"a": 1e99999}')
    for length in range(1, len(good)):
        yield good[:length]


def variable(number):
    octets = bytearray()
    while True:
        octets.append(number & 127 | (128 if number > 127 else 0))
        number >>= 7
        if not number:
            return bytes(octets)


def batches():
    """Batches that are not whole; none of their frames may be taken."""
    payload = b'{"version": "1", "enqueued": 1, "waiting": 0, "dropped": 0}'
    frame = variable(1) + variable(0) + b"\x06" + variable(len(payload)) + payload
    head = b"MSTR\x01" + bytes(8)
    good = head + variable(1) + frame
    for length in range(0, len(good)):
        yield good[:length]
    yield from (good + b"\x00", good + good, b"mstr" + good[4:], b"MSTR\x03" + good[5:], head + variable(2) + frame)
    yield from (head + variable(100_001) + frame, head + b"\xff" * 9 + b"\x01", head + b"\xff" * 11, head + b"\x80" * 20)
    yield head + variable(1) + variable(1) + variable(0) + b"\x06" + variable(1 << 62) + payload
    yield from (b"\x1f\x8b" + good, gzip.compress(good), b"{}", bytes(range(256)) * 64)


def packed():
    """What says it is gzip and is not, or not only."""
    good = gzip.compress(b"MSTR" * 50)
    for length in range(0, len(good)):
        yield good[:length]
    for place in range(len(good)):
        yield good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1:]
    yield from (good + b"\x00", good + good, gzip.compress(good), zlib.compress(b"MSTR"), b"\x1f\x8b", b"\x1f\x8b\x08\xff" + good[4:])


def expect(label, statuses):
    wrong = [(what, status) for what, status in statuses if not 400 <= status <= 499]
    if wrong:
        print(f"not ok {label}: {len(wrong)} of {len(statuses)}, the first: {wrong[0][1]} for {wrong[0][0][:120]!r}")
    else:
        print(f"ok {label}: {len(statuses)} cases, each answered 4xx")


def routes():
    """Every route of the document that takes a body, with something in its path that is not there."""
    document = json.load(open(openapi))
    for path, methods in sorted(document["paths"].items()):
        for method, operation in sorted(methods.items()):
            if isinstance(operation, dict) and "requestBody" in operation:
                yield method.upper(), re.sub(r"\{[^}]*\}", "999999", path)


# Nothing at all is a good body where every field may be left out.
malformed = [body for body in texts() if body]
found = list(routes())
statuses = []
for number, body in enumerate(malformed):
    # Each text goes to one route in turn and the odd ones to all: thousands of requests would show the same again.
    for method, path in found if number < 20 else [found[number % len(found)]]:
        statuses.append((method.encode() + b" " + path.encode() + b" " + body[:60], ask(api_port, method, path, body)))
expect(f"B3, B4: malformed JSON on {len(found)} routes of the API", statuses)
expect("B3: malformed JSON on the agents' port", [
    (body, ask(agents_port, "POST", path, body, {"Content-Type": "application/json"}))
    for body in malformed[:70] for path in ("/v1/agent/enrol", "/v1/agent/renew")])
kind = {"Content-Type": "application/vnd.muster.batch"}
expect("B3: broken batches", [(body, ask(agents_port, "POST", "/v1/agent/reports", body, kind)) for body in batches()])
expect("B1: broken gzip", [
    (body, ask(agents_port, "POST", "/v1/agent/reports", body, kind | {"Content-Encoding": "gzip"})) for body in packed()])

# From here the collector's memory is watched.
open(f"/proc/{pid}/clear_refs", "w").write("5")
before = memory("VmRSS")
squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
bomb = b"".join(squeezer.compress(bytes(MIB)) for _ in range(1000)) + squeezer.flush()
nested = gzip.compress(bomb, 9)
expect("B1: gzip bombs", [
    (b"bomb", ask(agents_port, "POST", "/v1/agent/reports", data, kind | {"Content-Encoding": "gzip"}))
    for data in [bomb[:MIB], nested] * 2])


def head(fields):
    return f"POST /v1/agent/reports HTTP/1.1\r\nHost: c\r\n{fields}\r\n".encode()


endless = [b"10000\r\n" + bytes(0x10000) + b"\r\n"] * 2000
single = [b"1\r\nx\r\n" * 1000] * 3000
large = []
for name, pieces in (
    ("a body of a gigabyte", [head("Content-Length: 1000000000\r\n")] + [bytes(MIB)] * 1000),
    ("endless chunks", [head("Transfer-Encoding: chunked\r\n")] + endless),
    ("chunks of one octet", [head("Transfer-Encoding: chunked\r\n")] + single),
):
    status, sent = raw(agents_port, pieces)
    # After its answer the collector reads on for two seconds, so that the peer sees the answer, and keeps nothing.
    print(f"{'ok' if status in (408, 413) else 'not ok'} B2: {name}: {status}, {sent} octets went out")
rise = memory("VmHWM") - before
print(f"{'ok' if rise < 32 * MIB else 'not ok'} B1, B2: memory rose by {rise / MIB:.1f} MiB of 32")
alive = ask(agents_port, "GET", "/healthz", None), ask(api_port, "GET", "/v1/incidents", None)
print(f"{'ok' if alive == (200, 200) else 'not ok'} B1, B2, B3: both ports answer a good request afterwards: {alive}")
