import CollectorServices
import HTTPAPI
import Model
import Testing

@testable import Console

@Suite("Signing in to the console")
struct SignInTests {
    @Test("Who is not signed in is sent to sign in and comes back to where he wanted to go")
    func redirected() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let answer = await bench.get("/audit?after=7", nil)
        #expect(answer.status == 303)
        #expect(answer.field("location") == "/sign-in?next=%2Faudit%3Fafter%3D7")
        #expect(await bench.get("/sign-in?next=%2Faudit", nil).text.contains("value=\"/audit\""))
    }

    @Test("A link's page only shows a button; the button signs in with a cookie that scripts cannot read")
    func link() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        _ = try await bench.accounts.add("mei", role: .viewer, by: "root")
        let (link, _) = try await bench.accounts.makeSignInLink("mei", by: "root")
        for _ in 0..<3 { #expect(await bench.get("/sign-in?link=" + link.text, nil).text.contains(link.text)) }
        let answer = await bench.post("/sign-in/link", nil, [("link", link.text), ("next", "/alarms")])
        #expect(answer.status == 303)
        #expect(answer.field("location") == "/alarms")
        let cookie = try #require(answer.field("set-cookie"))
        for part in ["__Host-muster=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            #expect(cookie.contains(part))
        }
        let again = await bench.post("/sign-in/link", nil, [("link", link.text)])
        #expect(again.status == 403)
        #expect(again.field("set-cookie") == nil)
    }

    @Test("A wrong password is answered with the page and a reason in the reader's language")
    func wrong() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let answer = await bench.post("/sign-in", nil, [("name", "mei"), ("password", "not this one")])
        #expect(answer.status == 403)
        #expect(answer.text.contains("Name or password is wrong."))
        #expect(!answer.text.contains("not this one"))
    }

    @Test("B7: a form from another site, without the session's token or with another's is refused and changes nothing")
    func forgery() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let admin = try await bench.person("admin", .admin)
        let other = try await bench.person("other", .admin)
        let fields = [("name", "evil"), ("role", "admin")]
        #expect(await bench.post("/users", admin, fields, from: "cross-site").status == 403)
        #expect(await bench.post("/users", admin, fields, token: false).status == 403)
        #expect(await bench.post("/users", admin, fields + [("form", other.formToken)], token: false).status == 403)
        #expect(await bench.post("/users", nil, fields).status == 303)
        #expect(try await bench.accounts.list(after: nil, limit: 10).map(\.name) == ["admin", "other"])
        #expect(await bench.post("/users", admin, fields).status == 303)
        #expect(try await bench.accounts.user("evil").role == .admin)
    }

    @Test("A viewer and an operator see no page for admins; signing out ends the session")
    func roles() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        for (name, role) in [("v", UserRole.viewer), ("op", .operator)] {
            let person = try await bench.person(name, role)
            for path in ["/users", "/audit"] { #expect(await bench.get(path, person).status == 403) }
            #expect(await bench.post("/users", person, [("name", "x"), ("role", "admin")]).status == 403)
            #expect(await bench.get("/", person).status == 200)
            #expect(await bench.post("/sign-out", person).status == 303)
            #expect(try await bench.accounts.session(of: person.secret) == nil)
        }
    }

    @Test("An admin cannot lock himself out")
    func own() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let admin = try await bench.person("admin", .admin)
        #expect(await bench.post("/users/admin/disable", admin).status == 409)
        #expect(await bench.post("/users/admin/role", admin, [("role", "viewer")]).status == 409)
        #expect(try await bench.accounts.user("admin").role == .admin)
    }

    @Test(
        "Every answer carries the policy that lets nothing foreign run",
        arguments: ["/", "/users", "/nothing", "/sign-in"])
    func policy(path: String) async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let person = path == "/sign-in" ? nil : try await bench.person("admin", .admin)
        let answer = await bench.get(path, person)
        let policy = try #require(answer.field("content-security-policy"))
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        #expect(
            !answer.text.contains("<script>") && !answer.text.contains(" style=") && !answer.text.contains(" onclick"))
    }

    @Test("The language is kept with the person and wins over the browser")
    func language() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        var person = try await bench.person("mei", .viewer)
        #expect(await bench.get("/", person, language: "zh-CN").text.contains("lang=\"zh-Hans\""))
        #expect(await bench.post("/account/language", person, [("language", "en")]).status == 303)
        person.user = try await bench.accounts.user("mei")
        #expect(await bench.get("/", person, language: "zh-CN").text.contains("lang=\"en\""))
        #expect(await bench.post("/account/language", person, [("language", "xx")]).status == 400)
    }

    @Test("A page that is not there, a broken address and a wrong method are pages, not documents for programs")
    func problems() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let person = try await bench.person("mei", .viewer)
        for (path, status) in [("/nothing", 404), ("/a/../b", 400), ("/?x=1", 400)] {
            let answer = await bench.get(path, person)
            #expect(answer.status == status)
            #expect(answer.mediaType.hasPrefix("text/html"))
        }
        #expect(await bench.post("/live", person).status == 405)
    }
}
