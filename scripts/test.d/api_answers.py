#!/usr/bin/env python3
"""Asks the collector for what its document promises and compares: schemas, pages, tags, keys, metrics."""
import json
import os
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

import jsonschema
from prometheus_client.openmetrics import parser

document = json.load(open(sys.argv[1], encoding="utf-8"))
url = os.environ["MUSTER_URL"]
token = open(os.environ["MUSTER_TOKEN_FILE"], encoding="utf-8").read().strip()
host = os.environ["MUSTER_HOST"]
context = ssl.create_default_context(cafile=os.environ["MUSTER_CA"])


def must(what, holds, note=""):
    print(f"ok api: {what}" if holds else f"not ok api: {what} {note}", flush=True)


def send(method, path, body=None, is_known=True, **fields):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method=method)
    if is_known:
        request.add_header("Authorization", f"Bearer {token}")
    for name, value in fields.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        answer = urllib.request.urlopen(request, context=context, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read()


def problems(template, method, status, headers, body):
    """Everything in which an answer differs from the document; empty for none."""
    responses = document["paths"][template][method.lower()]["responses"]
    response = responses.get(str(status))
    if response is None:
        return [f"{status} is not documented"]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    if "content" not in response:
        return ["a body where none is documented"] if body else []
    media = headers["Content-Type"]
    if media not in response["content"]:
        return [f"media type {media}"]
    if "json" not in media:
        return []
    schema = dict(response["content"][media]["schema"], components=document["components"])
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(json.loads(body))][:3]


def first(path, member, fallback=1):
    items = json.loads(send("GET", path)[2])["items"]
    return items[0][member] if items else fallback


users = "/v1/users"
send("POST", users, {"name": "mei", "role": "operator"})
# Only a firing one can be acknowledged; a busy machine has some that are pending.
alarm = first("/v1/alarms?state=firing", "id")
incident = first("/v1/incidents?state=all", "number")
silence = json.loads(send("POST", f"/v1/alarms/{alarm}/silence", {"seconds": 3600, "reason": "test"})[2])["id"]
values = {
    "ci": host, "section": "packages", "id": alarm, "number": incident, "agent": first("/v1/agents", "id"), "user": "mei",
    "policy": "10-all",
}
bodies = {
    "/v1/alarms/{id}/silence": {"seconds": 3600, "reason": "again"},
    "/v1/incidents": {"ci": host, "title": "By hand", "urgency": "low"},
    "/v1/incidents/{number}": {"note": "seen", "assignee": "mei", "priority": 2},
    "/v1/incidents/{number}/resolve": {"note": "solved"},
    "/v1/users": {"name": "zoe", "role": "viewer"},
    "/v1/users/{user}": {"role": "admin"},
    "/v1/tokens": {"note": "test"},
    "/v1/api-tokens": {"name": "other", "scope": "read"},
}

asked, wrong, unguarded = 0, [], []
listings = []
for template, methods in document["paths"].items():
    for method in methods:
        # What was found in networks is asked in discovery.sh: nothing is found here.
        if template.endswith("/revoke") or template.startswith("/v1/discoveries/"):
            continue
        names = dict(values, id=silence) if template.startswith("/v1/silences") else values
        path = template
        for name, value in names.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        if template == "/v1/impact":
            path += "?ci=" + urllib.parse.quote(host)
        if template == "/v1/path":
            path += "?" + urllib.parse.urlencode({"from": host, "to": host})
        body = bodies.get(template) if method == "post" else None
        if methods[method]["security"]:
            status, headers, content = send(method.upper(), path, body, is_known=False)
            if status != 401 or problems(template, method, status, headers, content):
                unguarded.append(f"{method} {path}: {status}")
        status, headers, content = send(method.upper(), path, body)
        asked += 1
        found = problems(template, method, status, headers, content)
        if not 200 <= status < 300:
            found.append(f"answered {status} {content[:200]!r}")
        if found:
            wrong.append(f"{method} {path}: {found}")
        if method == "get" and any(p["name"] == "after" for p in methods[method]["parameters"]) and "impact" not in path:
            listings.append((template, path))
must(f"every route but revoke and of findings answers as documented ({asked} asked)", not wrong and asked > 40, wrong)

must("every route that asks for a token is closed without one", not unguarded, unguarded)

