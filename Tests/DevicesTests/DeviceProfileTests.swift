import Foundation
import Model
import SNMP
import TOML
import Testing

@testable import Devices

@Suite("Device profiles")
struct DeviceProfileTests {
    private func profile(_ text: String) throws -> DeviceProfile {
        try DeviceProfile(TOMLDocument.parse(text, file: "test.toml"))
    }

    @Test("that ship are all well formed, and every family can win")
    func shipped() throws {
        let profiles = try DeviceProfiles(directory: profileDirectory)
        #expect(profiles.profiles.count > 40)
        #expect(profiles.vendors.count > 150)
        #expect(Set(profiles.profiles.map(\.name)).count == profiles.profiles.count)
        for profile in profiles.profiles where !profile.objectIDs.isEmpty || !profile.descriptions.isEmpty {
            let objectID = profile.objectIDs.max { $0.parts.count < $1.parts.count }.map { $0.appending(9999) }
            let text = profile.descriptions.max { $0.utf8.count < $1.utf8.count } ?? ""
            let best = profiles.best(objectID: objectID, description: text, present: Set(profile.presence))
            #expect(best?.name == profile.name)
        }
    }

    @Test("are chosen by presence, then the longest object id, then the longest text")
    func best() throws {
        let profiles = DeviceProfiles(profiles: [
            try profile("name = 'a'\n[match]\nobject_id = ['1.3.6']\n"),
            try profile("name = 'b'\n[match]\nobject_id = ['1.3.6.1']\n"),
            try profile("name = 'c'\n[match]\nobject_id = ['1.3.6.1']\ndescription = ['Linux']\n"),
            try profile("name = 'd'\n[match]\nobject_id = ['1.3']\npresence = ['1.3.9.9']\n"),
        ])
        #expect(profiles.best(objectID: [1, 3, 6, 2], description: "")?.name == "a")
        #expect(profiles.best(objectID: [1, 3, 6, 1], description: "")?.name == "b")
        #expect(profiles.best(objectID: [1, 3, 6, 1], description: "a linux box")?.name == "c")
        #expect(profiles.best(objectID: [1, 3, 6, 1], description: "", present: [[1, 3, 9, 9]])?.name == "d")
        #expect(profiles.best(objectID: nil, description: "Linux")?.name == nil)
        #expect(profiles.questions(objectID: [1, 3, 6], description: "") == [[1, 3, 9, 9]])
    }

    @Test(
        "with mistakes are refused with their place",
        arguments: [
            "", "name = 'x'\n[match]\n", "name = 'x'\nkind = 'toaster'\n[match]\nobject_id = ['1.3']\n",
            "name = 'x'\n[match]\nobject_id = ['one']\n", "name = 'x'\ncolour = 'red'\n[match]\nobject_id = ['1.3']\n",
            "name = 'x'\n[match]\nobject_id = ['1.3']\n[model]\npattern = ['no hole']\n",
            "name = 'x'\noverrides_entity = ['all']\n[match]\nobject_id = ['1.3']\n",
            "name = 'x'\n[match]\nobject_id = ['1.3']\n[version]\nsigns = [{ value = '7' }]\n",
            "name = 'x'\n[match]\nobject_id = ['1.3']\n[version]\nsigns = [{ description = ['seven'] }]\n",
            "name = 'x'\n[match]\nobject_id = ['1.3']\n[version]\noid = ['object_id-x.1']\n",
            "name = 'x'\n[[volumes]]\nkind = 'pool'\nname = '1.3.6.1'\n",
            "name = 'x'\n[[volumes]]\nkind = 'lake'\nname = '1.3.6.1'\nsize = '1.3.6.2'\n",
        ])
    func refused(_ text: String) {
        #expect(throws: TOMLError.self) { _ = try profile(text) }
    }

    @Test("tell a fact by what stands for it, and by places below the object id")
    func signsAndPlaces() throws {
        let known = try profile(
            """
            name = 'x'
            [match]
            object_id = ['1.3.6.1.4.1.32473']
            [version]
            signs = [
                { description = ['build 7 '], object_id = ['1.3.6.1.4.1.32473.1'], value = 'client 2007' },
                { description = ['build 7 '], value = 'server 2007' },
            ]
            pattern = ['Build {word}']
            [serial]
            oid = ['object_id.1.10.0', 'object_id-1.5.*']
            [model]
            formats = [{ text = 'GX{}', parts = ['object_id-9.1.0'] }]
            """)
        let version = known.version
        #expect(version.fact([:], "Build 7 x", [1, 3, 6, 1, 4, 1, 32473, 1, 4]) == "client 2007")
        #expect(version.fact([:], "Build 7 x", [1, 3, 6, 1, 4, 1, 32473, 2]) == "server 2007")
        #expect(version.fact([:], "Build 8 x", nil) == "8")
        let here = known.profile(on: [1, 3, 6, 1, 4, 1, 32473, 2])
        #expect(here.places.map(\.oid) == [[1, 3, 6, 1, 4, 1, 32473, 2, 1, 10, 0], [1, 3, 6, 1, 4, 1, 32473, 5]])
        #expect(here.places.map(\.isColumn) == [false, true])
        #expect(here.model.formats.isEmpty)
        #expect(known.profile(on: nil).places.isEmpty)
    }

