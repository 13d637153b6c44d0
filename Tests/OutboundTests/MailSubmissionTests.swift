import Outbound
import Testing

/// A mail server over aiosmtpd that prints what it takes.
///
/// `@unchecked Sendable`: made on one thread, used by one test.
private final class MailBench: @unchecked Sendable {
    let directory: String
    private let process: TestProcess
    let port: Int

    init?(tls: Bool) {
        let request =
            "/usr/bin/openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout k.pem "
            + "-out c.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
        guard let directory = temporaryDirectory(),
            TestProcess(request.split(separator: " ").map(String.init), in: directory)?.succeeds() == true,
            let process = TestProcess(["/usr/bin/python3", "-c", program(tls: tls)], in: directory),
            let port = Int(process.nextLine())
        else { return nil }
        self.directory = directory
        self.process = process
        self.port = port
    }

    deinit {
        process.stop()
        remove(directory)
    }

    func nextLine() -> String { process.nextLine() }
}

private func program(tls: Bool) -> String {
    """
    import asyncio, json, os, ssl, sys, threading
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    from aiosmtpd.smtp import SMTP, AuthResult
    class Handler:
        async def handle_DATA(self, server, session, envelope):
            print(json.dumps([envelope.mail_from, envelope.rcpt_tos, envelope.content.decode(),
                session.ssl is not None, session.host_name]), flush=True)
            return "250 taken" if "refused@example.org" not in envelope.rcpt_tos else "554 not wanted"
    def login(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)
    async def main():
        context = None
        if \(tls ? "True" : "False"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("c.pem", "k.pem")
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Handler(), tls_context=context, authenticator=login,
            auth_require_tls=False), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.sleep(600)
    asyncio.run(main())
    """
}

private let hasServer = TestProcess(["/usr/bin/python3", "-c", "import aiosmtpd"], in: "/")?.succeeds() == true

@Suite(.enabled(if: hasServer, "needs Debian's python3-aiosmtpd")) struct MailSubmissionTests {
    private let message = Array("Subject: x\r\n\r\n.dot\r\nend\r\n".utf8)

    private func mail(_ bench: MailBench, _ security: MailSubmission.Security) -> MailSubmission {
        MailSubmission(
            host: "127.0.0.1", port: bench.port, security: security,
            tls: TLSSettings(trust: .file(bench.directory + "/c.pem")), localName: "agent.example.org",
            from: "from@example.org", recipients: ["a@example.org", "b@example.org"], message: message)
    }

    @Test("a message arrives with its envelope and its dots over STARTTLS")
    func startTLS() async throws {
        let bench = try #require(await onThread { MailBench(tls: true) })
        var mail = mail(bench, .startTLS)
        mail.login = ("user", "right")
        try await OutboundClient().deliver(mail)
        let line = bench.nextLine()
        #expect(line.contains("\"from@example.org\", [\"a@example.org\", \"b@example.org\"]"))
        #expect(line.contains("\\r\\n.dot\\r\\nend"))
        #expect(line.contains("true, \"agent.example.org\""))
    }

    @Test("a wrong password and an unknown authority are told apart")
    func refusals() async throws {
        let bench = try #require(await onThread { MailBench(tls: true) })
        var wrong = mail(bench, .startTLS)
        wrong.login = ("user", "wrong")
        await #expect(throws: OutboundError.self) { try await OutboundClient().deliver(wrong) }
        do { try await OutboundClient().deliver(wrong) } catch { #expect(error.kind == .login) }
        var foreign = mail(bench, .startTLS)
        foreign.tls.trust = .system
        do {
            try await OutboundClient().deliver(foreign)
            Issue.record("delivered")
        } catch { #expect(error.kind == .tls) }
    }

    @Test("without STARTTLS on the server nothing is sent where it is required")
    func downgrade() async throws {
        let bench = try #require(await onThread { MailBench(tls: false) })
        do {
            try await OutboundClient().deliver(mail(bench, .startTLS))
            Issue.record("delivered in the clear")
        } catch { #expect(error.kind == .tls) }
        try await OutboundClient().deliver(mail(bench, .none))
        #expect(bench.nextLine().contains("false, \"agent.example.org\""))
    }

    @Test("a refusal of the message carries the server's status")
    func refusedMessage() async throws {
        let bench = try #require(await onThread { MailBench(tls: false) })
        var mail = mail(bench, .none)
        mail.recipients = ["refused@example.org"]
        do {
            try await OutboundClient().deliver(mail)
            Issue.record("delivered")
        } catch { #expect(error.status == 554) }
    }
}
