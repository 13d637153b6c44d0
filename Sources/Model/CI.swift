/// The number of a configuration item, given once and never reused.
public struct CIID: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The number.
    public let rawValue: Int64

    /// The item numbered `rawValue`.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// The item numbered `number`.
    public init(_ number: Int64) { rawValue = number }

    /// Older items first.
    public static func < (left: CIID, right: CIID) -> Bool { left.rawValue < right.rawValue }

    /// The number in decimal.
    public var description: String { String(rawValue) }

    /// Reads the number.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Writes the number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// The name of a CI class: classes are data (`collector-config/classes`), the names below are those code speaks of.
public struct CIClass: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    /// The name, lower case with hyphens.
    public let rawValue: String

    /// The class called `rawValue`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The class called `value`.
    public init(stringLiteral value: String) { rawValue = value }

    /// A computer with an agent or known by one.
    public static let host: CIClass = "host"
    /// Something that speaks SNMP and has no agent.
    public static let device: CIClass = "device"
    /// A network interface inside a host or device.
    public static let interface: CIClass = "interface"
    /// A mounted file system inside a host.
    public static let filesystem: CIClass = "filesystem"
    /// A running program that listens, inside a host.
    public static let service: CIClass = "service"
    /// What the business calls a service: declared, never discovered.
    public static let businessService: CIClass = "business-service"
}

/// Where a CI stands in its life.
public enum CIState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Its sources speak of it.
    case active
    /// A complete observation no longer had it; a return keeps the identity.
    case vanished
    /// Taken out by a person or by age.
    case retired
}

/// The kind of an edge between two CIs, read from source to target (`web runs-on host`).
public enum RelationKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Source needs target to run at all: a service runs on its host.
    case runsOn = "runs-on"
    /// Source is a part inside target: an interface in its host, a file system on its host.
    case partOf = "part-of"
    /// Source holds a live connection to target.
    case connectsTo = "connects-to"
    /// A cable: two interfaces. Has no direction; stored once, lower CI number first.
    case connectedTo = "connected-to"
    /// Source was declared to need target.
    case dependsOn = "depends-on"
    /// Source is a virtual machine or container on target, both hosts.
    case hostedOn = "hosted-on"

    /// Which way failure travels along the edge.
    public var impact: ImpactDirection {
        switch self {
        case .runsOn, .partOf, .connectsTo, .dependsOn, .hostedOn: .targetToSource
        case .connectedTo: .both
        }
    }
}

/// Which end of a relation suffers when the other fails.
public enum ImpactDirection: String, Hashable, Sendable, Codable {
    /// The target's failure reaches the source.
    case targetToSource
    /// Either end's failure reaches the other.
    case both
}
