import Model

/// One policy: whom it is for, and what they get.
public struct Policy: Hashable, Sendable {
    /// Its name: the file's without `.toml`. Policies count in the order of their names, the nearest last.
    public var name: String
    /// What it is for, in one line, for people.
    public var about: String
    /// The same by language (BCP 47).
    public var translations: [String: String]
    /// Whom it is for.
    public var selector: PolicySelector
    /// When sources of the inventory are read.
    public var inventory: PolicySchedule
    /// When the host is measured.
    public var metrics: PolicySchedule
    /// Time from one whole reading of a device to the next, as it is written; nil where nothing is said.
    public var probeInterval: String?
    /// Time from one look at a device to the next, as it is written; nil where nothing is said.
    public var pollInterval: String?
    /// Checks, as in agent.toml.
    public var checks: [PolicyItem]
    /// Devices, as in agent.toml, without secrets.
    public var devices: [PolicyItem]
    /// Names of checks that earlier policies gave and this one takes away.
    public var withoutChecks: [String]
    /// Names of devices that earlier policies gave and this one takes away.
    public var withoutDevices: [String]
    /// The networks its agents look through; nil where nothing is said.
    public var discovery: PolicyDiscovery?
    /// Whether it takes away what earlier policies said of networks.
    public var withoutDiscovery: Bool
    /// The ring its agents are in; nil where nothing is said.
    public var ring: String?
    /// The version of that ring; nil where another policy has it.
    public var version: String?

    /// The text of ``about`` in a language.
    public func about(in language: String) -> String { translations[language] ?? about }
}
