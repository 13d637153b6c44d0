import LinuxSystem
import Model
import TOML

/// Whether a unit of systemd is as it should be; systemd itself is asked, over D-Bus.
public struct UnitCheck: HostCheck {
    /// `unit`
    public static let kind = "unit"
    private let unit: String
    private let states: [State]
    private let looks = OneLook()

    /// What systemd calls a unit's active state.
    private enum State: String, CaseIterable {
        case active, reloading, inactive, failed, activating, deactivating, maintenance
    }

    /// Reads `unit` (with its type: `nginx.service`) and `states` (accepted ones, default active and reloading).
    public init(settings: TOMLTable) throws(TOMLError) {
        let name = try settings.requiredString("unit", maxBytes: 255)
        guard SystemdUnit.isUnit(name), name.utf8.allSatisfy(UnitCheck.isNameByte) else {
            throw settings.refusal(
                "unit", found: "\"\(name)\"", accepted: "a unit's name with its type, like \"nginx.service\"")
        }
        unit = name
        let words = try settings.words("states", among: State.allCases.map(\.rawValue)) ?? ["active", "reloading"]
        states = words.compactMap { State(rawValue: $0) }
        guard !states.isEmpty else { throw settings.refusal("states", found: "none", accepted: "at least one") }
    }

    /// The service, as the inventory calls it; of units of other types the host.
    public var defaultSubject: Subject { unit.hasSuffix(".service") ? .service(key: "unit:" + unit) : .host }

    /// Asks once.
    public func run(_ context: CheckContext) async -> CheckFinding {
        guard SystemdUnits.isRunning(SystemRoot(path: context.root)) else {
            return CheckFinding(.unknown, shown("systemd does not run this host"))
        }
        // Four questions at most, each with its part of the time.
        let found = await looks.run(within: context.timeout) {
            do throws(SystemdError) {
                return finding(try SystemdUnitState.read(unit, patience: context.timeout / 4))
            } catch { return CheckFinding(.unknown, shown(error.description)) }
        }
        return found ?? CheckFinding(.unknown, shown("systemd does not answer"))
    }

    /// What a state means.
    func finding(_ state: SystemdUnitState) -> CheckFinding {
        if states.contains(where: { $0.rawValue == state.active }), state.load != "not-found" {
            return CheckFinding(.ok, shown("\(state.active) (\(state.sub))"))
        }
        switch state.load {
        case "loaded": break
        case "not-found": return CheckFinding(.critical, shown("there is no such unit"))
        case "masked": return CheckFinding(.critical, shown("masked"))
        default: return CheckFinding(.critical, shown("its file is wrong (\(state.load))"))
        }
        let isWhy = state.active == "failed" && !["", "success"].contains(state.result)
        return CheckFinding(.critical, shown("\(state.active) (\(isWhy ? state.result : state.sub))"))
    }

    private func shown(_ text: String) -> String { "unit \(unit): \(text)".shownOnOneLine(limit: 400) }

    /// Bytes of unit names (systemd.unit(5)).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || ":-_.\\@".utf8.contains(byte)
    }
}
