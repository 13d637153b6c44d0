import Alarms
import CMDB
import CollectorServices
import Console
import FleetCA
import ServiceDesk
import TOML

/// Reads every file that the configuration names, so that `check-config` finds what `run` would refuse.
enum ConfiguredFiles {
    /// A line for each thing that was read; throws at the first that is wrong.
    static func check(_ config: CollectorConfig) throws -> [String] {
        let rules = try RuleSet.load(directory: config.rulesDirectory)
        _ = try StringCatalogue.load(directory: config.incidents.strings, language: config.incidents.language)
        _ = try PageLanguages.load(directory: config.incidents.strings)
        _ = try PriorityMatrix.load(config.incidents.priorities)
        let declared = try DeclaredServices.load(directory: config.servicesDirectory)
        let policies = try PolicyService.check(config.policiesDirectory)
        for site in config.glpiSites { _ = try site.secretHash() }
        if PrivateFile.exists(config.stateDirectory) { try StateDirectory.check(config.stateDirectory) }
        return [
            "\(rules.rules.count) alarm rules", "\(policies) policies", "\(declared.services.count) declared services",
            "\(config.channels.count) notification channels", "\(config.glpiSites.count) GLPI sites",
        ]
    }
}
