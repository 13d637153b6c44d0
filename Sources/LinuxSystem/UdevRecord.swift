/// What udev found out about a device and keeps in /run/udev/data: file system, partition, serial numbers.
public struct UdevRecord: Hashable, Sendable {
    private var values: [String: String] = [:]

    /// The record of a block device by its number, `8:1`; empty where udev has none.
    public init(block number: String, _ root: SystemRoot) {
        guard number.utf8.count <= 32, number.utf8.allSatisfy({ (48...58).contains($0) }),
            let content = try? root.content("/run/udev/data/b" + number, limit: 1 << 20)
        else { return }
        for line in content.lines.prefix(1000) where line.hasPrefix("E:") {
            guard let (name, value) = ByteText(slice: line.bytes.dropFirst(2)).cut(at: UInt8(ascii: "=")),
                name.bytes.count <= 64
            else { continue }
            values[name.string] = UdevRecord.unescaped(value.bytes.prefix(4096))
        }
    }

    /// A property such as `ID_FS_TYPE`; nil where there is none or it is empty.
    public subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// udev writes what is no plain ASCII as `\x` and two hexadecimal digits.
    static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        guard text.contains(UInt8(ascii: "\\")) else { return ByteText(slice: text).trimmed.string }
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            let digits = rest.dropFirst().prefix(2)
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"), digits.count == 2,
                let value = ByteText(slice: digits).hexadecimal
            {
                result.append(UInt8(truncatingIfNeeded: value))
                rest = rest.dropFirst(3)
            } else {
                result.append(byte)
            }
        }
        return ByteText(result).trimmed.string
    }
}
