import Foundation
import Model
import Testing
import Wire
import X509

@testable import FleetCA

@Suite("The fleet CA's own files")
struct FleetAuthorityTests {
    let start = Timestamp(rfc3339: "2026-11-23T12:00:00Z") ?? Timestamp(seconds: 0)

    @Test("A new CA is loaded again with the same certificate and digest; its key is 0600")
    func createAndLoad() throws {
        try inDirectory { directory in
            let made = try FleetAuthority.create(in: directory, at: start)
            let loaded = try FleetAuthority.load(from: directory)
            #expect(made.der == loaded.der)
            #expect(made.digest == loaded.digest)
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/ca.key")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("The digest is of the DER in ca.pem")
    func digest() throws {
        try inDirectory { directory in
            let made = try FleetAuthority.create(in: directory, at: start)
            let text = try String(contentsOfFile: directory + "/ca.pem", encoding: .utf8)
            let certificate = try Certificate(pemEncoded: text)
            #expect(try derBytes(of: certificate) == made.der)
            #expect(SHA256Digest(of: made.der) == made.digest)
        }
    }

    @Test("A second CA in one directory is refused and changes nothing")
    func second() throws {
        try inDirectory { directory in
            let made = try FleetAuthority.create(in: directory, at: start)
            #expect(throws: FleetCAError.exists(path: directory + "/ca.key")) {
                try FleetAuthority.create(in: directory, at: start)
            }
            #expect(try FleetAuthority.load(from: directory).digest == made.digest)
        }
    }

    @Test("A key that others can read is refused with its mode", arguments: [0o640, 0o644, 0o604, 0o660, 0o666])
    func looseMode(mode: Int) throws {
        try inDirectory { directory in
            _ = try FleetAuthority.create(in: directory, at: start)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory + "/ca.key")
            #expect(throws: FleetCAError.looseMode(path: directory + "/ca.key", mode: UInt32(mode))) {
                try FleetAuthority.load(from: directory)
            }
        }
    }

    @Test("A link in the key's place is not followed")
    func link() throws {
        try inDirectory { directory in
            _ = try FleetAuthority.create(in: directory, at: start)
            try FileManager.default.moveItem(atPath: directory + "/ca.key", toPath: directory + "/real.key")
            try FileManager.default.createSymbolicLink(
                atPath: directory + "/ca.key", withDestinationPath: directory + "/real.key")
            #expect(throws: FleetCAError.self) { try FleetAuthority.load(from: directory) }
        }
    }

    @Test("Damaged, empty and mismatched files are named", arguments: ["", "x", "-----BEGIN CERTIFICATE-----\n"])
    func damaged(text: String) throws {
        try inDirectory { directory in
            _ = try FleetAuthority.create(in: directory, at: start)
            try text.write(toFile: directory + "/ca.pem", atomically: false, encoding: .utf8)
            let error = #expect(throws: FleetCAError.self) { try FleetAuthority.load(from: directory) }
            #expect(error?.description.contains("ca.pem") == true)
        }
        try inDirectory { directory in
            _ = try FleetAuthority.create(in: directory, at: start)
            let other = try FleetAuthority.make(at: start)
            try other.pem.write(toFile: directory + "/ca.pem", atomically: false, encoding: .utf8)
            let error = #expect(throws: FleetCAError.self) { try FleetAuthority.load(from: directory) }
            #expect(error?.description.contains("another key") == true)
        }
    }

    @Test("A server certificate is kept until two thirds of its life, and made anew for other names")
    func serverCertificate() throws {
        try inDirectory { directory in
            let authority = try FleetAuthority.create(in: directory, at: start)
            func issue(_ names: [String], _ days: Int64) throws -> ServerCertificate {
                try authority.serverCertificate(in: directory, names: names, at: start.adding(seconds: days * 86_400))
            }
            let first = try issue(["collector.example", "192.0.2.1", "::1"], 0)
            #expect(try issue(["collector.example", "192.0.2.1", "::1"], 243).certificatePEM == first.certificatePEM)
            #expect(try issue(["collector.example"], 1).certificatePEM != first.certificatePEM)
            let again = try issue(["collector.example", "192.0.2.1", "::1"], 2)
            #expect(try issue(["collector.example", "192.0.2.1", "::1"], 246).certificatePEM != again.certificatePEM)
            let names = try Certificate(pemEncoded: first.certificatePEM).extensions.subjectAlternativeNames
            #expect(names?.count == 3)
        }
    }

    @Test("Names that are no host names are refused", arguments: ["", "a b", "x\n", "*", "a,b", "ä"])
    func badNames(name: String) throws {
        try inDirectory { directory in
            let authority = try FleetAuthority.create(in: directory, at: start)
            #expect(throws: FleetCAError.name(name)) {
                try authority.serverCertificate(in: directory, names: [name], at: start)
            }
        }
    }
}

/// Runs `body` in a directory of its own, which is removed afterwards.
func inDirectory(_ body: (String) throws -> Void) throws {
    let directory = NSTemporaryDirectory() + "muster-ca-" + UUID().uuidString
    try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try body(directory)
}
