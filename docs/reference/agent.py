#!/usr/bin/env python3
"""A whole agent in one file, from docs/protocol.md alone: it joins, reports one section and two values, and sends all twice.

    agent.py TOKEN-FILE HOSTNAME DIRECTORY
"""
import gzip, hashlib, http.client, json, os, re, secrets, ssl, struct, subprocess, sys, time


def variable(number):
    """Unsigned LEB128."""
    octets = bytearray()
    while number >= 0x80:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    octets.append(number)
    return bytes(octets)


def signed(number):
    """Zigzag, then LEB128."""
    return variable((number << 1) ^ (number >> 63) if number >= 0 else ((-number) << 1) - 1)


def text(value):
    octets = value.encode()
    return variable(len(octets)) + octets


def tagged(value):
    """A value as the digest sees it."""
    if isinstance(value, bool):
        return bytes([4, value])
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return b"\x02" + signed(int(value))
    if isinstance(value, float):
        return b"\x03" + struct.pack("<d", value)
    if isinstance(value, list):
        return b"\x05" + variable(len(value)) + b"".join(text(item) for item in value)
    return b"\x01" + text(value)


def section_digest(items):
    octets = b""
    for item in sorted(items, key=lambda item: item["key"].encode()):
        octets += text(item["key"]) + variable(len(item["attributes"]))
        for name in sorted(item["attributes"], key=str.encode):
            octets += text(name) + tagged(item["attributes"][name])
    return hashlib.sha256(octets).hexdigest()


def frame(sequence, kind, payload):
    milliseconds = int(time.time() * 1000)
    return variable(sequence) + signed(milliseconds) + bytes([kind]) + variable(len(payload)) + payload


def batch(epoch, frames):
    return b"MSTR\x01" + struct.pack("<Q", epoch) + variable(len(frames)) + b"".join(frames)


def pinned_authority(host, port, digest, directory):
    """The certificate of the chain whose SHA-256 is the token's; nothing is sent before it is found."""
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", f"{host}:{port}", "-showcerts"], stdin=subprocess.DEVNULL,
        capture_output=True, text=True).stdout
    for pem in re.findall("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", shown, re.S):
        if hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() == digest:
            with open(f"{directory}/ca.pem", "w") as file:
                file.write(pem)
            return
    sys.exit("the collector shows another authority; the token was not sent")


def ask(host, port, directory, path, body, headers, with_certificate=True):
    context = ssl.create_default_context(cafile=f"{directory}/ca.pem")
    if with_certificate:
        context.load_cert_chain(f"{directory}/certificate.pem", f"{directory}/key.pem")
    connection = http.client.HTTPSConnection(host, port, context=context)
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    if response.status != 200:
        sys.exit(f"{response.status}: {answer['detail']}")
    return answer


def join(token, hostname, directory):
    rest, digest, secret = token.removeprefix("muster-join:1:").rsplit(":", 2)
    host, port = rest.rsplit(":", 1)
    host = host.strip("[]")
    pinned_authority(host, int(port), digest, directory)
    os.umask(0o077)
    subprocess.run(
        ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
         f"{directory}/key.pem", "-out", f"{directory}/request.pem", "-subj", "/CN=any"], check=True,
        capture_output=True)
    with open(f"{directory}/request.pem") as file:
        request = file.read()
    order = {"secret": secret, "request": request, "hostname": hostname, "machineID": "", "version": "example"}
    answer = ask(host, int(port), directory, "/v1/agent/enrol", json.dumps(order), {}, with_certificate=False)
    with open(f"{directory}/certificate.pem", "w") as file:
        file.write(answer["certificate"])
    return host, int(port), answer["agentID"]


def main():
    token_file, hostname, directory = sys.argv[1:]
    with open(token_file) as file:
        host, port, agent = join(file.read().strip(), hostname, directory)
    print("joined as", agent)
    # A real agent keeps epoch, sequence and frames in a spool on disk, flushed before it sends.
    epoch = secrets.randbits(64)
    items = [{"key": "", "attributes": {"hostname": hostname, "kind": "physical", "vendor": "Acme", "model": "Toaster"}}]
    system = {
        "subject": {"kind": "host"}, "section": "system", "digest": section_digest(items), "isComplete": True,
        "body": {"kind": "full", "items": items, "part": 1, "parts": 1}}
    # Two series, named once in this epoch, then their values: 0.5 and 12.
    samples = b"\x01" + variable(2)
    samples += variable(1) + text("system.memory.utilization") + variable(1) + text("system.memory.state") + text("used")
    samples += variable(2) + text("system.uptime") + variable(0)
    # 0.5 as eight octets, form 0, which is always right; 12 as an integer, form 1, which is shorter.
    samples += variable(2) + variable(1 << 2 | 0) + struct.pack("<d", 0.5) + variable(1 << 2 | 1) + variable(2 * 12)
    body = gzip.compress(batch(epoch, [frame(1, 1, json.dumps(system).encode()), frame(2, 2, samples)]))
    headers = {"Content-Type": "application/vnd.muster.batch", "Content-Encoding": "gzip"}
    for _ in range(2):
        print(json.dumps(ask(host, port, directory, "/v1/agent/reports", body, headers)))


main()
