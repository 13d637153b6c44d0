import CollectorServices
import FleetCA
import Model
import SQLiteStores
import Stores
import Synchronization
import Testing

/// A clock that a test moves.
private final class Hands: Sendable {
    private let time = Mutex(SQLiteStore.wallTime())
    func now() -> Timestamp { time.withLock { $0 } }
    func move(seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

@Suite("People who sign in")
struct AccountsServiceTests {
    private let password = "correct horse battery"

    @Test("A link signs in once, within ten minutes, and not when the user is disabled")
    func link() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let accounts = AccountsService(store: bench.store, now: SQLiteStore.wallTime)
        _ = try await accounts.add("mei", role: .operator, by: "root")
        let (secret, _) = try await accounts.makeSignInLink("mei", by: "root")
        let session = try await accounts.signIn(link: secret.text, from: "192.0.2.1")
        #expect(try await accounts.session(of: session.text)?.user.name == "mei")
        await #expect(throws: ServiceRefusal.self) { try await accounts.signIn(link: secret.text, from: "192.0.2.1") }

        let (late, _) = try await accounts.makeSignInLink("mei", by: "root")
        let tomorrow = AccountsService(store: bench.store, now: { SQLiteStore.wallTime().adding(seconds: 601) })
        await #expect(throws: ServiceRefusal.self) { try await tomorrow.signIn(link: late.text, from: "192.0.2.1") }

        let (unused, _) = try await accounts.makeSignInLink("mei", by: "root")
        _ = try await accounts.setDisabled("mei", isDisabled: true, by: "root")
        await #expect(throws: ServiceRefusal.self) { try await accounts.signIn(link: unused.text, from: "192.0.2.1") }
        #expect(try await accounts.session(of: session.text) == nil)
        await #expect(throws: ServiceRefusal.self) { try await accounts.makeSignInLink("mei", by: "root") }
    }

    @Test("Of many who use one link at once, one signs in")
    func race() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let accounts = AccountsService(store: bench.store, now: SQLiteStore.wallTime)
        _ = try await accounts.add("mei", role: .viewer, by: "root")
        let (secret, _) = try await accounts.makeSignInLink("mei", by: "root")
        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 1...8 {
                group.addTask { (try? await accounts.signIn(link: secret.text, from: "192.0.2.\(number)")) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test("The right password opens, a wrong one, no one's and a disabled user's are refused alike")
    func passwords() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let accounts = AccountsService(store: bench.store, now: SQLiteStore.wallTime)
        _ = try await accounts.add("mei", role: .operator, by: "root")
        _ = try await accounts.add("fresh", role: .viewer, by: "root")
        try await accounts.setPassword("mei", password, by: "root")
        let session = try await accounts.signIn("mei", password: password, from: "192.0.2.1")
        #expect(try await accounts.session(of: session.text) != nil)
        var refusals: Set<ServiceRefusal> = []
        for (name, word) in [("mei", password + "x"), ("mei", ""), ("nobody", password), ("fresh", password)] {
            do {
                _ = try await accounts.signIn(name, password: word, from: "192.0.2.2")
                Issue.record("\(name) signed in")
            } catch let refusal as ServiceRefusal { refusals.insert(refusal) }
        }
        #expect(refusals.count == 1)
        #expect(try await accounts.user("mei").passwordHash?.contains(password) == false)
        let audit = try await bench.agents.audit(before: nil, limit: 50)
        #expect(audit.filter { $0.action == "user.sign-in-refused" }.count == 4)
        #expect(!audit.contains { "\($0)".contains(password) || "\($0)".contains(session.text) })
    }

    @Test("B7: guessing is slowed: the eleventh attempt in a minute waits, per address and per user")
    func guessing() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let accounts = AccountsService(store: bench.store, now: SQLiteStore.wallTime)
        for number in 1...10 {
            await #expect(throws: ServiceRefusal.forbidden(name: "sign-in", "name or password is wrong")) {
                try await accounts.signIn("user\(number)", password: "", from: "192.0.2.1")
            }
        }
        for name in ["user11", "mei"] {
            do {
                _ = try await accounts.signIn(name, password: "", from: "192.0.2.1")
                Issue.record("signed in")
            } catch ServiceRefusal.busy(let seconds, _) { #expect((1...60).contains(seconds)) }
        }
        for number in 1...10 { _ = try? await accounts.signIn("mei", password: "", from: "198.51.100.\(number)") }
        do {
            _ = try await accounts.signIn("mei", password: "", from: "198.51.100.99")
            Issue.record("signed in")
        } catch ServiceRefusal.busy(let seconds, _) { #expect((1...60).contains(seconds)) }
    }

    @Test("A session ends when it is not used for twelve hours, and after seven days in any case")
    func aging() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let hands = Hands()
        let accounts = AccountsService(store: bench.store, now: { hands.now() })
        _ = try await accounts.add("mei", role: .viewer, by: "root")
        let (secret, _) = try await accounts.makeSignInLink("mei", by: "root")
        let session = try await accounts.signIn(link: secret.text, from: "192.0.2.1")
        for _ in 0..<20 {
            hands.move(seconds: 8 * 3600)
            #expect(try await accounts.session(of: session.text) != nil)
        }
        hands.move(seconds: 8 * 3600 + 1)
        #expect(try await accounts.session(of: session.text) == nil)

        let (second, _) = try await accounts.makeSignInLink("mei", by: "root")
        let idle = try await accounts.signIn(link: second.text, from: "192.0.2.1")
        hands.move(seconds: AccountsService.idleSeconds + 1)
        #expect(try await accounts.session(of: idle.text) == nil)
    }

    @Test(
        "Names and passwords that cannot be are refused",
        arguments: ["", "Mei", "m i", "../x", "é", String(repeating: "a", count: 65)])
    func names(name: String) async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let accounts = AccountsService(store: bench.store, now: SQLiteStore.wallTime)
        await #expect(throws: ServiceRefusal.self) { try await accounts.add(name, role: .viewer, by: "root") }
        _ = try await accounts.add("mei", role: .viewer, by: "root")
        await #expect(throws: ServiceRefusal.self) { try await accounts.add("mei", role: .admin, by: "root") }
        await #expect(throws: ServiceRefusal.self) { try await accounts.setPassword("mei", "short", by: "root") }
        await #expect(throws: ServiceRefusal.self) {
            try await accounts.setPassword("mei", String(repeating: "a", count: 257), by: "root")
        }
    }

    @Test("A kept hash that is damaged matches nothing and traps nothing")
    func damaged() {
        for text in [
            "", "scrypt", "scrypt$0$8$1$00$00", "scrypt$32768$8$1$zz$00", "scrypt$-1$8$1$00$00", "md5$1$1$1$00$00",
        ] {
            #expect(!PasswordHash(text: text).matches("x"))
        }
    }
}