    @Test("tell volumes that HOST-RESOURCES-MIB does not, in bytes; one whose size cannot be told is none")
    func volumes() throws {
        let known = try profile(
            """
            name = 'x'
            [[volumes]]
            kind = 'pool'
            name = '1.3.6.1.4.1.32473.5.2'
            unit = '1.3.6.1.4.1.32473.5.3'
            size = '1.3.6.1.4.1.32473.5.4'
            used = '1.3.6.1.4.1.32473.5.5'
            [[volumes]]
            kind = 'dataset'
            name = '1.3.6.1.4.1.32473.6.2'
            size = '1.3.6.1.4.1.32473.6.4'
            scale = 1024
            """)
        let walk = RecordedWalk(
            Array(
                """
                1.3.6.1.4.1.32473.5.2.1|4|tank
                1.3.6.1.4.1.32473.5.3.1|2|131072
                1.3.6.1.4.1.32473.5.4.1|2|1000
                1.3.6.1.4.1.32473.5.5.1|2|10
                1.3.6.1.4.1.32473.5.2.2|4|lost
                1.3.6.1.4.1.32473.5.3.2|70|9223372036854775807
                1.3.6.1.4.1.32473.5.4.2|2|2
                1.3.6.1.4.1.32473.6.2.1|4|tank/home
                1.3.6.1.4.1.32473.6.4.1|2|3
                1.3.6.1.4.1.32473.6.2.2|4|tank/empty
                """.utf8))
        let result = SNMPResult(rows: SNMPRows(walk.rows), receipt: SNMPReceipt())
        let volumes = VolumeReader.volumes(result, tables: known.volumes)
        #expect(volumes.map(\.name) == ["tank", "tank/home"])
        #expect(volumes.map(\.index) == ["pool 1", "dataset 1"])
        #expect(volumes.map(\.sizeBytes) == [131_072_000, 3072])
        #expect(volumes.map(\.usedBytes) == [1_310_720, nil])
    }

    @Test("have what the profiles have that they extend; a circle and a name that is not there are refused")
    func extended() throws {
        func profiles(_ texts: [String: String]) throws -> DeviceProfiles {
            let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
                "profiles-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            for (name, text) in texts {
                try Data(text.utf8).write(to: directory.appendingPathComponent(name + ".toml"))
            }
            return try DeviceProfiles(directory: directory.path)
        }
        let base = """
            name = "base"
            vendor = "Example"
            kind = "power"
            sensors = [{ class = "state", value = "1.3.6.1.4.1.32473.1", states = ["1 ok", "* critical"] }]
            [serial]
            oid = ["1.3.6.1.4.1.32473.9.0"]
            """
        let child = "name = 'child'\nkind = 'storage'\nextends = ['base']\n[match]\nobject_id = ['1.3.6.1.4.1.32473']\n"
        let known = try profiles(["a": child, "b": base])
        let best = try #require(known.best(objectID: [1, 3, 6, 1, 4, 1, 32473, 5], description: ""))
        #expect(best.name == "child")
        #expect(best.vendor == "Example")
        #expect(best.kind == "storage")
        #expect(best.sensors.count == 1)
        #expect(best.serial.places.map(\.oid) == [[1, 3, 6, 1, 4, 1, 32473, 9, 0]])
        #expect(throws: TOMLError.self) { _ = try profiles(["a": child]) }
        #expect(throws: TOMLError.self) {
            _ = try profiles(["a": "name = 'a'\nextends = ['b']\n", "b": "name = 'b'\nextends = ['a']\n"])
        }
    }

    @Test("of no directory are none")
    func absent() throws {
        let profiles = try DeviceProfiles(directory: "/nonexistent/profiles")
        #expect(profiles.profiles.isEmpty)
        #expect(profiles.vendor(of: [1, 3, 6, 1, 4, 1, 9, 1]) == nil)
    }
}
