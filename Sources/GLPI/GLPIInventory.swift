import Model

/// An inventory that an agent sent: its own machine, or devices that it has looked at.
public struct GLPIInventory: Sendable {
    /// Whom sections are about.
    public enum Subject: Hashable, Sendable {
        /// The agent's own machine.
        case host
        /// A device: what names it, and the address it was asked at.
        case device(target: String, address: String?)
    }

    /// What is said of one subject.
    public struct Statement: Sendable {
        /// Whom it is about.
        public var subject: Subject
        /// The sections, `system` first.
        public var sections: [InventorySection]
    }

    /// The agent's name for itself: host name and the time of its first start.
    public var deviceID: String
    /// The host's name, as its inventory has it, else as it stands in ``deviceID``.
    public var hostname: String
    /// The agent's name and version, as it writes them.
    public var version: String
    /// What is said.
    public var statements: [Statement]
    /// How each part was read, what was not taken among them.
    public var receipts: [Receipt]
    /// In which form it came: the answer has the same.
    public var form: GLPIForm

    /// The readers of a computer's content, in the order of the sections.
    static let readers: [SectionReader] = [
        .system, .os, .cpu, .memory, .network, .interfaces, .filesystems, .processors, .memoryModules, .slots, .ports,
        .powerSupplies, .batteries, .pci, .usb, .gpus, .monitors, .sound, .input, .disks, .volumes, .packages, .users,
        .groups, .logins, .printers, .guests,
    ]

    /// Parts that say something of the message and not of the machine.
    private static let envelope: Set<String> = ["versionclient", "versionprovider", "accesslog", "accountinfo"]

    /// The inventory of the agent's own machine.
    static func computer(
        _ content: GLPIContent, deviceID: String
    ) throws(GLPIRefusal) -> GLPIInventory {
        var sections: [InventorySection] = []
        var receipts: [Receipt] = []
        for reader in readers {
            guard let (section, receipt) = reader.section(of: content) else { continue }
            sections.append(section)
            receipts.append(receipt)
        }
        guard !sections.isEmpty else {
            throw GLPIRefusal("content: none of the parts of an inventory of a computer is there")
        }
        let parts = Set(readers.flatMap(\.parts)).union(["operatingsystem", "volume_groups", "physical_volumes"])
        let left = notTaken(in: content.record, besides: parts.union(envelope))
        receipts.append(
            Receipt(
                source: "inventory/document", outcome: .success, found: sections.count, milliseconds: 0,
                message: message(notTaken: left)))
        let stated = sections.first { $0.name == .system }?.items.first?.attributes["hostname"]?.text
        return GLPIInventory(
            deviceID: deviceID, hostname: name(stated, deviceID), version: version(content.record),
            statements: [Statement(subject: .host, sections: sections)], receipts: receipts, form: content.form)
    }

    /// Devices that the agent looked at.
    static func devices(
        _ content: GLPIContent, deviceID: String, isDiscovery: Bool
    ) throws(GLPIRefusal) -> GLPIInventory {
        let record = content.record
        var pairs: [(facts: GLPIRecord, parts: GLPIRecord)] = []
        if record.has("network_device") { pairs.append((record.record("network_device"), record)) }
        for device in record.objects("device").records {
            pairs.append((device.has("info") ? device.record("info") : device, device))
        }
        guard pairs.count <= GLPILimits.devices else {
            throw GLPIRefusal("content: \(pairs.count) devices, limit \(GLPILimits.devices)", isTooLarge: true)
        }
        var statements: [Statement] = []
        var receipts: [Receipt] = []
        var silent = 0
        for (facts, parts) in pairs {
            guard !isDiscovery || answersSNMP(facts),
                let device = GLPIDevice(
                    facts: facts, parts: parts, isDiscovery: isDiscovery, isPartial: content.isPartial)
            else {
                silent += 1
                continue
            }
            statements.append(
                Statement(subject: .device(target: device.target, address: device.address), sections: device.sections))
            receipts.append(device.receipt)
        }
        let note = silent == 0 ? "" : "\(silent) addresses without a word over SNMP are not taken"
        receipts.append(
            Receipt(
                source: isDiscovery ? "discovery/document" : "probe/document",
                outcome: statements.isEmpty ? .noData : .success, found: statements.count, milliseconds: 0,
                message: note))
        return GLPIInventory(
            deviceID: deviceID, hostname: name(nil, deviceID), version: version(record), statements: statements,
            receipts: receipts, form: content.form)
    }

    /// A discovery lists whatever answers a ping; only what answered SNMP is a device to us, as with our own probes.
    private static func answersSNMP(_ facts: GLPIRecord) -> Bool {
        ["authsnmp", "snmphostname", "description", "model", "serial", "credentials"].contains { facts.has($0) }
    }

    private static func version(_ record: GLPIRecord) -> String {
        let stated = record.first("versionclient", "moduleversion") ?? "GLPI agent"
        return stated.utf8.count <= 255 ? stated : "GLPI agent"
    }

    /// `pc-7` of `pc-7-2017-04-18-09-26-44`.
    static func name(_ stated: String?, _ deviceID: String) -> String {
        if let stated, stated.utf8.count <= Limits.nameBytes { return stated }
        let bytes = Array(deviceID.utf8)
        let pattern = Array("-dddd-dd-dd-dd-dd-dd".utf8)
        guard bytes.count > pattern.count else { return deviceID }
        let fits = zip(bytes.suffix(pattern.count), pattern).allSatisfy { byte, mark in
            mark == UInt8(ascii: "d") ? (48...57).contains(byte) : byte == mark
        }
        return fits ? String(decoding: bytes.dropLast(pattern.count), as: UTF8.self) : deviceID
    }

    /// Parts that nothing reads, each with how many things it has.
    static func notTaken(in record: GLPIRecord, besides taken: Set<String>) -> [String] {
        record.members.keys.filter { !taken.contains($0) && record.has($0) }.sorted().map { name in
            let shown = String(
                name.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 }.prefix(40).map(Character.init))
            return "\(shown) \(record.count(name))"
        }
    }

    /// One line of at most a thousand bytes.
    static func message(notTaken: [String]) -> String {
        guard !notTaken.isEmpty else { return "" }
        var line = "not taken: "
        for (index, note) in notTaken.enumerated() {
            if line.utf8.count + note.utf8.count > 950 { return line + " and \(notTaken.count - index) more" }
            line += (index == 0 ? "" : ", ") + note
        }
        return line
    }
}
