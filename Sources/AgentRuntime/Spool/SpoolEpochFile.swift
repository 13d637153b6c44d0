import Wire

/// The file `epoch`: the random number of this spool and how earlier ones ended.
struct SpoolEpochFile: Hashable {
    /// An epoch that ended.
    struct Closure: Hashable {
        /// Its number.
        var epoch: UInt64
        /// The last sequence that counts; a record behind it was never enqueued and is not looked at.
        var last: UInt64
        /// How many envelopes behind `last` may have been lost.
        var lost: UInt64
        /// Why it ended: the cause of the gap record.
        var cause: String
    }

    /// The epoch new records belong to.
    var epoch: UInt64
    /// Ends of earlier epochs, oldest first; the last eight are kept.
    var closures: [Closure]

    static let name = "epoch"
    private static let first = ["muster-spool", "1"]

    func encoded() -> [UInt8] {
        SealedLines.encode(
            [SpoolEpochFile.first, ["epoch", String(epoch)]]
                + closures.suffix(8).map { ["closed", String($0.epoch), String($0.last), String($0.lost), $0.cause] })
    }

    /// Reads the file; nil when it is not one.
    static func decode(_ bytes: [UInt8]) -> SpoolEpochFile? {
        guard let lines = SealedLines.decode(bytes), lines.count >= 2, lines[0].map(String.init) == first,
            lines[1].count == 2, lines[1][0] == "epoch", let epoch = UInt64(lines[1][1])
        else { return nil }
        var file = SpoolEpochFile(epoch: epoch, closures: [])
        for words in lines.dropFirst(2) {
            guard words.count == 5, words[0] == "closed", let epoch = UInt64(words[1]), let last = UInt64(words[2]),
                let lost = UInt64(words[3])
            else { return nil }
            file.closures.append(Closure(epoch: epoch, last: last, lost: lost, cause: String(words[4])))
        }
        return file
    }

    /// A number nobody used before; 0 is never one.
    static func randomEpoch() -> UInt64 {
        // The system generator reads getrandom(2), which cannot fail on a kernel that runs Swift.
        UInt64.random(in: 1...UInt64.max)
    }
}
