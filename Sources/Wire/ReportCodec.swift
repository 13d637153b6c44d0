import FoundationEssentials
import Model

/// Why a report in a frame was refused; the frame is acknowledged and the refusal recorded.
public enum ReportError: Error, CustomStringConvertible {
    /// A kind octet this version does not know.
    case unknownKind(UInt8)
    /// JSON that a strict reader refuses.
    case json(JSONGuardError)
    /// JSON of another shape; the text names the place.
    case shape(String)
    /// Packed bytes that break a rule.
    case packed(PackedError)
    /// A value outside its limits.
    case limit(String)

    /// One line.
    public var description: String {
        switch self {
        case .unknownKind(let kind): "report kind \(kind) is not known to this version; upgrade the collector"
        case .json(let error): error.description
        case .shape(let text): "report has another shape: \(text)"
        case .packed(let error): error.description
        case .limit(let text): text
        }
    }
}

/// Turns reports into payloads and back.
public enum ReportCodec {
    /// The kind octet and payload of `report`.
    public static func encode(_ report: Report) throws -> (kind: ReportKind, payload: [UInt8]) {
        switch report {
        case .inventory(let inventory): (.inventory, try json(inventory))
        case .samples(let samples): (.samples, SampleCodec.encode(samples))
        case .checks(let results): (.checks, try json(results))
        case .receipts(let receipts): (.receipts, try json(receipts))
        case .gap(let gap): (.gap, try json(gap))
        case .status(let status): (.status, StatusCodec.encode(status))
        case .events(let events): (.events, try json(events))
        case .discoveries(let findings): (.discoveries, try json(findings))
        }
    }

    /// The envelope in `frame`, after every limit was checked.
    public static func decode(_ frame: Frame) throws(ReportError) -> Envelope {
        guard let kind = ReportKind(rawValue: frame.kind) else { throw .unknownKind(frame.kind) }
        let report: Report =
            switch kind {
            case .inventory: .inventory(try checked(try read(InventoryReport.self, frame.payload)))
            case .samples: .samples(try packed(frame.payload, SampleCodec.decode))
            case .checks: .checks(try read([CheckResult].self, frame.payload))
            case .receipts: .receipts(try read([Receipt].self, frame.payload))
            case .gap: .gap(try read(GapReport.self, frame.payload))
            case .status: .status(try packed(frame.payload, StatusCodec.decode))
            case .events: .events(try checked(try read([DeviceEvent].self, frame.payload)))
            case .discoveries: .discoveries(try checked(try read([DiscoveryFinding].self, frame.payload)))
            }
        return Envelope(sequence: frame.sequence, claimedTime: frame.claimedTime, report: report)
    }

    private static func packed<Value>(
        _ payload: [UInt8], _ decode: ([UInt8]) throws(PackedError) -> Value
    ) throws(ReportError) -> Value {
        do { return try decode(payload) } catch { throw .packed(error) }
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    private static func read<Value: Decodable>(_ type: Value.Type, _ payload: [UInt8]) throws(ReportError) -> Value {
        do { try JSONGuard.check(payload) } catch { throw .json(error) }
        do {
            return try JSONDecoder().decode(type, from: Data(payload))
        } catch let error as DecodingError {
            throw .shape(error.place)
        } catch {
            throw .shape("\(error)")
        }
    }

    private static func checked(_ events: [DeviceEvent]) throws(ReportError) -> [DeviceEvent] {
        guard events.count <= 1000 else { throw .limit("\(events.count) events in one report, limit 1000") }
        for event in events {
            guard case .device = event.subject else { throw .limit("an event is about a device") }
            guard event.kind.isWellFormed else {
                throw .limit("an event's kind is up to 64 letters a to z, digits and hyphens between them")
            }
            guard event.details.count <= 64 else {
                throw .limit("\(event.details.count) details of an event, limit 64")
            }
        }
        return events
    }

    private static func checked(_ findings: [DiscoveryFinding]) throws(ReportError) -> [DiscoveryFinding] {
        guard findings.count <= 1000 else { throw .limit("\(findings.count) findings in one report, limit 1000") }
        for finding in findings {
            let lists = [finding.addresses.count, finding.macs.count, finding.ports.count, finding.toldBy.count]
            guard lists.allSatisfy({ $0 <= DiscoveryFinding.listed }) else {
                throw .limit("a list of a finding has more than \(DiscoveryFinding.listed) entries")
            }
            guard finding.addresses.allSatisfy({ IPAddress($0) != nil }),
                finding.macs.allSatisfy({ MACAddress($0) != nil })
            else { throw .limit("an address of a finding is none") }
            guard !finding.addresses.isEmpty || !finding.macs.isEmpty else {
                throw .limit("a finding has neither an address nor a MAC address")
            }
        }
        return findings
    }

    private static func checked(_ report: InventoryReport) throws(ReportError) -> InventoryReport {
        let items: [SectionItem] =
            switch report.body {
            case .unchanged: []
            case .full(let items, _, _): items
            case .delta(_, let upserts, _): upserts
            }
        if case .full(_, let part, let parts) = report.body {
            guard (1...1000).contains(parts), (1...parts).contains(part) else {
                throw .limit("part \(part) of \(parts) does not exist; parts are 1 to 1000")
            }
        }
        guard items.count <= Limits.itemsPerPart else {
            throw .limit("\(items.count) items in one part, limit \(Limits.itemsPerPart)")
        }
        guard report.section.rawValue.utf8.count <= 64, !report.section.rawValue.isEmpty else {
            throw .limit("section name must have 1 to 64 bytes")
        }
        for item in items {
            guard item.key.utf8.count <= Limits.valueBytes, item.attributes.count <= 256 else {
                throw .limit("item key over \(Limits.valueBytes) bytes or more than 256 attributes")
            }
        }
        return report
    }
}

extension DecodingError {
    /// The place and the complaint in one line, without the values.
    var place: String {
        let context: Context
        switch self {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return "not readable"
        }
        let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        return (path.isEmpty ? "at the top" : "at \(path)") + ": " + context.debugDescription
    }
}
