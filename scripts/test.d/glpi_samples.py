#!/usr/bin/env python3
"""Compares what the collector has of the GLPI samples with what stands in them: glpi_samples.py DIRECTORY SOCKET"""
import json
import subprocess
import sys
import xml.etree.ElementTree as ET

directory, socket = sys.argv[1:]


def muster(*words):
    done = subprocess.run(["muster", *words, "--format", "json", "--socket", socket], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit("not ok muster " + " ".join(words) + ": " + done.stderr.strip())
    return json.loads(done.stdout)


class Document:
    """Parts of a document by their lower-case names, as plain dictionaries."""

    def __init__(self, name):
        path = directory + "/" + name
        if name.endswith(".json"):
            with open(path) as file:
                self.content = json.load(file)["content"]
        else:
            self.content = {}
            for part in ET.parse(path).getroot().find("CONTENT"):
                entry = {leaf.tag.lower(): (leaf.text or "").strip() for leaf in part}
                self.content.setdefault(part.tag.lower(), []).append(entry)

    def list(self, name):
        found = self.content.get(name, [])
        return found if isinstance(found, list) else [found]

    def one(self, name):
        return (self.list(name) or [{}])[0]


def interfaces(document):
    """Addresses by interface."""
    found = {}
    for entry in document.list("networks"):
        addresses = found.setdefault(entry["description"], set())
        addresses.update(entry[key] for key in ("ipaddress", "ipaddress6") if entry.get(key))
    return found


def compare(name):
    document, wrong = Document(name), []
    host = document.one("hardware")["name"]
    found = [ci for ci in muster("ci", "find", host) if ci["name"] == host and ci["class"] == "host"]
    if len(found) != 1:
        return [f"{len(found)} hosts are called {host}"]
    ci = muster("ci", "show", str(found[0]["id"]))
    facts = {fact["name"]: fact["value"] for fact in ci["attributes"]}

    def expect(what, value, wanted):
        if value != wanted:
            wrong.append(f"{what} is {value}, the document says {wanted}")

    expect("serial", facts.get("system.serial"), document.one("bios")["ssn"])
    expect("model", facts.get("system.model"), document.one("bios")["smodel"])
    expect("system", facts.get("os.pretty_name"), document.one("operatingsystem")["full_name"])
    expect("memory", facts.get("memory.size_bytes"), memory(document))
    counts = ci["sections"]
    for section, part in [("packages", "softwares"), ("disks", "storages"), ("pci", "controllers"), ("usb", "usbdevices")]:
        expect(section, counts.get(section, 0), len(document.list(part)))
    children = {child["name"]: child for child in ci["children"]}
    for interface, addresses in interfaces(document).items():
        if interface not in children:
            wrong.append(f"no interface {interface}")
            continue
        child = muster("ci", "show", str(children[interface]["id"]))
        listed = next((fact["value"] for fact in child["attributes"] if fact["name"] == "addresses"), [])
        expect(interface, {address.split("/")[0] for address in listed}, addresses)
    for drive in document.list("drives"):
        place = drive.get("letter") or drive["type"]
        if place not in children:
            wrong.append(f"no file system {place}")
    return wrong


def memory(document):
    stated = document.one("hardware").get("memory")
    return int(stated if stated else sum(int(module["capacity"]) for module in document.list("memories"))) << 20


for name in ["windows-computer.xml", "macos-computer.xml", "linux-computer.xml", "computer_1.json"]:
    wrong = compare(name)
    print(f"ok {name}: machine, system, software, disks and network are what the document says" if not wrong
          else f"not ok {name}: " + "; ".join(wrong))

ports = len(Document("networkequipment_1.json").list("network_ports"))
switch = muster("ci", "find", "ucs6248up-cluster-pa3-B")[0]
found = [child for child in muster("ci", "show", str(switch["id"]))["children"] if child["class"] == "interface"]
print(f"{'ok' if len(found) == ports else 'not ok'} networkequipment_1.json: {len(found)} of {ports} ports")
