import Foundation
import Outbound
import TOML
import Testing

@testable import CollectorRuntime

@Suite("The collector's configuration")
struct CollectorConfigTests {
    private func decode(_ text: String) throws -> CollectorConfig {
        try CollectorConfig.decode(try TOMLDocument.parse(text, file: "collector.toml"), outbound: OutboundClient())
    }

    @Test("The file that is shipped is read, and every default in it is the one in the code")
    func shipped() throws {
        let text = try String(contentsOfFile: configuration + "/collector.toml", encoding: .utf8)
        let plain = try decode(text)
        let uncommented = text.split(separator: "\n").map { line in
            line.hasPrefix("# ") && line.contains(" = ") && line.dropFirst(2).first?.isLowercase == true
                ? String(line.dropFirst(2)) : String(line)
        }.joined(separator: "\n")
        let full = try decode(uncommented)
        #expect(uncommented != text)
        #expect("\(full)" == "\(plain)")
    }

    @Test(
        "What is wrong is refused with line and what is accepted",
        arguments: [
            ("", "missing key \"collector\""), ("[collector]", "names"), ("[collector]\nnames = []", "names"),
            ("[collector]\nnames = [\"a\"]\nnmaes = 1", "3:1: unknown key \"nmaes\""),
            ("[collector]\nnames = [\"a\"]\napi_port = 0", "1 to 65535"),
            ("[collector]\nnames = [\"a\"]\napi_port = \"7600\"", "a whole number"),
            ("[collector]\nnames = [\"a\"]\nagents_address = \"nowhere\"", "IPv4 or IPv6"),
            ("[collector]\nnames = [\"a\"]\nstate_directory = \"here\"", "begins with /"),
            ("[collector]\nnames = [\"a\"]\nlog_level = \"loud\"", "critical"),
            ("[collector]\nnames = [\"a\"]\n[incidents]\nreopen_within = \"8d\"", "7d"),
            ("[collector]\nnames = [\"a\"]\nagent_certificate_life = \"12h\"", "\"1d\" to"),
            ("[collector]\nnames = [\"a\"]\n[backup]\nenabled = 1", "true or false"),
            ("[collector]\nnames = [\"a\"]\n[backup]\ninterval = \"1m\"", "\"1h\" to"),
            ("[collector]\nnames = [\"a\"]\n[backup]\nkeep = 0", "1 to 1000"),
            ("[collector]\nnames = [\"a\"]\n[[glpi_site]]\nname = \"a:b\"", "ASCII letters"),
            ("[collector]\nnames = [\"a\"]\n[[glpi_site]]\nname = \"b\"", "missing key \"secret_file\""),
            (
                "[collector]\nnames = [\"a\"]\n[[glpi_site]]\nname = \"b\"\nsecret_file = \"x/y\"",
                "a path or a credential"
            ),
            (
                """
                [collector]
                names = ["a"]
                [[glpi_site]]
                name = "b"
                secret_file = "/s"
                [[glpi_site]]
                name = "b"
                secret_file = "/t"
                """, "a second time"
            ),
            (
                "[collector]\nnames = [\"a\"]\n[[glpi_site]]\nname = \"b\"\nsecret_file = \"/s\"\nsilent_after = \"1m\"",
                "\"1h\" to"
            ),
            ("[collector]\nnames = [\"a\"]\n[rulez]\n", "unknown key \"rulez\""),
            ("[collector]\nnames = [\"a\"]\n[[channel]]\ntype = \"pigeon\"\nname = \"x\"", "pigeon"),
        ])
    func refused(text: String, expected: String) {
        let error = #expect(throws: TOMLError.self) { try decode(text) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    private var configuration: String {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path + "/collector-config"
    }
}
