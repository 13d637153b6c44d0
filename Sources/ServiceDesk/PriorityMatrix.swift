import Model
import Stores
import TOML

/// How impact, urgency and priority follow from what is affected and how bad it is: data (`priority.toml`).
public struct PriorityMatrix: Hashable, Sendable {
    /// Business services from which on the impact is high or medium.
    public var services: Steps
    /// Other affected items from which on the impact is high or medium.
    public var items: Steps
    /// Urgency by severity.
    public var urgency: [Severity: Grade]
    /// Priority by impact, then urgency.
    public var priority: [Grade: [Grade: Priority]]

    /// Two counts that divide three grades.
    public struct Steps: Hashable, Sendable {
        /// From this count on, high.
        public var high: Int
        /// From this count on, medium.
        public var medium: Int

        func grade(_ count: Int) -> Grade { count >= high ? .high : count >= medium ? .medium : .low }
    }

    /// The impact of a failure that reaches `affected`.
    public func impact(of affected: [AffectedCI]) -> Grade {
        let services = affected.count { $0.className == .businessService }
        let grades = [self.services.grade(services), items.grade(affected.count - services)]
        return grades.min { $0.rawValue < $1.rawValue } ?? .low
    }

    /// The urgency of an alarm; a rule's own word goes first.
    public func urgency(of severity: Severity, rule: Grade?) -> Grade { rule ?? urgency[severity] ?? .low }

    /// The priority.
    public func priority(_ impact: Grade, _ urgency: Grade) -> Priority {
        priority[impact]?[urgency] ?? Priority(rawValue: 5)
    }

    /// Reads `path`: every cell must be there.
    /// - Throws: `TOMLError` with file, line and what is accepted.
    public static func load(_ path: String) throws(TOMLError) -> PriorityMatrix {
        try read(try TOMLDocument.load(path))
    }

    /// Reads the text of a file called `file`.
    public static func parse(_ text: String, file: String) throws(TOMLError) -> PriorityMatrix {
        try read(try TOMLDocument.parse(text, file: file))
    }

    static func read(_ root: TOMLTable) throws(TOMLError) -> PriorityMatrix {
        let impact = try root.requiredTable("impact")
        let services = try Steps(impact.requiredTable("business_services"))
        let items = try Steps(impact.requiredTable("items"))
        let urgencies = try root.requiredTable("urgency")
        var urgency: [Severity: Grade] = [:]
        for severity in [Severity.critical, .major, .warning] {
            urgency[severity] = try urgencies.requiredChoice(severity.rawValue, among: GradeName.self).grade
        }
        let rows = try root.requiredTable("priority")
        var priority: [Grade: [Grade: Priority]] = [:]
        for row in GradeName.allCases {
            let cells = try rows.requiredTable(row.rawValue)
            for column in GradeName.allCases {
                let number = try cells.requiredInt(column.rawValue, in: 1...5)
                priority[row.grade, default: [:]][column.grade] = Priority(rawValue: number)
            }
        }
        try root.finish()
        return PriorityMatrix(services: services, items: items, urgency: urgency, priority: priority)
    }
}

extension PriorityMatrix.Steps {
    fileprivate init(_ table: TOMLTable) throws(TOMLError) {
        high = try table.requiredInt("high", in: 1...1_000_000)
        medium = try table.requiredInt("medium", in: 1...1_000_000)
    }
}

/// The words for ``Grade`` in files.
private enum GradeName: String, CaseIterable {
    case high, medium, low

    var grade: Grade {
        switch self {
        case .high: .high
        case .medium: .medium
        case .low: .low
        }
    }
}
