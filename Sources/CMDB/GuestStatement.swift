import Model

/// One virtual machine or container as its host lists it.
public struct GuestStatement: Hashable, Sendable {
    /// Its UUID as identity keys have it; nil for a container.
    public var uuid: String?
    /// The name it has inside, as its manager gives it; nil where only the UUID tells.
    public var hostname: String?

    /// Reads an item of the section `guests`; nil when it says nothing by which a guest could be known.
    public init?(_ item: SectionItem) {
        let facts = item.attributes
        uuid = (facts["uuid"]?.text).flatMap(IdentityKeys.uuid)
        switch facts["type"]?.text {
        // A container's host name is the beginning of its number unless somebody chose another.
        case "docker", "podman": hostname = (facts["id"]?.text).map { String($0.prefix(12)) }
        case "lxc": hostname = facts["name"]?.text
        default: hostname = nil
        }
        if hostname?.isEmpty == true { hostname = nil }
        guard hostname != nil || uuid != nil else { return nil }
    }

    /// Texts by which a host that appears later may turn out to be the guest.
    public var clues: [String] {
        [uuid.map { "uuid:\($0)" }, hostname.map { "name:\(CanonicalText.of($0))" }].compactMap { $0 }
    }

    /// The clue that a host's own UUID is.
    public static func clue(uuid: String) -> String { "uuid:\(IdentityKeys.uuid(uuid) ?? "")" }
}
