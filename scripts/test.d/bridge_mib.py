"""Speaks for a Linux bridge in snmpd, which has no BRIDGE-MIB (RFC 4188) itself: ports, spanning tree, forwarding.

A pass_persist program of snmpd.conf(5): reads requests from standard input line by line, answers from /sys/class/net.
"""

import os
import sys
import time

BRIDGE = "/sys/class/net/" + sys.argv[1]
MIB = (1, 3, 6, 1, 2, 1, 17)
# BR_STATE_* of linux/if_bridge.h to dot1dStpPortState.
STATES = {"0": 1, "1": 3, "2": 4, "3": 5, "4": 2}


def number(path):
    with open(path) as file:
        return int(file.read().strip(), 0)


def identity(path):
    """A bridge identifier (`8000.001b21000001`) as octets: two of priority, six of address."""
    with open(path) as file:
        text = file.read().strip().replace(".", "")
    return " ".join(text[place:place + 2] for place in range(0, 16, 2))


def rows():
    """Every instance with its type and value."""
    found = {MIB + (1, 1, 0): ("octet", identity(BRIDGE + "/bridge/bridge_id")[6:])}
    for port in os.listdir(BRIDGE + "/brif"):
        place = f"{BRIDGE}/brif/{port}"
        try:
            base = number(place + "/port_no")
            found[MIB + (1, 4, 1, 2, base)] = ("integer", number(f"/sys/class/net/{port}/ifindex"))
            with open(place + "/state") as file:
                found[MIB + (2, 15, 1, 3, base)] = ("integer", STATES.get(file.read().strip(), 1))
            found[MIB + (2, 15, 1, 8, base)] = ("octet", identity(place + "/designated_bridge"))
            designated = number(place + "/designated_port")
            found[MIB + (2, 15, 1, 9, base)] = ("octet", f"{designated >> 8:02x} {designated & 255:02x}")
        except OSError:
            continue
    with open(BRIDGE + "/brforward", "rb") as file:
        table = file.read()
    # struct __fdb_entry: address, port, is_local, age, upper octet of the port, padding.
    for start in range(0, len(table) - 15, 16):
        entry = table[start : start + 16]
        mac, port, local = tuple(entry[:6]), entry[6] | entry[12] << 8, entry[7]
        found[MIB + (4, 3, 1, 2) + mac] = ("integer", port)
        found[MIB + (4, 3, 1, 3) + mac] = ("integer", 4 if local else 3)
    return sorted(found.items())


def main():
    table, read = [], 0.0
    for line in iter(sys.stdin.readline, ""):
        word = line.strip()
        if word == "PING":
            print("PONG", flush=True)
            continue
        oid = tuple(int(part) for part in sys.stdin.readline().strip().strip(".").split("."))
        if time.monotonic() - read > 1:
            table, read = rows(), time.monotonic()
        if word == "get":
            answer = next((row for row in table if row[0] == oid), None)
        elif word == "getnext":
            answer = next((row for row in table if row[0] > oid), None)
        else:
            sys.stdin.readline()
            print("not-writable", flush=True)
            continue
        if answer is None:
            print("NONE", flush=True)
        else:
            print("." + ".".join(map(str, answer[0])), answer[1][0], answer[1][1], sep="\n", flush=True)


main()
