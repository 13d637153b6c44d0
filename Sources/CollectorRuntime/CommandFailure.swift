import FleetCA
import Stores
import TOML

/// How a failed command ends: one line and an exit code.
public struct CommandFailure: Sendable {
    /// What, where, what to do.
    public let line: String
    /// 1 failed, 2 bad usage or configuration.
    public let code: Int32

    /// What to say of `error`; `usage` words errors of the argument parser.
    public init(_ error: any Error, usage: (any Error) -> String) {
        switch error {
        case let error as TOMLError: (line, code) = (escaped(error.description), 2)
        case let error as CollectorError: (line, code) = (escaped(error.description), 2)
        case let error as FleetCAError: (line, code) = (escaped(error.description), 2)
        case StoreError.newer: (line, code) = (escaped("\(error)"), 2)
        case let error as StoreError: (line, code) = (escaped(error.description), 1)
        case let error as any CustomStringConvertible where !CommandFailure.isUsage(error):
            (line, code) = (escaped(error.description), 1)
        default: (line, code) = (usage(error), 2)
        }
    }

    private static func isUsage(_ error: any CustomStringConvertible) -> Bool {
        // The parser's error types are its own; their names are all that can be seen from outside.
        String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
