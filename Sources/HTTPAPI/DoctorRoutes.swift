import CollectorServices

/// The route behind `muster doctor`.
struct DoctorRoutes: Sendable {
    let doctor: Doctor

    var all: [Route] { [Route("GET", "/v1/doctor", .accounts(.read), look)] }

    @Sendable private func look(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let findings = try await doctor.findings()
        return .json(
            .object([
                ("time", .time(doctor.now())), ("warnings", .integer(count(.warning, findings))),
                ("errors", .integer(count(.error, findings))), ("findings", .array(findings.map(Self.finding))),
            ]))
    }

    private func count(_ level: Doctor.Level, _ findings: [Doctor.Finding]) -> Int64 {
        Int64(findings.filter { $0.level == level }.count)
    }

    private static func finding(_ finding: Doctor.Finding) -> JSON {
        .object([
            ("area", .text(finding.area.rawValue)), ("level", .text(finding.level.rawValue)),
            ("text", .text(finding.text)), ("next", .text(finding.next)),
        ])
    }
}
