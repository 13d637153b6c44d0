import CollectorServices
import Model

/// The route behind `muster doctor`.
struct DoctorRoutes: Sendable {
    let doctor: Doctor

    var all: [Route] {
        [
            Route(
                "GET", "/v1/doctor", .accounts(.read), "What is in order, what is not, and what to do.",
                answers: .examination, look)
        ]
    }

    @Sendable private func look(_ input: NoInput, _ request: APIRequest) async throws -> Examination {
        Examination(time: doctor.now(), findings: try await doctor.findings())
    }
}

/// What the doctor found.
struct Examination: Sendable {
    let time: Timestamp
    let findings: [Doctor.Finding]

    func count(_ level: Doctor.Level) -> Int { findings.filter { $0.level == level }.count }
}

extension Shape where Value == Examination {
    /// What the doctor found: a bounded number of findings for each area.
    static var examination: Shape {
        let finding = Shape<Doctor.Finding>.object(
            "Finding",
            [
                Member("area", .word) { $0.area }, Member("level", .word) { $0.level },
                Member("text", .text) { $0.text }, Member("next", .text, "What to do; may be empty.") { $0.next },
            ])
        return .object(
            "Examination",
            [
                Member("time", .time) { $0.time }, Member("warnings", .number) { $0.count(.warning) },
                Member("errors", .number) { $0.count(.error) },
                Member("findings", finding.list) { $0.findings },
            ])
    }
}
