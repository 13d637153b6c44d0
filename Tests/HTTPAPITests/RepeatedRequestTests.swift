import CollectorServices
import Foundation
import Model
import SQLiteStores
import Stores
import Testing
import Wire

@testable import HTTPAPI

@Suite("Requests that are sent again, and changes with a condition")
struct RepeatedRequestTests {
    private func send(
        _ table: RouteTable, _ method: String, _ target: String, _ body: String = "", key: String? = nil,
        fields: [(name: String, value: String)] = [], caller: String = "a"
    ) async -> (status: Int, text: String, fields: [String: String]) {
        let named = fields + (key.map { [("Idempotency-Key", $0)] } ?? [])
        let (answer, _) = await table.answer(
            method: method, target: target, caller: .account(name: caller, scope: .admin), address: "192.0.2.1",
            fields: RequestFields(named), body: { Array(body.utf8) })
        return (
            answer.status, String(decoding: answer.body, as: UTF8.self),
            Dictionary(answer.fields.map { ($0.name, $0.value) }) { first, _ in first }
        )
    }

    private let order = #"{"name": "mei", "role": "viewer"}"#

    @Test("The same request under the same key has its effect once and its answer each time, also after a restart")
    func replay() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        let first = await send(table, "POST", "/v1/users", order, key: "k-1")
        #expect(first.status == 201)
        #expect(first.fields["Idempotency-Replayed"] == nil)
        let restarted = RouteTable(try bench.api().all)
        for table in [table, restarted] {
            let again = await send(table, "POST", "/v1/users", order, key: "k-1")
            #expect(again.status == 201)
            #expect(again.text == first.text)
            #expect(again.fields["Idempotency-Replayed"] == "true")
        }
        let audit = try await bench.agents.audit(before: nil, limit: 50)
        #expect(audit.filter { $0.action == "user.add" }.count == 1)
        // Without a key, and under another one, it is a new request, which does not fit.
        #expect(await send(table, "POST", "/v1/users", order).status == 409)
        #expect(await send(table, "POST", "/v1/users", order, key: "k-2").status == 409)
    }

    @Test("A key is bound to method, path and body, and to its caller")
    func bound() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        #expect(await send(table, "POST", "/v1/users", order, key: "k").status == 201)
        let other = await send(table, "POST", "/v1/users", #"{"name": "bob", "role": "viewer"}"#, key: "k")
        #expect(other.status == 422)
        #expect(other.text.contains("/problems/key-reused"))
        #expect(await send(table, "POST", "/v1/users/mei", order, key: "k").status == 422)
        #expect(await send(table, "POST", "/v1/users/mei", #"{"role": "admin"}"#, key: "k").status == 422)
        let stranger = #"{"name": "zoe", "role": "viewer"}"#
        #expect(await send(table, "POST", "/v1/users", stranger, key: "k", caller: "b").status == 201)
        for key in ["", "a b", "é", String(repeating: "k", count: 256)] {
            #expect(await send(table, "POST", "/v1/users", stranger, key: key).status == 400, "\(key)")
        }
    }

    @Test("A refused request claims nothing: it may be sent again under its key when it fits")
    func refused() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        let change = #"{"role": "admin"}"#
        #expect(await send(table, "POST", "/v1/users/mei", change, key: "k").status == 404)
        #expect(await send(table, "POST", "/v1/users", order).status == 201)
        #expect(await send(table, "POST", "/v1/users/mei", change, key: "k").status == 200)
    }

    @Test("Of many at the same time one has the effect; the others wait or get its answer")
    func race() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        let body = #"{"life_seconds": 3600, "note": "race"}"#
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { await send(table, "POST", "/v1/tokens", body, key: "k").status } }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.contains(201))
        #expect(statuses.allSatisfy { $0 == 201 || $0 == 409 })
        let audit = try await bench.agents.audit(before: nil, limit: 50)
        #expect(audit.filter { $0.action == "token.create" }.count == 1)
    }

    @Test("An answer with a secret is repeated from memory and never written; after a restart it is said to be lost")
    func secrets() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        let body = #"{"name": "grafana", "scope": "read"}"#
        let first = await send(table, "POST", "/v1/api-tokens", body, key: "k")
        #expect(first.status == 201)
        #expect(await send(table, "POST", "/v1/api-tokens", body, key: "k").text == first.text)
        let kept = try await bench.store.claimedRequest(
            caller: "token:a", key: SHA256Digest(of: "k".utf8).description, at: SQLiteStore.wallTime())
        #expect(kept != nil && kept?.answer == nil)
        let restarted = RouteTable(try bench.api().all)
        let lost = await send(restarted, "POST", "/v1/api-tokens", body, key: "k")
        #expect(lost.status == 409)
        #expect(lost.text.contains("/problems/answer-lost"))
    }

    @Test("A key may be used again after a day")
    func expiry() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        #expect(await send(table, "POST", "/v1/users", order, key: "k").status == 201)
        let key = SHA256Digest(of: "k".utf8).description
        let now = SQLiteStore.wallTime()
        #expect(try await bench.store.claimedRequest(caller: "token:a", key: key, at: now) != nil)
        let tomorrow = now.adding(seconds: 86_401)
        #expect(try await bench.store.claimedRequest(caller: "token:a", key: key, at: tomorrow) == nil)
    }

    @Test("A record has a tag; who has it gets 304, and a change meant for another version is refused")
    func tags() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        #expect(await send(table, "POST", "/v1/users", order).status == 201)
        let first = await send(table, "GET", "/v1/users/mei")
        let tag = try #require(first.fields["ETag"])
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        for known in [tag, "W/" + tag, "\"x\", " + tag, "*"] {
            let again = await send(table, "GET", "/v1/users/mei", fields: [("If-None-Match", known)])
            #expect(again.status == 304 && again.text.isEmpty, "\(known)")
        }
        #expect(await send(table, "GET", "/v1/users/mei", fields: [("If-None-Match", "\"x\"")]).status == 200)
        let change = #"{"role": "admin"}"#
        let stale = await send(table, "POST", "/v1/users/mei", change, fields: [("If-Match", "\"x\"")])
        #expect(stale.status == 412)
        #expect(stale.text.contains("/problems/precondition"))
        let wrong = await send(table, "POST", "/v1/users/mei", #"{"role": "king"}"#, fields: [("If-Match", "\"x\"")])
        #expect(wrong.status == 400)
        let weak = await send(table, "POST", "/v1/users/mei", change, fields: [("If-Match", "W/" + tag)])
        #expect(weak.status == 412)
        #expect(await send(table, "POST", "/v1/users/mei", change, fields: [("If-Match", tag)]).status == 200)
        #expect(await send(table, "POST", "/v1/users/mei", change, fields: [("If-Match", tag)]).status == 412)
        let now = await send(table, "GET", "/v1/users/mei", fields: [("If-None-Match", tag)])
        #expect(now.status == 200)
        #expect(now.fields["ETag"] != tag)
    }
}