for path in ["/v1/ci/nobody", "/v1/incidents/999999999", "/v1/ci?limit=0", "/v1/ci?clas=host", "/v1/ci?after=x", "/v1/none"]:
    status, headers, content = send("GET", path)
    is_problem = headers["Content-Type"] == "application/problem+json" and json.loads(content)["status"] == status
    must(f"{path} is a problem", is_problem and 400 <= status < 500, (status, content))

# Pages of two items together are the page of a thousand.
def listed(path, query):
    """A page, and the cursor of the next."""
    status, _, content = send("GET", path + query)
    page = json.loads(content)
    return (page["items"], page["next"]) if status == 200 else ([(status, content)], None)


def in_pages(path, filters):
    """What twelve pages of two hold, and whether that is all of it."""
    parts, after, rounds = [], "", 0
    while after is not None and rounds < 12:
        items, after = listed(path, "?limit=2" + filters + (f"&after={after}" if after else ""))
        parts += items if len(items) <= 2 else ["more than two on a page"]
        rounds += 1
    return parts, after is None


for template, path in listings:
    filters = "&state=all" if path in ("/v1/alarms", "/v1/incidents") else ""
    # The collector goes on working while it is asked: what grew between two looks is looked at again.
    for _ in range(5):
        before, _ = listed(path, "?limit=1000" + filters)
        parts, is_all = in_pages(path, filters)
        whole, _ = listed(path, "?limit=1000" + filters)
        if before == whole:
            break
    expected = whole if is_all else whole[: len(parts)]
    differing = next(((a, b) for a, b in zip(parts, expected) if a != b), None)
    must(f"pages of {template}", parts == expected, (len(parts), len(whole), before == whole, differing))
    other = "/v1/agents" if path != "/v1/agents" else "/v1/users"
    if whole and (stranger := json.loads(send("GET", path + "?limit=1")[2])["next"]):
        must(f"a cursor of {template} is none elsewhere", send("GET", f"{other}?after={stranger}")[0] == 400)

# Tags and conditions.
path = f"/v1/incidents/{incident}"
status, headers, _ = send("GET", path)
tag = headers["ETag"]
must("304 for who has the record", send("GET", path, If_None_Match=tag)[0] == 304)
must("a change for this version passes", send("POST", path, {"note": "first"}, If_Match=tag)[0] == 200)
must("a change for an older version is refused", send("POST", path, {"note": "second"}, If_Match=tag)[0] == 412)

# Keys.
order = {"ci": host, "title": "Once"}
status, _, one = send("POST", "/v1/incidents", order, Idempotency_Key="once-1")
again, fields, two = send("POST", "/v1/incidents", order, Idempotency_Key="once-1")
must("a repeated request has its answer again", (status, one) == (again, two) and fields["Idempotency-Replayed"] == "true")
must("another body under its key is refused", send("POST", "/v1/incidents", dict(order, title="Twice"), Idempotency_Key="once-1")[0] == 422)
titles = [i["title"] for i in json.loads(send("GET", "/v1/incidents?state=all&limit=1000")[2])["items"]]
must("and had its effect once", titles.count("Once") == 1, titles)

# Metrics.
_, headers, text = send("GET", "/metrics")
must("/metrics has its media type", headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0"))
try:
    families = {f.name: f for f in parser.text_string_to_metric_families(text.decode())}
    note = ""
except ValueError as error:
    families, note = {}, error
wanted = {
    "muster_build", "process_cpu_seconds", "process_resident_memory_bytes", "process_open_fds", "muster_http_requests",
    "muster_http_request_duration_seconds", "muster_ingest_reports_received", "muster_ingest_reports",
    "muster_ingest_duration_seconds", "muster_agents", "muster_alarms", "muster_incidents", "muster_notifications",
    "muster_feed_lag", "muster_graph_lag", "muster_database_bytes", "muster_database_log_bytes", "muster_samples_bytes",
    "muster_certificate_remaining_seconds",
}
must("/metrics is OpenMetrics with every family", wanted <= set(families), note or wanted - set(families))
series = sum(len(f.samples) for f in families.values())
must(f"/metrics has a bounded number of series ({series})", 100 < series < 3000)
value = lambda name: {s.name: s.value for f in families.values() for s in f.samples}.get(name, 0)
must("the process is measured", value("process_resident_memory_bytes") > 1 << 20 and value("process_open_fds") > 5)
stored = {s.labels.get("outcome"): s.value for s in families["muster_ingest_reports"].samples} if families else {}
must("reports are counted", stored.get("stored", 0) > 0, stored)
