import Model
import SNMP

/// Looks which addresses of some networks answer SNMP: every credential at once, one packet each, no faster than a rate.
///
/// Only an address that nobody answers at is asked again, so that a device is not asked twice for the sake of the
/// credentials it does not take. Memory does not grow with the networks: only who answers is kept.
public struct NetworkSweep: Sendable {
    /// How it asks.
    public struct Options: Sendable {
        /// UDP port.
        public var port: UInt16 = 161
        /// The credentials; each address is asked with all of them.
        public var credentials: [SNMPCredential]
        /// Packets a second.
        public var rate = 1000
        /// Seconds to wait for an answer.
        public var timeout = 0.7
        /// How often a silent address is asked again.
        public var retries = 1
        /// How many questions may wait for their answers at once: each has a descriptor.
        public var inFlight = NetworkSweep.inFlight
        /// Which of the credentials an address is asked with, by their places; without it all. With none it is not asked.
        public var choose: (@Sendable (IPAddress) -> [Int])?
        /// Hears of each credential that an address took (no error) or refused.
        public var heard: (@Sendable (IPAddress, Int, SNMPError?) -> Void)?

        /// With the defaults: about two seconds for a /24.
        public init(credentials: [SNMPCredential]) { self.credentials = credentials }
    }

    /// How many questions may wait for their answers at once, where nothing else is said.
    public static let inFlight = 800
    /// How many addresses with an answer are kept.
    public static let listed = 100_000
    /// How many addresses that refuse are kept.
    public static let listedRefusals = 2000

    private let profiles: DeviceProfiles

    /// A sweep that knows vendors and families from `profiles`.
    public init(profiles: DeviceProfiles) { self.profiles = profiles }

    /// Asks every address. Ends early, with what was found, when the task is cancelled. `told` hears of each address that
    /// is done how many there are until now.
    public func run(
        _ networks: [IPNetwork], _ options: Options, client: SNMPClient,
        told: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) async -> SweepReport {
        let started = ContinuousClock.now
        let plan = SweepPlan(networks, rate: options.rate)
        let answers = SweepCollector()
        let workers = max(1, options.inFlight / max(options.credentials.count, 1))
        await withDiscardingTaskGroup { group in
            for _ in 0..<workers {
                group.addTask {
                    while !Task.isCancelled, let address = plan.next() {
                        await Self.ask(address, options, plan, client, answers)
                        told(answers.done())
                    }
                }
            }
        }
        var report = answers.report(profiles)
        report.receipt.addresses = networks.reduce(0) { $0 + ($1.hostCount ?? 0) }
        report.receipt.questions = plan.sent
        report.receipt.seconds = (ContinuousClock.now - started) / .seconds(1)
        return report
    }

    /// One address with all credentials side by side, again while it is silent.
    private static func ask(
        _ address: IPAddress, _ options: Options, _ plan: SweepPlan, _ client: SNMPClient, _ answers: SweepCollector
    ) async {
        let chosen = options.choose.map { Set($0(address)) }
        for round in 0...max(options.retries, 0) {
            let isSilent = await withTaskGroup(of: Bool.self) { group in
                for (index, credential) in options.credentials.enumerated() where chosen?.contains(index) ?? true {
                    group.addTask {
                        await plan.turn()
                        guard !Task.isCancelled else { return false }
                        var target = SNMPTarget(
                            address: address, port: options.port, credential: credential, timeout: options.timeout,
                            retries: 0)
                        target.isAskedOnce = true
                        let asked = ContinuousClock.now
                        let result = await client.read(SystemReader.oids, from: target)
                        options.heard?(address, index, result.rows.isEmpty ? result.receipt.end.error : nil)
                        return answers.take(
                            result, from: address, credential: index, after: ContinuousClock.now - asked,
                            isRetry: round > 0)
                    }
                }
                return await group.reduce(true) { $0 && $1 }
            }
            guard isSilent, !(chosen?.isEmpty ?? false), !Task.isCancelled else { return }
        }
    }
}
