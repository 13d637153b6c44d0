"""Floods a collector's port while an agent's connection is timed; one JSON object on stdout.

flood.py PORT CA CERTIFICATE KEY [KEPT NEW]: 1,000 connections from ten loopback addresses that say nothing, then as many that send
a byte of a header now and then and come again, 200 a second, when they are closed, beside 100 a second that end at once.
Times are of `GET /v1/agent/wants` on a
connection that stays, and of new connections with their handshake, in milliseconds: KEPT and NEW of them, else 300 and 20.
"""

import http.client
import json
import multiprocessing
import os
import socket
import ssl
import sys
import threading
import time

port, authority, certificate, key = int(sys.argv[1]), *sys.argv[2:5]
samples = [int(count) for count in sys.argv[5:7]] or [300, 20]
context = ssl.create_default_context(cafile=authority)
context.load_cert_chain(certificate, key)


def connection():
    return http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)


def ask(agent):
    begun = time.perf_counter()
    agent.request("GET", "/v1/agent/wants?wait_seconds=0")
    answer = agent.getresponse()
    answer.read()
    if answer.status != 200:
        raise OSError(f"status {answer.status}")
    return (time.perf_counter() - begun) * 1000


def fresh():
    begun = time.perf_counter()
    agent = connection()
    ask(agent)
    agent.close()
    return (time.perf_counter() - begun) * 1000


def p99(times):
    return round(sorted(times)[min(len(times) - 1, len(times) * 99 // 100)], 3)


def measure(agent):
    """Every request is answered, or this raises."""
    kept, new = samples
    return {"kept_p99": p99([ask(agent) for _ in range(kept)]), "new_p99": p99([fresh() for _ in range(new)])}


class Flood:
    def __init__(self):
        self.sockets, self.lock, self.ends = [], threading.Lock(), threading.Event()
        self.opened = self.refused = 0

    def open(self, number):
        flood = socket.socket()
        flood.settimeout(5)
        flood.bind((f"127.0.0.{2 + number % 10}", 0))
        try:
            flood.connect(("127.0.0.1", port))
            self.opened += 1
        except OSError:
            flood.close()
            self.refused += 1
            return None
        return flood

    def silent(self, count):
        for number in range(count):
            if (flood := self.open(number)) is not None:
                with self.lock:
                    self.sockets.append(flood)

    def drip(self):
        """A byte of a header to everybody, again and again; who was closed is opened anew, 20 at most each time."""
        number = 0
        while not self.ends.wait(0.1):
            room = 20
            with self.lock:
                kept, self.sockets = self.sockets, []
            for flood in kept:
                try:
                    flood.send(b"a")
                    self.sockets.append(flood)
                except OSError:
                    flood.close()
            while room > 0 and len(self.sockets) < 1000:
                number += 1
                room -= 1
                if (again := self.open(number)) is not None:
                    self.sockets.append(again)

    def churn(self):
        number = 0
        while not self.ends.wait(0.01):
            number += 1
            if (flood := self.open(number)) is not None:
                flood.close()

    def close(self):
        self.ends.set()


def flooding(orders, answers):
    """The flood in a process of its own, so that what is timed does not wait for its interpreter."""
    flood = Flood()
    orders.recv()
    flood.silent(1000)
    answers.send("idle")
    orders.recv()
    threads = [threading.Thread(target=flood.drip), threading.Thread(target=flood.churn)]
    for thread in threads:
        thread.start()
    answers.send("flood")
    orders.recv()
    flood.close()
    for thread in threads:
        thread.join()
    for left in flood.sockets:
        left.close()
    answers.send({"opened": flood.opened, "not_connected": flood.refused})


def next_step():
    orders.send(True)
    return answers.recv()


processors = sorted(os.sched_getaffinity(0))
ours, orders = multiprocessing.Pipe(False)
answers, theirs = multiprocessing.Pipe(False)
flooder = multiprocessing.Process(target=flooding, args=(ours, theirs))
flooder.start()
if len(processors) > 1:
    # A flood comes from elsewhere: here it has one processor, and what is timed another.
    os.sched_setaffinity(flooder.pid, processors[-1:])
    os.sched_setaffinity(0, processors[:1])
try:
    agent = connection()
    measure(agent)
    result = {"calm": measure(agent)}
    for state in ["idle", "flood"]:
        next_step()
        result[state] = measure(agent)
    result |= next_step()
    flooder.join()
    time.sleep(1)
    result["after"] = measure(agent)
    print(json.dumps(result))
finally:
    flooder.kill()
