import Model
import TOML

/// Business services as files declare them (`collector-config/services/*.toml`).
public struct DeclaredServices: Sendable {
    /// One service.
    public struct Declared: Hashable, Sendable {
        /// The file's name without its directory: the source of the statement.
        public var file: String
        /// The service's name; unique among all files.
        public var name: String
        /// What it needs.
        public var dependsOn: [ServiceSelector]

        /// A service.
        public init(file: String, name: String, dependsOn: [ServiceSelector]) {
            self.file = file
            self.name = name
            self.dependsOn = dependsOn
        }
    }

    /// All services, in order of file name.
    public var services: [Declared]

    /// How many there are.
    public var count: Int { services.count }

    /// These services.
    public init(_ services: [Declared]) { self.services = services }

    /// Reads every `*.toml` of `directory`; no services without one.
    public static func load(directory: String?) throws(TOMLError) -> DeclaredServices {
        guard let directory else { return DeclaredServices([]) }
        var services: [Declared] = []
        for path in try TOMLDocument.files(in: directory) {
            let table = try TOMLDocument.load(path)
            let declared = try read(table, file: path.split(separator: "/").last.map(String.init) ?? path)
            if let other = services.first(where: { $0.name == declared.name }) {
                throw table.refusal(
                    "name", found: declared.name, accepted: "a name that \(other.file) does not declare")
            }
            services.append(declared)
        }
        return DeclaredServices(services)
    }

    /// Reads one file's table.
    public static func read(_ table: TOMLTable, file: String) throws(TOMLError) -> Declared {
        let name = CanonicalText.of(try table.requiredString("name", maxBytes: Limits.nameBytes))
        guard !name.isEmpty else { throw table.refusal("name", found: "nothing", accepted: "the service's name") }
        let className = try table.string("class") ?? CIClass.businessService.rawValue
        guard className == CIClass.businessService.rawValue else {
            throw table.refusal("class", found: className, accepted: CIClass.businessService.rawValue)
        }
        var dependsOn: [ServiceSelector] = []
        for text in try table.strings("depends_on", maxBytes: 600) ?? [] {
            guard let selector = ServiceSelector(text) else {
                throw table.refusal("depends_on", found: text, accepted: ServiceSelector.forms)
            }
            if !dependsOn.contains(selector) { dependsOn.append(selector) }
        }
        try table.finish()
        return Declared(file: file, name: name, dependsOn: dependsOn)
    }
}
