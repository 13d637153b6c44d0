import FoundationEssentials
import LinuxSystem
import Model

/// What a disk says of its health (smartctl --json): what it judges, and what it has lost, which does not change by itself. Hours,
/// temperatures and counts of octets do.
package struct SMARTHealth: Hashable, Sendable {
    /// Whether the disk judges itself fit.
    var isPassed: Bool?
    /// Sectors that were replaced (ATA attribute 5, SCSI grown defects).
    var reallocated: Int64?
    /// Sectors that wait to be replaced (ATA attribute 197).
    var pending: Int64?
    /// Errors of the medium (NVMe).
    var mediaErrors: Int64?
    /// Percent of the life that the maker counts on, in tens (NVMe): a day's writing is no change.
    var usedPercent: Int64?

    /// The health of each disk by its name, in the lines of ``SMARTClient/reports(_:until:)``. A disk of which smartctl could say
    /// nothing is not in it.
    package static func all(in answer: some Collection<UInt8>) -> [String: SMARTHealth] {
        var found: [String: SMARTHealth] = [:]
        for line in answer.split(separator: 10).prefix(1000) {
            let parts = line.split(separator: 32, maxSplits: 1)
            guard parts.count == 2, parts[0].count <= 32,
                let report = try? JSONDecoder().decode(Report.self, from: Data(parts[1]))
            else { continue }
            let health = SMARTHealth(report)
            if health != SMARTHealth() { found[String(decoding: parts[0], as: UTF8.self)] = health }
        }
        return found
    }

    /// The facts beside those of the disk.
    var facts: Attributes {
        var facts = Attributes()
        facts.text("smart_health", isPassed.map { $0 ? "passed" : "failed" })
        facts.number("reallocated_sectors", reallocated)
        facts.number("pending_sectors", pending)
        facts.number("media_errors", mediaErrors)
        facts.number("used_percent", usedPercent)
        return facts
    }

    init() {}

    private init(_ report: Report) {
        isPassed = report.status?.passed
        let attributes = report.attributes?.table ?? []
        reallocated = attributes.first { $0.id == 5 }?.raw?.value ?? report.grownDefects
        pending = attributes.first { $0.id == 197 }?.raw?.value
        mediaErrors = report.nvme?.mediaErrors
        usedPercent = report.nvme?.percentageUsed.flatMap { (0...255).contains($0) ? $0 / 10 * 10 : nil }
    }

    /// What is read of smartctl's JSON, format 1.
    private struct Report: Decodable {
        var status: Status?
        var attributes: Attributes?
        var grownDefects: Int64?
        var nvme: NVMe?

        struct Status: Decodable { var passed: Bool? }
        struct Attributes: Decodable { var table: [Attribute]? }
        struct Attribute: Decodable {
            var id: Int?
            var raw: Raw?
        }
        struct Raw: Decodable { var value: Int64? }
        struct NVMe: Decodable {
            var mediaErrors: Int64?
            var percentageUsed: Int64?

            private enum CodingKeys: String, CodingKey {
                case mediaErrors = "media_errors"
                case percentageUsed = "percentage_used"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case status = "smart_status"
            case attributes = "ata_smart_attributes"
            case grownDefects = "scsi_grown_defect_list"
            case nvme = "nvme_smart_health_information_log"
        }
    }
}
