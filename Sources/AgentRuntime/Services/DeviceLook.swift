import Checks
import Model
import SNMP

/// Whether a device answers, from look to look, by SNMP and by ICMP apart: one failure is a warning, several in a row are critical.
///
/// A device is down when it answers neither. What answers ICMP alone has a dead or closed SNMP agent and carries traffic all the
/// same; of what answers neither nobody knows how its SNMP agent is.
struct DeviceLook {
    /// The name at the collector of the check of SNMP.
    let check: String
    private let target: String
    private let failures: Int
    private(set) var failuresInRow = 0
    private var silencesInRow = 0

    init(target: String, failures: Int) {
        self.target = target
        self.failures = failures
        check = DeviceLook.name(of: target)
    }

    /// The name under which the collector knows and asks for the look at a device.
    static func name(of target: String) -> String { CheckResult.answerCheck(of: target) }

    /// The name under which the collector knows whether a device is there at all.
    static func deviceCheck(of target: String) -> String { CheckResult.presenceCheck(of: target) }

    /// Takes a look's end into account; `echo` is nil where ICMP is not asked.
    mutating func results(_ error: SNMPError?, echo: EchoAnswer?, milliseconds: Int64) -> [CheckResult] {
        failuresInRow = error == nil ? 0 : failuresInRow + 1
        let isThere = error == nil || echo?.isAnswered == true
        silencesInRow = isThere ? 0 : silencesInRow + 1
        return [device(error, echo, isThere, milliseconds), snmp(error, echo, isThere, milliseconds)]
    }

    private func device(
        _ error: SNMPError?, _ echo: EchoAnswer?, _ isThere: Bool, _ milliseconds: Int64
    ) -> CheckResult {
        let message: String =
            switch (error, echo) {
            case (nil, .answered): "answers SNMP and ping"
            case (nil, .silent): "answers SNMP, not ping"
            case (nil, _): "answers SNMP"
            case (_, .answered): "answers ping, not SNMP"
            case (let error?, .silent): counted("\(error); no answer to ping either", silencesInRow)
            case (let error?, .impossible(let reason)): counted("\(error); no ping: \(reason)", silencesInRow)
            case (let error?, nil): counted("\(error)", silencesInRow)
            }
        return CheckResult(
            check: DeviceLook.deviceCheck(of: target), kind: "device", subject: .device(target: target),
            state: state(silencesInRow),
            message: String(printed(message)), failuresInRow: silencesInRow, milliseconds: milliseconds)
    }

    private func snmp(
        _ error: SNMPError?, _ echo: EchoAnswer?, _ isThere: Bool, _ milliseconds: Int64
    ) -> CheckResult {
        let message = error.map { isThere ? counted("\($0)", failuresInRow) : "\($0)" } ?? "answers"
        return CheckResult(
            check: check, kind: "snmp", subject: .device(target: target),
            state: isThere ? state(failuresInRow) : .unknown, message: String(printed(message)),
            failuresInRow: failuresInRow, milliseconds: milliseconds)
    }

    private func state(_ failures: Int) -> CheckState {
        failures == 0 ? .ok : failures >= self.failures ? .critical : .warning
    }

    private func counted(_ problem: String, _ count: Int) -> String {
        "\(problem) (" + (count >= failures ? "\(count) looks in a row" : "look \(count) of \(failures)") + ")"
    }

    /// What a look measured: 1 or 0 for each way of asking, and how long the answer took.
    static func samples(_ error: SNMPError?, snmp: Duration, echo: EchoAnswer?) -> [Sample] {
        var samples = made("snmp", error == nil ? snmp : nil)
        switch echo {
        case .answered(let time): samples += made("icmp", time)
        case .silent: samples += made("icmp", nil)
        case .impossible, nil: break
        }
        return samples
    }

    private static func made(_ way: String, _ time: Duration?) -> [Sample] {
        let attributes = ["network.protocol.name": way]
        let reachable = Sample(SeriesName("muster.device.reachable", attributes), time == nil ? 0 : 1)
        guard let time else { return [reachable] }
        return [reachable, Sample(SeriesName("muster.device.response_time", attributes), time.inSeconds)]
    }
}

extension EchoAnswer {
    /// Whether the address answered.
    var isAnswered: Bool {
        if case .answered = self { true } else { false }
    }
}
