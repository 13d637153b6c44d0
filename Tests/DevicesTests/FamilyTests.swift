import Foundation
import Model
import SNMP
import Testing

@testable import Devices

/// A walk of our own making in `Recordings/families`, with what it must be taken for in its head:
/// `# expected vendor: Example`.
private struct FamilyWalk: CustomTestStringConvertible {
    let name: String
    let expected: [(fact: String, value: String)]
    let walk: RecordedWalk

    var testDescription: String { name }

    static let all: [FamilyWalk] = {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Recordings/families")
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }.compactMap { file in
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
            let expected = text.split(separator: "\n").compactMap { line -> (String, String)? in
                guard line.hasPrefix("# expected "), let colon = line.firstIndex(of: ":") else { return nil }
                return (
                    String(line[..<colon].dropFirst(11)),
                    line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
                )
            }
            return FamilyWalk(
                name: file.deletingPathExtension().lastPathComponent, expected: expected,
                walk: RecordedWalk(Array(text.utf8)))
        }
    }()
}

@Suite("A walk of a family")
struct FamilyTests {
    /// Read once for all walks.
    private static let profiles = Result { try DeviceProfiles(directory: profileDirectory) }

    @Test("is recognised by its profile, with every fact that stands in its head", arguments: FamilyWalk.all)
    fileprivate func recognised(_ family: FamilyWalk) async throws {
        let profiles = try Self.profiles.get()
        let report = await DeviceProbe(profiles: profiles).run(
            RecordedSession(family.walk), parts: [.system, .entities, .accessPoints, .guests])
        #expect(report.receipt.failure == nil)
        #expect(family.walk.skippedLines == 0)
        #expect(family.expected.count >= 3)
        for (fact, value) in family.expected {
            let found: String? =
                switch fact {
                case "vendor": report.vendor
                case "os": report.os
                case "kind": report.kind
                case "model": report.model
                case "version": report.version
                case "serial": report.serial
                case "access point": report.accessPoints.map(Self.line).first { $0 == value } ?? "no such one"
                case "guest": report.guests.map(Self.line).first { $0 == value } ?? "no such one"
                default: nil
                }
            #expect(found == value, "\(family.name): \(fact)")
        }
    }

    /// An access point in one line: name, MAC address, model, serial number, address, version, place, state, clients.
    private static func line(_ point: DeviceAccessPoint) -> String {
        [
            point.name, point.mac?.description, point.model, point.serial, point.address?.description, point.version,
            point.location, point.state, point.clients.map { String($0) },
        ].map { $0 ?? "-" }.joined(separator: "|")
    }

    /// A virtual machine in one line: key, name, UUID in the other byte order, state, memory, processors, operating system.
    private static func line(_ guest: DeviceGuest) -> String {
        [
            guest.key, guest.name, guest.facts["uuid_swapped"], guest.state, guest.memoryBytes.map { String($0) },
            guest.threads.map { String($0) }, guest.os,
        ].map { $0 ?? "-" }.joined(separator: "|")
    }

    @Test("is there for many families, and every one of them has a profile of its name")
    func complete() throws {
        let names = Set(try Self.profiles.get().profiles.map(\.name))
        #expect(FamilyWalk.all.count > 150)
        for family in FamilyWalk.all { #expect(names.contains(family.name)) }
    }
}
