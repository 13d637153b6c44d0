import Model
import ServiceDesk
import Stores
import TOML
import Testing

@Suite("priority from impact and urgency")
struct PriorityMatrixTests {
    static func affected(services: Int, items: Int) -> [AffectedCI] {
        (0..<services).map { AffectedCI(ci: CIID(Int64($0)), className: .businessService, name: "s", path: []) }
            + (0..<items).map { AffectedCI(ci: CIID(Int64(1000 + $0)), className: .host, name: "h", path: []) }
    }

    @Test(
        "impact is the worse of services and items reached",
        arguments: [
            (0, 0, Grade.low), (0, 9, .low), (0, 10, .medium), (0, 100, .high), (1, 0, .medium), (2, 99, .medium),
            (3, 0, .high), (1, 100, .high),
        ])
    func impact(services: Int, items: Int, grade: Grade) throws {
        let matrix = try ServiceDeskFixture.decider().matrix
        #expect(matrix.impact(of: Self.affected(services: services, items: items)) == grade)
    }

    @Test("the shipped matrix falls from 1 to 5 and never rises")
    func matrix() throws {
        let matrix = try ServiceDeskFixture.decider().matrix
        #expect(matrix.priority(.high, .high).rawValue == 1)
        #expect(matrix.priority(.low, .low).rawValue == 5)
        #expect(matrix.urgency(of: .warning, rule: nil) == .low)
        #expect(matrix.urgency(of: .warning, rule: .high) == .high)
        for impact in Grade.allCases {
            let row = Grade.allCases.map { matrix.priority(impact, $0) }
            #expect(row == row.sorted())
        }
    }

    @Test("a cell that is missing or out of range is refused", arguments: ["", "low = 6", "low = 0", "low = \"x\""])
    func refused(cell: String) {
        let text = """
            [impact]
            business_services = { high = 3, medium = 1 }
            items = { high = 3, medium = 1 }
            [urgency]
            critical = "high"
            major = "medium"
            warning = "low"
            [priority.high]
            high = 1
            medium = 1
            low = 1
            [priority.medium]
            high = 1
            medium = 1
            low = 1
            [priority.low]
            high = 1
            medium = 1
            \(cell)
            """
        #expect(throws: TOMLError.self) { try PriorityMatrix.parse(text, file: "p.toml") }
    }
}
