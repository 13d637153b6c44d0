import Model

/// A virtual machine as its hypervisor lists it, told as an agent tells those of its host (section `guests`).
public struct DeviceGuest: Hashable, Sendable, DeviceRow {
    /// Who manages it: `vmware`.
    public var manager: String
    /// What people call it.
    public var name: String?
    /// Its UUID in 32 lower-case digits with hyphens.
    public var uuid: String?
    /// One of ``GuestTable/stateWords``; nil where the hypervisor does not tell.
    public var state: String?
    /// The operating system inside, in the words of the hypervisor.
    public var os: String?
    /// Its memory.
    public var memoryBytes: Int64?
    /// Its virtual processors.
    public var threads: Int64?

    var key: String { "\(manager):\(uuid ?? name ?? "")" }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["type"] = manager
        facts["name"] = name
        facts["uuid"] = uuid
        facts["uuid_swapped"] = uuid.map(Self.swapped)
        facts["state"] = state
        facts["os"] = os
        facts[number: "memory_bytes"] = memoryBytes
        facts[number: "threads"] = threads
        return facts
    }

    /// The same machine seen from inside by old firmware: the bytes of the first three fields the other way round (DSP0134, 7.2.1).
    private static func swapped(_ uuid: String) -> String {
        let digits = Array(uuid.utf8.filter { $0 != UInt8(ascii: "-") })
        guard digits.count == 32 else { return uuid }
        let order = [6, 7, 4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 14, 15, 12, 13]
        return hyphened(order.map { digits[$0] } + digits[16...])
    }

    /// Thirty-two digits as a UUID is written.
    static func hyphened(_ digits: [UInt8]) -> String {
        var bytes: [UInt8] = []
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { bytes.append(UInt8(ascii: "-")) }
            bytes.append(digit)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
