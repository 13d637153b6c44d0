import CMDB
import Model
import TOML
import Testing

@Suite("Declared services")
struct DeclaredServicesTests {
    private func read(_ text: String) throws -> DeclaredServices.Declared {
        try DeclaredServices.read(try TOMLDocument.parse(text, file: "shop.toml"), file: "shop.toml")
    }

    @Test("a file with every form of need")
    func forms() throws {
        let texts = [
            "host:db-01", "device:core", "business-service:Login", "service:nginx@web-01", "listen:tcp:8088@web-01",
        ]
        let listed = texts.map { "\"\($0)\"" }.joined(separator: ", ")
        let declared = try read("name = \"Shop\"\nclass = \"business-service\"\ndepends_on = [\(listed)]\n")
        #expect(declared.name == "Shop")
        #expect(declared.dependsOn.map(\.description) == texts)
    }

    @Test(
        "what cannot be is refused with its place and the forms that can",
        arguments: [
            "nginx", "service:nginx", "service:@host", "listen:tcp:0@h", "listen:sctp:80@h", "listen:tcp:80", "host:",
            "disk:sda", "listen:tcp:99999999999999999999@h",
        ])
    func refused(selector: String) throws {
        #expect { try read("name = \"Shop\"\ndepends_on = [\"\(selector)\"]\n") } throws: { error in
            "\(error)".contains("shop.toml:2") && "\(error)".contains("listen:TRANSPORT:PORT@HOST")
        }
    }

    @Test(
        "unknown keys, a missing name and another class are refused",
        arguments: ["nam = \"x\"", "", "name = \"x\"\nclass = \"host\""])
    func shape(text: String) { #expect(throws: TOMLError.self) { try read(text) } }

    @Test("a unit is found by its name without the suffix")
    func unitNames() {
        #expect(ServiceSelector.isService("nginx.service", calledBy: "nginx"))
        #expect(ServiceSelector.isService("nginx.service", calledBy: "nginx.service"))
        #expect(!ServiceSelector.isService("nginx.service", calledBy: "ngin"))
    }
}
