import Glibc
import Logging

/// Standard error without C's buffer, which Swift cannot share safely.
public enum StandardError {
    /// Writes the text; there is nobody to tell when that fails.
    public static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(2, bytes, bytes.count)
    }
}

/// Writes one line per event to standard error, foreign text escaped (threats M10); the journal adds time and unit.
struct LineLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let label: String

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = "\(event.level) \(label): \(printed("\(event.message)", limit: 2000))\n"
        StandardError.write(line)
    }
}
