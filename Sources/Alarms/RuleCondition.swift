import Model

/// What a rule watches for; one of a closed set of kinds.
public enum RuleCondition: Hashable, Sendable {
    /// A measured value beyond a limit.
    case threshold(ThresholdCondition)
    /// An agent that no longer speaks.
    case heartbeat
    /// A check that fails.
    case check(CheckCondition)
    /// Something in the record changed: an event, not a state.
    case changed(ChangedCondition)
    /// Something that a device told, or that was seen of it.
    case event(EventCondition)
}

/// A measured value beyond a limit for a time, with another limit for the way back (hysteresis).
public struct ThresholdCondition: Hashable, Sendable {
    /// On which side of the limit the condition holds.
    public enum Side: String, Hashable, Sendable, CaseIterable {
        /// The value is greater than the limit.
        case above
        /// The value is less than the limit.
        case below
    }

    /// The metric's name.
    public var metric: String
    /// Series attributes that must have these values.
    public var attributes: [String: String]
    /// Series attributes that tell one alarm from another on the same CI (a mount point), joined by a space.
    public var instance: [String]
    /// Values of the instance that are left out, by prefix.
    public var excludedInstances: [String]
    /// An attribute of the CI by which the value is divided (load per processor); nil for none.
    public var per: String?
    /// Which side is bad.
    public var side: Side
    /// The limit in the metric's unit, or per unit of ``per``.
    public var limit: Double
    /// The value has to come back to this before the alarm clears.
    public var clear: Double
    /// How long the condition must hold before the alarm fires, seconds.
    public var hold: Int64

    /// A condition.
    public init(
        metric: String, attributes: [String: String] = [:], instance: [String] = [], excludedInstances: [String] = [],
        per: String? = nil, side: Side, limit: Double, clear: Double, hold: Int64
    ) {
        self.metric = metric
        self.attributes = attributes
        self.instance = instance
        self.excludedInstances = excludedInstances
        self.per = per
        self.side = side
        self.limit = limit
        self.clear = clear
        self.hold = hold
    }

    /// Whether the value is on the bad side of the limit.
    public func isMet(by value: Double) -> Bool { side == .above ? value > limit : value < limit }

    /// Whether the value has come back far enough to clear.
    public func isCleared(by value: Double) -> Bool { side == .above ? value <= clear : value >= clear }
}

/// A check in one of some states for some runs.
public struct CheckCondition: Hashable, Sendable {
    /// The states that count as failing.
    public var states: Set<CheckState>
    /// Kinds of checks (`tcp`, `http`, `process`, `snmp`); empty for all.
    public var kinds: Set<String>
    /// How the check's name begins; `""` for all.
    public var namePrefix: String
    /// How many failing runs in a row it takes.
    public var failuresInRow: Int
    /// How long the check must stay well before the alarm clears, seconds; 0 clears with the first good run.
    public var clearHold: Int64

    /// A condition.
    public init(
        states: Set<CheckState>, kinds: Set<String> = [], namePrefix: String = "", failuresInRow: Int = 1,
        clearHold: Int64 = 0
    ) {
        self.states = states
        self.kinds = kinds
        self.namePrefix = namePrefix
        self.failuresInRow = failuresInRow
        self.clearHold = clearHold
    }

    /// Whether the condition is about this check at all.
    public func covers(_ result: CheckResult) -> Bool {
        (kinds.isEmpty || kinds.contains(result.kind)) && result.check.hasBytePrefix(namePrefix)
    }
}

/// A change of the record.
public struct ChangedCondition: Hashable, Sendable {
    /// What may have changed.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Attributes of the CI.
        case attributes
        /// Items of a section of the CI.
        case items
        /// A CI came into being or returned.
        case appeared
        /// A CI vanished.
        case vanished
    }

    /// Which changes count.
    public var kinds: Set<Kind>
    /// Sections whose items count; empty for all.
    public var sections: Set<SectionName>
    /// Names (attribute, item key without its manager, CI) that count, by prefix; empty for all.
    public var include: [String]
    /// Names that do not count, by prefix.
    public var exclude: [String]
    /// After how many seconds the alarm clears itself.
    public var clearAfter: Int64

    /// A condition.
    public init(
        kinds: Set<Kind>, sections: Set<SectionName> = [], include: [String] = [], exclude: [String] = [],
        clearAfter: Int64
    ) {
        self.kinds = kinds
        self.sections = sections
        self.include = include
        self.exclude = exclude
        self.clearAfter = clearAfter
    }

    /// Whether changes of something called `name` count.
    public func covers(name: String) -> Bool {
        (include.isEmpty || include.contains { name.hasBytePrefix($0) }) && !exclude.contains { name.hasBytePrefix($0) }
    }
}

extension String {
    /// Whether the UTF-8 bytes begin with those of `prefix` (String's own comparison is by canonical equivalence).
    func hasBytePrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
