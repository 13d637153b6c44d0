import Model

/// One change to the CMDB's rows, in the words of docs/decisions/0001.
public enum CMDBChange: Sendable {
    /// A source of statements; `kind` is `agent`, `snmp`, `glpi`, `glpi-snmp`, `file`, `person`, `import` or `derived`.
    case addSource(id: Int64, kind: String, name: String)
    /// A thing as one source knows it: unique by source, scope and key. `parent` is the object it lies inside.
    case addObject(id: Int64, source: Int64, scope: String, key: String, className: CIClass, parent: Int64?)
    /// From this commit on, `object` speaks of `ci`; an earlier binding of the object ends.
    case bind(object: Int64, ci: CIID)
    /// A new CI. `parent` is the CI inside which it is identified (an interface's host).
    case addCI(id: CIID, className: CIClass, name: String, parent: CIID?)
    /// A CI's state.
    case setState(ci: CIID, state: CIState)
    /// A CI's name.
    case setName(ci: CIID, name: String)
    /// An identity key now points at a CI; one key points at one CI at most, anything else is a conflict.
    case addKey(kind: String, value: String, ci: CIID)
    /// An identity key points nowhere.
    case removeKey(kind: String, value: String)
    /// What an object's source says of an attribute; nil ends the statement.
    case observe(object: Int64, attribute: String, value: AttributeValue?)
    /// The record's value computed from all observations, and whose it is; nil ends it.
    case setAttribute(ci: CIID, attribute: String, value: AttributeValue?, object: Int64?)
    /// An item of a section; nil attributes end it.
    case setItem(object: Int64, section: SectionName, key: String, attributes: [String: AttributeValue]?)
    /// The newest state of a section: its digest in hexadecimal, and whether it was complete.
    case setSection(object: Int64, section: SectionName, digest: String, isComplete: Bool, claimedTime: Timestamp)
    /// A part of a section that waits for the others; taking effect removes all parts of that object and section.
    case stagePart(object: Int64, section: SectionName, digest: String, part: Int, parts: Int, items: [SectionItem])
    /// Removes the waiting parts of a section.
    case dropParts(object: Int64, section: SectionName)
    /// An edge begins.
    case addRelation(RelationEdge)
    /// An edge ends.
    case endRelation(RelationEdge)
}

/// A change to the newest results of checks.
public enum CheckChange: Sendable {
    /// What a check of an agent last found about a CI.
    case setResult(agent: String, ci: CIID, result: CheckResult)
    /// A check of an agent is not made any more.
    case removeResult(agent: String, check: String)
}
