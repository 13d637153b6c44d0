import CMDB
import Foundation
import Outbound
import TOML

@testable import AgentRuntime
@testable import Alarms
@testable import CollectorRuntime
@testable import Devices
@testable import Policies
@testable import ServiceDesk

/// Every kind of configuration file. `secrets` is a directory that stands for /etc/muster where files are read.
func referenceSections(secrets: String) -> [ReferenceSection] {
    let outbound = OutboundClient()
    let collector = { (text: String, file: String, reads: TOMLReads) throws -> Any in
        try CollectorConfig.decode(try TOMLDocument.parse(text, file: file, reads: reads), outbound: outbound)
    }
    return [
        ReferenceSection(
            title: "/etc/muster/agent.toml",
            about: "Read by `muster-agent`. Files `agent.d/*.toml` beside it are read after it; they may add tables it "
                + "leaves out, checks and devices. `muster-agent check-config` reads everything and says what is wrong.",
            files: ["agent-config/agent.toml"],
            freeNames: [
                (["inventory", "source"], InventorySettings().sources.map(\.name), "NAME"),
                (["metrics", "metric"], MetricSettings().metrics.map(\.name), "NAME"),
            ]
        ) { text, file, reads in
            try AgentConfiguration.decode(
                try TOMLDocument.parse(try withSecrets(text, secrets), file: file, reads: reads))
        },
        ReferenceSection(
            title: "/etc/muster/collector.toml",
            about: "Read by `muster-collector`. `muster-collector check-config` reads it and every file it names.",
            files: ["collector-config/collector.toml"], leavesOut: ["channel", "glpi_site"], decode: collector),
        ReferenceSection(
            title: "/etc/muster/policy.toml",
            about: "Read by `muster-agent` at its start: what the host does without of the collector's policy. "
                + "[policy.md](policy.md) explains it.",
            files: ["agent-config/policy.toml"]
        ) { text, file, reads in try PolicyBounds(try TOMLDocument.parse(text, file: file, reads: reads)) },
        ReferenceSection(
            title: "Policies: policies/*.toml",
            about:
                "Read by `muster-collector`: what some agents are to look at. Any number of `[[check]]` and `[[device]]` beside the "
                + "keys below, with the keys of agent.toml; secrets are named by a credential of the agent's service, without a path. "
                + "[policy.md](policy.md) explains them by example.",
            files: ["docs/reference/policy.toml"],
            freeNames: [
                (["inventory", "source"], InventorySettings().sources.map(\.name), "NAME"),
                (["metrics", "metric"], MetricSettings().metrics.map(\.name), "NAME"),
                (["translation"], ["*", "zh-Hans"], "LANGUAGE"),
            ], leavesOut: ["check", "device"]
        ) { text, file, reads in
            try PolicyFile.read(try TOMLDocument.parse(text, file: file, reads: reads), path: file)
        },
        ReferenceSection(
            title: "Notification channels, in collector.toml",
            about: "One `[[channel]]` for each way to reach people or programs. What a web hook receives: "
                + "[collector-config/notifications](../collector-config/notifications/README.md).",
            files: ["collector-config/notifications/example.toml"],
            leavesOut: [
                "collector", "services", "rules", "policies", "discovery", "incidents", "samples", "console", "store",
                "backup",
                "glpi_site",
            ]
        ) { text, file, reads in
            try collector(try withSecrets(text, secrets) + "\n[collector]\nnames = [\"localhost\"]\n", file, reads)
        },
        ReferenceSection(
            title: "Sites of GLPI agents, in collector.toml",
            about: "One `[[glpi_site]]` for each site. [glpi.md](glpi.md) tells how to point agents at it.",
            files: ["docs/reference/glpi-site.toml"],
            leavesOut: [
                "collector", "services", "rules", "policies", "discovery", "incidents", "samples", "console", "store",
                "backup",
                "channel",
            ]
        ) { text, file, reads in
            try collector(text + "\n[collector]\nnames = [\"localhost\"]\n", file, reads)
        },
        ReferenceSection(
            title: "Priorities: priority.toml", about: "How the priority of an incident follows.",
            files: ["collector-config/priority.toml"]
        ) { text, file, reads in try PriorityMatrix.read(try TOMLDocument.parse(text, file: file, reads: reads)) },
        ReferenceSection(
            title: "Alarm rules: rules/*.toml",
            about:
                "One rule a file, with exactly one of the tables threshold, heartbeat, check, event and changed; the file's "
                + "name is the rule's. [rules.md](rules.md) explains them by example.",
            files: [
                "threshold", "threshold-per", "heartbeat", "check", "event", "changed", "changed-ci",
            ].map { "docs/reference/rules/\($0).toml" },
            freeNames: [(["translation"], ["*", "zh-Hans"], "LANGUAGE")]
        ) { text, file, reads in
            try RuleFile.read(try TOMLDocument.parse(text, file: file, reads: reads), path: file)
        },
        ReferenceSection(
            title: "Business services: services/*.toml", about: "One service a file.",
            files: ["docs/reference/service.toml"]
        ) { text, file, reads in
            try DeclaredServices.read(try TOMLDocument.parse(text, file: file, reads: reads), file: file)
        },
        ReferenceSection(
            title: "Device profiles: profiles/*.toml",
            about:
                "One family of devices a file, in the agent's `profile_directory`. `enterprises.toml` beside them has "
                + "one table `[vendors]`: IANA enterprise number to name.",
            files: ["docs/reference/profile.toml"],
            freeNames: [([], ["model", "version", "serial"], "version")]
        ) { text, file, reads in try DeviceProfile(try TOMLDocument.parse(text, file: file, reads: reads)) },
        ReferenceSection(
            title: "Known traps: traps/*.toml",
            about:
                "Any number of traps a file, in the directory of the agent's `[traps]`. [traps.md](traps.md) lists the kinds that "
                + "shipped files and rules know.",
            files: ["docs/reference/traps.toml"],
            freeNames: [
                (["trap", "states"], ["1", "2"], "NUMBER"), (["trap", "values"], ["vendorFanSpeed"], "NAME"),
            ]
        ) { text, file, reads in try TrapCatalogue(try TOMLDocument.parse(text, file: file, reads: reads)) },
    ]
}

/// The text with its secret files in `directory`, where they are made.
private func withSecrets(_ text: String, _ directory: String) throws -> String {
    try text.components(separatedBy: "\n").map { line in
        guard line.contains("_file = \"/etc/muster/"), !line.hasPrefix("ca_file") else { return line }
        let moved = line.replacingOccurrences(of: "/etc/muster/", with: directory + "/")
        let path = moved.components(separatedBy: "\"")[1]
        try Data("secret passphrase\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return moved
    }.joined(separator: "\n")
}
