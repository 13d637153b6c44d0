import Glibc
import Outbound
import Testing

/// A fleet of throw-away certificates and a TLS server over `openssl` and Debian's `python3`.
///
/// `@unchecked Sendable`: made on one thread, used by one test.
private final class TLSBench: @unchecked Sendable {
    let directory: String
    private var server: TestProcess?
    private(set) var port = 0

    init?() {
        guard let directory = temporaryDirectory() else { return nil }
        self.directory = directory
        for (ca, name) in [("ca", "Fleet CA"), ("other", "Other CA")] {
            guard
                openssl(
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout \(ca).key "
                        + "-out \(ca).pem -subj /CN=\(name.replacing(" ", with: "-"))")
            else { return nil }
        }
        guard issue("server", by: "ca", days: 2, name: "localhost"), issue("client", by: "ca", days: 2, name: "agent")
        else { return nil }
    }

    deinit {
        server?.stop()
        remove(directory)
    }

    func path(_ name: String) -> String { directory + "/" + name }

    func bytes(_ name: String) -> [UInt8] { contents(of: path(name)) }

    func write(_ name: String, _ bytes: [UInt8]) {
        #expect(store(bytes, at: path(name)))
    }

    func issue(_ leaf: String, by ca: String, days: Int, name: String) -> Bool {
        let extensions = "subjectAltName=DNS:\(name),IP:127.0.0.1\n"
        write("ext", Array(extensions.utf8))
        return openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(leaf).key -out \(leaf).csr -subj /CN=\(name)"
        )
            && openssl(
                "x509 -req -in \(leaf).csr -CA \(ca).pem -CAkey \(ca).key -CAcreateserial -days \(days) "
                    + "-extfile ext -out \(leaf).pem")
    }

    /// Serves `ok` and the client certificate's subject; `chain` is sent, a client certificate of `ca` is asked for.
    func serve(chain: String = "server", least: String = "TLSv1_2", most: String = "MAXIMUM_SUPPORTED") async throws {
        let program = """
            import http.server, os, ssl, sys, threading
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    print("GOT", flush=True)
                    body = str(self.connection.getpeercert()).encode()
                    self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *a): pass
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.\(least)
            context.maximum_version = ssl.TLSVersion.\(most)
            context.load_cert_chain("\(chain).pem", "\(chain).key")
            context.load_verify_locations("ca.pem"); context.verify_mode = ssl.CERT_OPTIONAL
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            print(server.server_port, flush=True)
            server.serve_forever()
            """
        let process = try #require(TestProcess(["/usr/bin/python3", "-c", program], in: directory))
        server = process
        port = try #require(Int(await onThread { process.nextLine() }))
    }

    private func openssl(_ arguments: String) -> Bool {
        let words = ["/usr/bin/openssl"] + arguments.split(separator: " ").map(String.init)
        return TestProcess(words, in: directory)?.succeeds() == true
    }
}

private let hasTools = access("/usr/bin/openssl", X_OK) == 0 && access("/usr/bin/python3", X_OK) == 0

