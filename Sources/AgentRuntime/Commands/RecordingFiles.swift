import Devices
import Model
import SNMP

/// Recordings of devices on disk: `NAME.snmprec` (or the text of `snmpwalk -On`), and beside it `NAME@VLAN.snmprec` for
/// what the device says of one VLAN.
enum RecordingFiles {
    /// The recording at `path`, with those of its VLANs. Throws ``FileError`` or ``CommandError`` when nothing in it can
    /// be used.
    static func session(_ path: String) throws -> RecordedSession {
        let walk = RecordedWalk(try DurableFile.read(path, limit: RecordedWalk.limit))
        guard !walk.rows.isEmpty else {
            throw CommandError.failed(
                "\(printed(path)): no line is OID|TAG|VALUE or OID = TYPE: VALUE; record with probe --record or snmpwalk -On"
            )
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let directory = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : ""
        let name = (parts.last ?? "").split(separator: ".").dropLast().joined(separator: ".")
        var vlans: [UInt32: RecordedWalk] = [:]
        for other in try DurableFile.names(in: directory.isEmpty ? "." : directory) where other.hasPrefix(name + "@") {
            let rest = other.dropFirst(name.count + 1).split(separator: ".")
            guard rest.count == 2, let number = UInt32(rest[0]) else { continue }
            vlans[number] = RecordedWalk(try DurableFile.read(directory + other, limit: RecordedWalk.limit))
        }
        return RecordedSession(walk, vlans: vlans)
    }

    /// Records a device into `path`, readable by its owner only; returns how many objects it told.
    static func record(
        _ client: SNMPClient, _ target: SNMPTarget, into path: String, secrets: [String], hidesSerials: Bool
    ) async throws -> Int {
        var target = target
        target.limits.deadline = 1800
        target.limits.rows = 2_000_000
        target.limits.columns = 1
        let result = await client.rows(under: DeviceRecorder.roots, from: target)
        guard !result.rows.isEmpty else {
            throw CommandError.failed(printed(result.receipt.end.error?.description ?? "the device answers nothing"))
        }
        let text = DeviceRecorder.snmprec(result.rows, secrets: secrets, hidesSerials: hidesSerials)
        try DurableFile.replace(path, with: Array(text.utf8))
        if let error = result.receipt.end.error {
            throw CommandError.failed(printed("\(path) holds \(result.rows.count) objects and not all: \(error)"))
        }
        return result.rows.count
    }
}
