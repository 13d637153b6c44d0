import Model
import SNMP
import Synchronization

/// What came back in a sweep, as it comes.
struct SweepAnswers {
    private struct Answer {
        var credentials: [Int] = []
        var refusal: SNMPError?
        var facts: DeviceReport?
        var seconds = 0.0
    }

    private var answers: [IPAddress: Answer] = [:]
    private var receipt = SweepReceipt()
    /// How many addresses came into the list by refusing.
    private var refusals = 0

    /// Takes the end of one question into account; whether it was met with silence.
    mutating func take(
        _ result: SNMPResult, from address: IPAddress, credential: Int, after time: Duration, isRetry: Bool
    ) -> Bool {
        if isRetry { receipt.retries += 1 }
        receipt.refusedAnswers += result.receipt.refusedAnswers
        guard !result.rows.isEmpty else { return result.receipt.end.error.map { refuse($0, address) } ?? false }
        guard answers[address] != nil || answers.count < NetworkSweep.listed else {
            receipt.isCut = true
            return false
        }
        var answer = answers[address] ?? Answer()
        answer.credentials.append(credential)
        if answer.facts == nil {
            var facts = DeviceReport()
            SystemReader.fill(&facts, from: result.rows)
            answer.facts = facts
            answer.seconds = time / .seconds(1)
        }
        answers[address] = answer
        return false
    }

    /// Whether it was silence; everything else tells of somebody there, or of our own side.
    private mutating func refuse(_ error: SNMPError, _ address: IPAddress) -> Bool {
        switch error {
        case .noAnswer(_, _, _, portClosed: false): return true
        case .unreachable: receipt.unreachable += 1
        case .cancelled, .deadline, .library: receipt.failures[error.description, default: 0] += 1
        default: note(error, at: address)
        }
        return false
    }

    private mutating func note(_ refusal: SNMPError, at address: IPAddress) {
        guard answers[address] != nil || refusals < NetworkSweep.listedRefusals else { return receipt.isCut = true }
        if answers[address] == nil { refusals += 1 }
        // A refused secret tells more than a closed port or an odd answer.
        let known = answers[address]?.refusal
        if known.map({ !$0.isAboutCredential && refusal.isAboutCredential }) ?? true {
            answers[address, default: Answer()].refusal = refusal
        }
    }

    /// Everything, in order of address.
    func report(_ profiles: DeviceProfiles) -> SweepReport {
        var report = SweepReport(receipt: receipt)
        let ordered = answers.sorted { $0.key.octets.lexicographicallyPrecedes($1.key.octets) }
        for (address, answer) in ordered {
            guard let facts = answer.facts else {
                guard let refusal = answer.refusal else { continue }
                report.withoutAnswer.append(
                    SweepReport.Refusal(address: address, reason: refusal.reason, kind: refusal.refusal))
                continue
            }
            let profile = profiles.best(objectID: facts.objectID, description: facts.description ?? "")
            report.devices.append(
                SweepReport.Device(
                    address: address, credentials: answer.credentials.sorted(), name: facts.name,
                    description: facts.description, objectID: facts.objectID,
                    vendor: profile?.vendor ?? profiles.vendor(of: facts.objectID), os: profile?.os,
                    kind: profile?.kind, uptimeSeconds: facts.uptimeSeconds, seconds: answer.seconds))
        }
        report.receipt.answered = report.devices.count
        return report
    }
}

extension SNMPError {
    /// Whether the device said that it does not take the credential.
    public var isAboutCredential: Bool { [.wrongSecret, .unknownUser].contains(refusal) }

    /// The error as one of the few words that a finding has.
    public var refusal: DiscoveryRefusal {
        switch self {
        case .wrongAuthenticationKey, .wrongPrivacyKey: .wrongSecret
        case .unknownUser, .unsupportedSecurityLevel, .unknownContext: .unknownUser
        case .noAnswer(_, _, _, portClosed: true): .closed
        default: .other
        }
    }

    /// The line for a list of addresses.
    fileprivate var reason: String {
        switch refusal {
        case .closed: "nothing listens on the port"
        case .wrongSecret: "wrong secret: \(self)"
        case .unknownUser: "unknown user: \(self)"
        case .other: description
        }
    }
}

/// Gathers the answers of a sweep's tasks.
final class SweepCollector: Sendable {
    private struct State {
        var answers = SweepAnswers()
        var done = 0
    }

    private let state = Mutex(State())

    /// Takes the end of one question into account; whether it was met with silence.
    func take(
        _ result: SNMPResult, from address: IPAddress, credential: Int, after time: Duration, isRetry: Bool
    ) -> Bool {
        state.withLock {
            $0.answers.take(result, from: address, credential: credential, after: time, isRetry: isRetry)
        }
    }

    /// One more address is done; how many there are.
    func done() -> Int {
        state.withLock { state in
            state.done += 1
            return state.done
        }
    }

    /// Everything, in order of address.
    func report(_ profiles: DeviceProfiles) -> SweepReport { state.withLock { $0.answers.report(profiles) } }
}
