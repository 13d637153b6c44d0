import Glibc
import Logging
import Model
import SQLiteStores

/// Writes one event as one line to standard error: time, level, message, `key=value`; control characters are escaped,
/// because host names and paths come from outside (threats M10).
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let label: String

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = "\(SQLiteStore.wallTime().rfc3339) \(event.level) \(label): \(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where key != "hb.request.id" {
            line += " \(key)=\(value)"
        }
        var bytes = Array(escaped(line).utf8) + [UInt8(ascii: "\n")]
        // One write per line, so that lines of several threads do not mix; a broken pipe has nobody left to tell.
        _ = bytes.withUnsafeMutableBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// Foreign text in one line: control and invisible scalars escaped.
func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
