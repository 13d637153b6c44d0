"""Prints every cable the collector knows, one a line in order: `NODE:PORT NODE:PORT`, with `-v` what it rests on."""

import http.client
import json
import socket
import sys
import urllib.parse


class Collector(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def ask(self, target):
        self.request("GET", target)
        return json.load(self.getresponse())

    def all(self, target, **query):
        items, after = [], None
        while True:
            more = {**query, "limit": 1000, **({"after": after} if after else {})}
            page = self.ask(target + "?" + urllib.parse.urlencode(more))
            items += page["items"]
            after = page["next"]
            if not after:
                return items


collector = Collector(sys.argv[1])
names = {ci["id"]: ci["name"] for kind in ("device", "host") for ci in collector.all("/v1/ci", **{"class": kind})}
ports = {ci["id"]: ci for ci in collector.all("/v1/ci", **{"class": "interface"})}
cables = {}
for number, port in ports.items():
    for edge in collector.all(f"/v1/ci/{number}/relations"):
        if edge["kind"] != "connected-to":
            continue
        ends = [f"{names[ports[end]['parent_id']]}:{ports[end]['name']}" for end in (number, edge["other"]["id"])]
        cables.setdefault(" ".join(sorted(ends)), set()).add(f"{edge.get('evidence')} {edge['confidence_percent']}")
for cable, evidence in sorted(cables.items()):
    print(cable, *([sorted(evidence)] if "-v" in sys.argv else []))
