import Model
import SNMP

/// What became of datagrams on the trap port, as receipts: one for each device of which something was refused, one for the rest.
struct TrapReceipts {
    /// The receipt of everything that is no device's.
    static let source = "traps"

    /// Devices whose last receipt told of something refused.
    private var troubled: Set<String> = []

    /// The receipts of one interval; a device's next one without trouble ends it.
    mutating func made(of counts: SNMPTrapCounts, milliseconds: Int64) -> [Receipt] {
        var others: [String] = []
        if counts.strangers > 0 {
            let last = counts.lastStranger.map { ", the last from \($0)" } ?? ""
            others.append("\(counts.strangers) from addresses of no device\(last)")
        }
        if counts.lostByKernel > 0 { others.append("\(counts.lostByKernel) lost before they were read") }
        var receipts = [receipt(Self.source, counts.taken, others, milliseconds)]
        for name in Set(counts.sources.keys).union(troubled).sorted() {
            let found = counts.sources[name] ?? .init()
            let refused = SNMPTrapRefusal.allCases.compactMap { reason in
                found.refused[reason].map { "\($0) \(reason.words)" }
            }
            if !refused.isEmpty || troubled.contains(name) {
                receipts.append(receipt("traps/\(name)", found.taken, refused, milliseconds))
            }
            if refused.isEmpty { troubled.remove(name) } else { troubled.insert(name) }
        }
        return receipts
    }

    private func receipt(_ source: String, _ found: Int, _ refused: [String], _ milliseconds: Int64) -> Receipt {
        Receipt(
            source: source, outcome: refused.isEmpty ? .success : .truncated, found: found, milliseconds: milliseconds,
            message: refused.isEmpty ? "" : "datagrams not taken: " + refused.joined(separator: ", "))
    }
}

extension SNMPTrapRefusal {
    /// Behind a number of datagrams.
    fileprivate var words: String {
        switch self {
        case .broken: "broken"
        case .notATrap: "that are no trap"
        case .credential: "with another version, community, user or level than the device's"
        case .unknownEngine: "of an unknown engine id"
        case .unknownUser: "of an unknown user"
        case .wrongDigest: "with a wrong signature"
        case .notInTime: "out of time"
        case .notDecrypted: "that cannot be decrypted"
        case .repeated: "repeated"
        case .flood: "over the limit"
        case .queueFull: "more than can be worked on"
        }
    }
}
