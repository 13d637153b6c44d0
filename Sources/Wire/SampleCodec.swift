import FoundationEssentials
import Model

/// The packed form of samples: three to five octets a value for most, names once per epoch (foundation, Wire 2).
public enum SampleCodec {
    /// Subject, dictionary entries, then values as index difference and ``SampleNumber``.
    public static func encode(_ report: SampleReport) -> [UInt8] {
        var writer = ByteWriter()
        write(report.subject, to: &writer)
        writer.variable(UInt64(report.introduced.count))
        for entry in report.introduced {
            writer.variable(UInt64(entry.index))
            writer.text(entry.series.metric)
            writer.variable(UInt64(entry.series.attributes.count))
            for (name, value) in entry.series.attributes.sorted(by: { $0.key < $1.key }) {
                writer.text(name)
                writer.text(value)
            }
        }
        writer.variable(UInt64(report.values.count))
        var previous: UInt32 = 0
        for value in report.values.sorted(by: { $0.index < $1.index }) {
            SampleNumber.write(step: value.index - previous, value.value, to: &writer)
            previous = value.index
        }
        return writer.bytes
    }

    /// Reads what ``encode(_:)`` wrote; refuses NaN, infinities, and counts beyond `Limits`.
    public static func decode(_ bytes: [UInt8]) throws(PackedError) -> SampleReport {
        var reader = ByteReader(bytes)
        let subject = try readSubject(&reader)
        var introduced: [IndexedSeries] = []
        for _ in 0..<(try reader.count(of: "series count", limit: Limits.samplesPerReport)) {
            introduced.append(try readSeries(&reader))
        }
        var values: [IndexedValue] = []
        var index: UInt64 = 0
        for _ in 0..<(try reader.count(of: "value count", limit: Limits.samplesPerReport)) {
            let (step, value) = try SampleNumber.read(&reader)
            let (sum, overflow) = index.addingReportingOverflow(step)
            guard !overflow, let number = UInt32(exactly: sum) else {
                throw .unexpected(what: "series index", value: step, at: reader.position)
            }
            index = sum
            values.append(IndexedValue(index: number, value: value))
        }
        guard reader.remaining == 0 else {
            throw .unexpected(what: "trailing octets", value: UInt64(reader.remaining), at: reader.position)
        }
        return SampleReport(subject: subject, introduced: introduced, values: values)
    }

    private static func readSeries(_ reader: inout ByteReader) throws(PackedError) -> IndexedSeries {
        let index = try reader.count(of: "series index", limit: Int(UInt32.max))
        let metric = try reader.text("metric name", limit: Limits.nameBytes)
        var attributes: [String: String] = [:]
        for _ in 0..<(try reader.count(of: "attribute count", limit: 32)) {
            let name = try reader.text("attribute name", limit: Limits.nameBytes)
            attributes[name] = try reader.text("attribute value", limit: Limits.valueBytes)
        }
        return IndexedSeries(index: UInt32(truncatingIfNeeded: index), series: SeriesName(metric, attributes))
    }

    private static func write(_ subject: Subject, to writer: inout ByteWriter) {
        switch subject {
        case .device(let target):
            writer.octet(2)
            writer.text(target)
        default: writer.octet(1)
        }
    }

    private static func readSubject(_ reader: inout ByteReader) throws(PackedError) -> Subject {
        switch try reader.octet() {
        case 1: return .host
        case 2: return .device(target: try reader.text("target", limit: Limits.nameBytes))
        case let kind: throw .unexpected(what: "subject kind", value: UInt64(kind), at: reader.position)
        }
    }
}
