import Model
import Stores

/// One machine that a device speaks of because it depends on it: an access point as its wireless controller lists it.
struct DependentStatement: Sendable {
    /// What tells it from all other machines, strongest first: its serial number, the MAC address of its cable's end.
    let keys: [IdentityKey]
    /// What it is called; its serial number or the item's key where it has no name.
    let name: String
    /// Whether it needs the device now: one that stands by for another does not.
    let isDependent: Bool
    /// What is said of it, as attributes of its CI.
    let facts: [String: AttributeValue]

    /// Reads an item of the section `access_points`.
    init(_ item: SectionItem) {
        let stated = item.attributes
        var keys: [IdentityKey] = []
        if let serial = IdentityKeys.serial(stated) { keys.append(IdentityKey("serial", serial)) }
        if let mac = (stated["mac"]?.text).flatMap(IdentityKeys.mac) { keys.append(IdentityKey("mac", mac)) }
        self.keys = keys
        let names = ["name", "serial", "mac"].lazy.compactMap { stated[$0]?.text?.trimmedASCII }
        name = CanonicalText.of(names.first { !$0.isEmpty } ?? item.key)
        isDependent = stated["state"]?.text != "standby"
        var facts: [String: AttributeValue] = ["system.kind": "wireless"]
        for (name, value) in stated {
            facts[(DependentStatement.own.contains(name) ? "system." : "access_point.") + name] = value
        }
        self.facts = facts
    }

    /// What a probe of the machine itself would say, too.
    private static let own: Set<String> = ["name", "vendor", "model", "serial", "version", "location"]
}
