/// One line of what the inventory's worker prints: which source it begins, what that one found, or that the worker ends because of
/// it. Anything else, such as the last words of a trap, is what the worker said on its error output.
enum WorkerLine: Hashable, Sendable {
    /// It begins to read the source of this name.
    case begins(String)
    /// What the source that it began found.
    case found(InventoryDocument)
    /// The source that it began has used up what the budget allows; the text says what. The worker ends.
    case overran(String)

    /// The line with its newline.
    var bytes: [UInt8] {
        switch self {
        case .begins(let name): Array("> \(name)\n".utf8)
        case .found(let document): document.json() + [10]
        case .overran(let reason): Array("! \(reason)\n".utf8)
        }
    }

    /// Reads a line without its newline; nil when it is none of these.
    init?(_ line: ArraySlice<UInt8>) {
        let rest = line.dropFirst(2)
        if line.starts(with: "> ".utf8) {
            self = .begins(String(decoding: rest, as: UTF8.self))
        } else if line.starts(with: "! ".utf8) {
            self = .overran(String(decoding: rest, as: UTF8.self))
        } else if line.first == UInt8(ascii: "{"), let document = InventoryDocument.decode(Array(line)) {
            self = .found(document)
        } else {
            return nil
        }
    }
}
