#!/usr/bin/env python3
"""An NTP server for tests: checks_time.py ADDRESS FILE. Its clock is ahead of this host's by as many seconds as the file says."""
import socket
import struct
import sys
import time

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 123))
while True:
    question, peer = server.recvfrom(1024)
    if len(question) < 48:
        continue
    with open(sys.argv[2]) as file:
        now = time.time() + float(file.read() or 0) + 2208988800
    stamp = struct.pack("!II", int(now) & 0xFFFFFFFF, int(now % 1 * 2**32))
    server.sendto(bytes([0x24, 1, 6, 0xEC]) + struct.pack("!II4s", 0, 0, b"TEST") + stamp + question[40:48] + stamp + stamp, peer)
