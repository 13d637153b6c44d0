#!/usr/bin/python3
"""A mail server and a webhook receiver on loopback that write what they get into files, one JSON line each.

usage: sinks.py DIRECTORY MAIL-PORT WEBHOOK-PORT CERTIFICATE KEY

The mail server offers STARTTLS and takes mail only after it. Each line of DIRECTORY/mail.jsonl holds sender,
recipients, subject, body and whether TLS was on; each line of DIRECTORY/webhook.jsonl holds headers and body.
"""

import email
import email.policy
import http.server
import json
import pathlib
import signal
import ssl
import sys
import threading

from aiosmtpd.controller import Controller


class MailSink:
    def __init__(self, path):
        self.path = path

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        line = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]),
            "message_id": str(message["Message-ID"]),
            "body": body.get_content() if body else "",
            "tls": session.ssl is not None,
        }
        with self.path.open("a") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return "250 taken"


def webhook_handler(path):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            length = min(int(self.headers.get("Content-Length", "0")), 1 << 20)
            body = self.rfile.read(length)
            line = {"path": self.path, "headers": dict(self.headers), "body": json.loads(body)}
            with path.open("a") as out:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    return Handler


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[4], sys.argv[5])
    mail = Controller(
        MailSink(directory / "mail.jsonl"),
        hostname="127.0.0.1",
        port=int(sys.argv[2]),
        tls_context=tls,
        require_starttls=True,
    )
    mail.start()
    hook = http.server.ThreadingHTTPServer(
        ("127.0.0.1", int(sys.argv[3])), webhook_handler(directory / "webhook.jsonl")
    )
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    mail.stop()


main()
