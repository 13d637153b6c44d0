import Outbound
import Testing

@Suite struct RequestGuardTests {
    private func kind(_ request: OutboundRequest) async -> OutboundError? {
        do {
            _ = try await OutboundClient().send(request)
            return nil
        } catch { return error }
    }

    @Test(
        "only plain http and https URLs are taken",
        arguments: [
            "", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://x/", "javascript:alert(1)",
            "http:/127.0.0.1", "https://user:secret@127.0.0.1/", "http://127.0.0.1/ x", "http://127.0.0.1/\r\nX: y",
            "http://127.0.0.1/\u{0}", "http://ex\u{e4}mple/", "http://a\\@b/", "HTTP\u{212a}://x/",
        ])
    func urls(url: String) async {
        #expect(await kind(OutboundRequest(url: url))?.kind == .badRequest)
    }

    @Test(
        "a header cannot break out of its line",
        arguments: [
            ("X-A", "b\r\nX-C: d"), ("X-A", "b\n"), ("X-A", "b\u{0}"), ("X-A\r\nB", "c"), ("X A", "b"), ("", "b"),
            ("X-A:", "b"), ("X-\u{e4}", "b"),
        ])
    func headers(name: String, value: String) async {
        let error = await kind(OutboundRequest(url: "http://127.0.0.1:1/", headers: [(name, value)]))
        #expect(error?.kind == .badRequest)
    }

    @Test("an error names scheme, host and port, never user, path or query")
    func secretsStayOut() async {
        let error = await kind(OutboundRequest(url: "https://u:pw@127.0.0.1:1/token/abc?key=def"))
        #expect(error?.target == "https://127.0.0.1:1")
        #expect(error.map { !$0.description.contains("pw") && !$0.description.contains("abc") } == true)
    }

    @Test(
        "mail addresses that could end the command are refused",
        arguments: [
            "a@b>\r\nDATA", "a b@c", "<a@b>", "", "a@b@c", "a\u{0}@b", "\u{e4}@b", "\"a b\"@c", "a@b,c@d",
        ])
    func mailAddresses(address: String) async {
        for (from, to) in [(address, "x@y"), ("x@y", address)] {
            let mail = MailSubmission(
                host: "127.0.0.1", port: 1, security: .none, from: from, recipients: [to], message: [])
            await #expect(throws: OutboundError.self) { try await OutboundClient().deliver(mail) }
        }
    }

    @Test("a password without TLS is refused before anything is sent")
    func passwordInTheClear() async {
        let mail = MailSubmission(
            host: "127.0.0.1", port: 1, security: .none, login: ("u", "p"), from: "a@b", recipients: ["c@d"],
            message: [])
        do {
            try await OutboundClient().deliver(mail)
            Issue.record("delivered")
        } catch { #expect(error.kind == .badRequest) }
    }
}
