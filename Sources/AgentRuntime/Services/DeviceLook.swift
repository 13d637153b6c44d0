import Model
import SNMP

/// Whether a device answers, from look to look: one failure is a warning, several in a row are critical.
struct DeviceLook {
    /// The check's name at the collector.
    let check: String
    private let target: String
    private let failures: Int
    private(set) var failuresInRow = 0

    init(target: String, failures: Int) {
        self.target = target
        self.failures = failures
        check = DeviceLook.name(of: target)
    }

    /// The name under which the collector knows and asks for the look at a device.
    static func name(of target: String) -> String { "snmp:\(target)" }

    /// Takes a look's end into account.
    mutating func result(_ error: SNMPError?, milliseconds: Int64) -> CheckResult {
        guard let error else {
            failuresInRow = 0
            return made(.ok, "answers", milliseconds)
        }
        failuresInRow += 1
        let isDown = failuresInRow >= failures
        let count = isDown ? "\(failuresInRow) looks in a row" : "look \(failuresInRow) of \(failures)"
        return made(isDown ? .critical : .warning, "\(error) (\(count))", milliseconds)
    }

    private func made(_ state: CheckState, _ message: String, _ milliseconds: Int64) -> CheckResult {
        CheckResult(
            check: check, kind: "snmp", subject: .device(target: target), state: state,
            message: String(printed(message)), failuresInRow: failuresInRow, milliseconds: milliseconds)
    }
}