@Suite(.enabled(if: hasTools, "needs /usr/bin/openssl and /usr/bin/python3")) struct TLSTests {
    private func get(_ bench: TLSBench, _ tls: TLSSettings, host: String = "localhost") async throws -> OutboundResponse
    {
        try await OutboundClient().send(OutboundRequest(url: "https://\(host):\(bench.port)/", tls: tls))
    }

    private func failure(_ bench: TLSBench, _ tls: TLSSettings, host: String = "localhost") async -> OutboundError? {
        do {
            _ = try await get(bench, tls, host: host)
            return nil
        } catch { return error as? OutboundError }
    }

    @Test("a pinned authority is trusted, as file and as text; nothing else is")
    func trust() async throws {
        let bench = try #require(await onThread { TLSBench() })
        try await bench.serve()
        #expect(try await get(bench, TLSSettings(trust: .file(bench.path("ca.pem")))).status == 200)
        #expect(try await get(bench, TLSSettings(trust: .pem(bench.bytes("ca.pem")))).status == 200)
        for trust in [TLSSettings.Trust.system, .file(bench.path("other.pem")), .pem(bench.bytes("other.pem"))] {
            #expect(await failure(bench, TLSSettings(trust: trust))?.kind == .tls)
        }
        #expect(await failure(bench, TLSSettings(trust: .pem(Array("nonsense".utf8))))?.kind == .credentials)
        #expect(await failure(bench, TLSSettings(trust: .file(bench.path("none"))))?.kind == .credentials)
    }

    @Test("who measures gets a connection of its own each time, and when the certificate ends")
    func certificateEnd() async throws {
        let bench = try #require(await onThread { TLSBench() })
        try await bench.serve()
        let client = OutboundClient()
        let tls = TLSSettings(trust: .file(bench.path("ca.pem")))
        for _ in 1...2 {
            let request = OutboundRequest(.get, url: "https://localhost:\(bench.port)/", tls: tls, isFresh: true)
            let answer = try await client.send(request)
            #expect(answer.timing.secured > .zero)
            let left = try #require(answer.certificateEnd) - Int64(time(nil))
            #expect((86_400 * 2 - 600...86_400 * 2).contains(left))
        }
    }

    @Test("S1: a server's wrong name and its expired certificate are refused and named")
    func nameAndExpiry() async throws {
        let bench = try #require(await onThread { TLSBench() })
        #expect(await onThread { bench.issue("expired", by: "ca", days: -1, name: "localhost") })
        try await bench.serve(chain: "expired")
        let expired = await failure(bench, TLSSettings(trust: .file(bench.path("ca.pem"))))
        #expect(expired?.kind == .tls)
        #expect(expired?.reason.contains("expired") == true)
        let named = try #require(await onThread { TLSBench() })
        #expect(await onThread { named.issue("named", by: "ca", days: 2, name: "elsewhere") })
        try await named.serve(chain: "named")
        #expect(await failure(named, TLSSettings(trust: .file(named.path("ca.pem"))))?.kind == .tls)
    }

    @Test("the client certificate reaches the server, from files and from texts")
    func identity() async throws {
        let bench = try #require(await onThread { TLSBench() })
        try await bench.serve()
        let trust = TLSSettings.Trust.file(bench.path("ca.pem"))
        let files = TLSSettings.Identity.files(certificate: bench.path("client.pem"), key: bench.path("client.key"))
        let texts = TLSSettings.Identity.pem(certificate: bench.bytes("client.pem"), key: bench.bytes("client.key"))
        for identity in [files, texts] {
            let response = try await get(bench, TLSSettings(trust: trust, identity: identity))
            #expect(String(decoding: response.body, as: UTF8.self).contains("agent"))
        }
        let anonymous = try await get(bench, TLSSettings(trust: trust))
        #expect(!String(decoding: anonymous.body, as: UTF8.self).contains("agent"))
        let wrongKey = TLSSettings.Identity.files(certificate: bench.path("client.pem"), key: bench.path("server.key"))
        #expect(await failure(bench, TLSSettings(trust: trust, identity: wrongKey))?.kind == .credentials)
    }

    @Test("one client does not lend a connection with a certificate to a request without")
    func noSharedIdentity() async throws {
        let bench = try #require(await onThread { TLSBench() })
        try await bench.serve()
        let client = OutboundClient()
        let trust = TLSSettings.Trust.file(bench.path("ca.pem"))
        let identity = TLSSettings.Identity.files(certificate: bench.path("client.pem"), key: bench.path("client.key"))
        let url = "https://localhost:\(bench.port)/"
        _ = try await client.send(OutboundRequest(url: url, tls: TLSSettings(trust: trust, identity: identity)))
        let response = try await client.send(OutboundRequest(url: url, tls: TLSSettings(trust: trust)))
        #expect(!String(decoding: response.body, as: UTF8.self).contains("agent"))
    }

    @Test("TLS 1.1 is refused")
    func oldVersion() async throws {
        let bench = try #require(await onThread { TLSBench() })
        try await bench.serve(least: "TLSv1", most: "TLSv1_1")
        #expect(await failure(bench, TLSSettings(trust: .file(bench.path("ca.pem"))))?.kind == .tls)
    }

    @Test("the peer's chain is fetched without verification and without a request")
    func peerChain() async throws {
        let bench = try #require(await onThread { TLSBench() })
        #expect(await onThread { bench.issue("leaf", by: "other", days: 2, name: "localhost") })
        let both = bench.bytes("leaf.pem") + bench.bytes("other.pem")
        bench.write("both.pem", both)
        bench.write("both.key", bench.bytes("leaf.key"))
        try await bench.serve(chain: "both")
        let client = OutboundClient()
        let chain = try await client.peerChain(host: "127.0.0.1", port: bench.port)
        #expect(chain.count == 2)
        #expect(chain.last.map { Array($0.utf8) } == bench.bytes("other.pem"))
        // What was connected without verification must not serve a verified request.
        do {
            let tls = TLSSettings(trust: .file(bench.path("ca.pem")))
            _ = try await client.send(OutboundRequest(url: "https://127.0.0.1:\(bench.port)/", tls: tls))
            Issue.record("an unverified connection was used")
        } catch { #expect(error.kind == .tls) }
    }

    @Test("a peer that speaks no TLS gives no chain")
    func peerChainOfPlainServer() async throws {
        let server = try #require(TestServer { _ in answer(400) })
        defer { server.stop() }
        do {
            _ = try await OutboundClient().peerChain(host: "127.0.0.1", port: server.port, timeout: .seconds(2))
            Issue.record("a chain without TLS")
        } catch { #expect(error.kind == .tls || error.kind == .timeout) }
    }
}
