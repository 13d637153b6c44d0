import CNetSNMP
import Model

/// What the library reported, copied out. The callback only fills the inbox; everything else happens after the
/// library has returned, so that nothing is closed or sent while it is inside.
final class Inbox {
    enum Event {
        case answer(SNMPAnswer)
        case report(cns_report, engineID: [UInt8])
        case securityError(cns_report, engineID: [UInt8])
        case resent
        case refused
    }

    private var events: [(token: UInt64, event: Event)] = []

    func takeAll() -> [(token: UInt64, event: Event)] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    func add(_ token: UInt64, _ answer: cns_answer) {
        switch UInt32(bitPattern: answer.event) {
        case CNS_ANSWER.rawValue: events.append((token, .answer(SNMPAnswer(copying: answer))))
        case CNS_REPORT.rawValue:
            events.append((token, .report(answer.reportKind, engineID: answer.copiedEngineID)))
        case CNS_SECURITY_ERROR.rawValue:
            events.append((token, .securityError(answer.reportKind, engineID: answer.copiedEngineID)))
        case CNS_RESENT.rawValue: events.append((token, .resent))
        case CNS_REFUSED.rawValue: events.append((token, .refused))
        default: break  // a failed send is told by its return value
        }
    }
}

/// The C side of the inbox.
func fillInbox(_ context: UnsafeMutableRawPointer?, _ token: UInt64, _ answer: UnsafePointer<cns_answer>?) {
    guard let context, let answer else { return }
    Unmanaged<Inbox>.fromOpaque(context).takeUnretainedValue().add(token, answer.pointee)
}

extension cns_answer {
    fileprivate var reportKind: cns_report { cns_report(UInt32(bitPattern: report)) }

    fileprivate var copiedEngineID: [UInt8] {
        engine_id == nil ? [] : Array(UnsafeBufferPointer(start: engine_id, count: min(engine_id_length, 64)))
    }
}

extension SNMPAnswer {
    init(copying answer: cns_answer) {
        errorStatus = answer.error_status
        errorIndex = answer.error_index
        var cursor = answer.first
        var varbind = cns_varbind()
        while cns_next(&cursor, &varbind) == 1 {
            // What contradicts itself keeps its place, because a walk tells columns apart by position.
            let oid = OID(copying: varbind.name, varbind.name_length) ?? OID([])
            rows.append(SNMPRow(oid, SNMPValue(copying: varbind) ?? .null))
        }
    }
}

extension SNMPRow {
    /// A varbind whose name can be read, with at most `octets` octets of its value; nil for another.
    init?(copying varbind: cns_varbind, octets: Int) {
        guard let oid = OID(copying: varbind.name, varbind.name_length) else { return nil }
        var varbind = varbind
        varbind.length = min(varbind.length, octets)
        guard let value = SNMPValue(copying: varbind) else { return nil }
        self.init(oid, value)
    }
}

extension OID {
    /// The identifier the library read; nil where it is none.
    init?(copying parts: UnsafePointer<UInt>?, _ count: Int) {
        guard count <= 128, let parts = count == 0 ? nil : parts else { return nil }
        let source = UnsafeBufferPointer(start: parts, count: count)
        guard source.allSatisfy({ $0 <= UInt(UInt32.max) }) else { return nil }
        self.init(source.map { UInt32(truncatingIfNeeded: $0) })
    }
}

extension SNMPValue {
    fileprivate init?(copying varbind: cns_varbind) {
        switch UInt32(bitPattern: varbind.type) {
        case CNS_INTEGER.rawValue: self = .integer(varbind.integer)
        case CNS_COUNTER32.rawValue: self = .counter32(UInt32(truncatingIfNeeded: varbind.number))
        case CNS_GAUGE32.rawValue: self = .gauge32(UInt32(truncatingIfNeeded: varbind.number))
        case CNS_TIMETICKS.rawValue: self = .timeticks(UInt32(truncatingIfNeeded: varbind.number))
        case CNS_COUNTER64.rawValue: self = .counter64(varbind.number)
        case CNS_OCTETS.rawValue: self = .octets(varbind.copiedBytes)
        case CNS_OPAQUE.rawValue: self = .opaque(varbind.copiedBytes)
        case CNS_OID.rawValue:
            self = .oid(OID(copying: varbind.oid, varbind.oid_length) ?? OID([]))
        case CNS_IPADDRESS.rawValue:
            guard let address = IPAddress(octets: varbind.copiedBytes) else { return nil }
            self = .ipAddress(address)
        case CNS_NULL.rawValue: self = .null
        case CNS_NO_SUCH_OBJECT.rawValue: self = .noSuchObject
        case CNS_NO_SUCH_INSTANCE.rawValue: self = .noSuchInstance
        case CNS_END_OF_MIB.rawValue: self = .endOfMib
        default: return nil
        }
    }
}

extension cns_varbind {
    fileprivate var copiedBytes: [UInt8] {
        bytes == nil ? [] : Array(UnsafeBufferPointer(start: bytes, count: length))
    }
}
