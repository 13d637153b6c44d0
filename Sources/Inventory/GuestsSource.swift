import FoundationEssentials
import LinuxSystem
import Model

/// Virtual machines and containers that are set up on this host, from the files of libvirt, LXC, Docker and Podman.
public struct GuestsSource: InventorySource {
    /// `guests`
    public static let name = "guests"

    private static let limit = 10_000

    /// A source.
    public init() {}

    /// Reads the managers' directories; those that are closed are named.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        var items: [SectionItem] = []
        var closed: [String] = []
        var isThere = false
        for (directory, reader) in GuestsSource.readers {
            do throws(SystemReadError) {
                let names = try root.names(directory, limit: GuestsSource.limit)
                isThere = true
                items += names.flatMap { reader("\(directory)/\($0)", root) }
            } catch {
                if case .absent = error { continue }
                isThere = true
                closed.append(directory)
            }
        }
        guard isThere else { return .noData("no libvirt, LXC, Docker or Podman") }
        let section = InventorySection(name: .guests, items: items.withDistinctKeys, isComplete: closed.isEmpty)
        return closed.isEmpty
            ? .success([section]) : .partial([section], "not open to the agent: \(closed.joined(separator: ", "))")
    }

    private typealias Reader = @Sendable (String, SystemRoot) -> [SectionItem]
    private static let readers: [(String, Reader)] = [
        ("/etc/libvirt/qemu", libvirt), ("/etc/libvirt/lxc", libvirt), ("/var/lib/lxc", lxc),
        ("/var/lib/docker/containers", docker), ("/var/lib/containers/storage/overlay-containers", podman),
    ]

    /// libvirt's own XML, of which only elements with plain text are wanted.
    private static let libvirt: Reader = { path, root in
        guard path.hasSuffix(".xml"), let text = try? root.text(path, limit: 4 << 20), let name = element("name", text)
        else {
            return []
        }
        let uuid = element("uuid", text)
        var facts = Attributes()
        facts.text("type", "libvirt")
        facts.text("name", name)
        facts.text("uuid", uuid)
        // The same machine seen from inside by old firmware: the first three fields' bytes the other way round.
        facts.text("uuid_swapped", uuid.flatMap(swapped))
        facts.number(
            "memory_bytes", element("memory", text).flatMap { UInt64($0) }.flatMap { $0 < 1 << 50 ? $0 << 10 : nil })
        facts.number("threads", element("vcpu", text).flatMap { Int($0) })
        return [facts.item("libvirt:\(uuid ?? name)")]
    }

    private static let lxc: Reader = { path, root in
        guard root.exists(path + "/config") else { return [] }
        var facts = Attributes()
        facts.text("type", "lxc")
        facts.text("name", lastPart(path))
        return [facts.item("lxc:\(lastPart(path))")]
    }

    private struct DockerContainer: Decodable {
        var id: String
        var name: String
        var config: Configuration?
        var state: State?

        struct Configuration: Decodable {
            var image: String?
            enum CodingKeys: String, CodingKey { case image = "Image" }
        }

        struct State: Decodable {
            var running: Bool?
            enum CodingKeys: String, CodingKey { case running = "Running" }
        }

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case name = "Name"
            case config = "Config"
            case state = "State"
        }
    }

    private static let docker: Reader = { path, root in
        guard let bytes = try? root.bytes(path + "/config.v2.json", limit: 4 << 20),
            let container = try? JSONDecoder().decode(DockerContainer.self, from: Data(bytes))
        else { return [] }
        let name = container.name.hasPrefix("/") ? String(container.name.dropFirst()) : container.name
        var facts = Attributes()
        facts.text("type", "docker")
        facts.text("name", name)
        facts.text("id", container.id)
        facts.text("image", container.config?.image)
        facts.text("state", container.state?.running.map { $0 ? "running" : "stopped" })
        return [facts.item("docker:\(name)")]
    }

    private struct PodmanContainer: Decodable {
        var id: String
        var names: [String]?
        var metadata: String?
    }

    private struct PodmanMetadata: Decodable {
        var imageName: String?
        enum CodingKeys: String, CodingKey { case imageName = "image-name" }
    }

    private static let podman: Reader = { path, root in
        guard path.hasSuffix("/containers.json"), let bytes = try? root.bytes(path, limit: 16 << 20),
            let containers = try? JSONDecoder().decode([PodmanContainer].self, from: Data(bytes))
        else { return [] }
        return containers.prefix(limit).map { container in
            let name = container.names?.first ?? container.id
            let metadata = container.metadata.flatMap {
                try? JSONDecoder().decode(PodmanMetadata.self, from: Data($0.utf8))
            }
            var facts = Attributes()
            facts.text("type", "podman")
            facts.text("name", name)
            facts.text("id", container.id)
            facts.text("image", metadata?.imageName)
            return facts.item("podman:\(name)")
        }
    }
}

/// The text of the first element of a name that has no elements inside: `<name>x</name>`.
private func element(_ name: String, _ text: String) -> String? {
    guard let open = text.firstRange(of: "<\(name)") else { return nil }
    let rest = text[open.upperBound...]
    guard let first = rest.first, first == ">" || first == " ", let start = rest.firstIndex(of: ">"),
        let end = rest[start...].dropFirst().firstIndex(of: "<")
    else { return nil }
    let value = rest[rest.index(after: start)..<end]
    return (1...255).contains(value.utf8.count) ? String(value) : nil
}

/// A UUID with the bytes of its first three fields in the other order; nil when it is none.
func swapped(_ uuid: String) -> String? {
    let fields = uuid.split(separator: "-").map { Array($0.utf8) }
    guard fields.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
    let turned = fields.enumerated().map { index, field -> String in
        guard index < 3 else { return String(decoding: field, as: UTF8.self) }
        let pairs = stride(from: 0, to: field.count, by: 2).map {
            String(decoding: field[$0..<($0 + 2)], as: UTF8.self)
        }
        return pairs.reversed().joined()
    }
    return turned.joined(separator: "-")
}
