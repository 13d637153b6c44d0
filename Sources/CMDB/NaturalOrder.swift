/// The order in which people count: `Branch 2` before `Branch 10`.
enum NaturalOrder {
    /// A key that sorts so: lower case, runs of digits filled up with zeros to 20.
    static func key(_ text: String) -> String {
        var key = String.UnicodeScalarView()
        var digits = String.UnicodeScalarView()
        func flush() {
            guard !digits.isEmpty else { return }
            key.append(contentsOf: repeatElement("0", count: max(0, 20 - digits.count)))
            key.append(contentsOf: digits)
            digits = String.UnicodeScalarView()
        }
        for scalar in text.lowercased().unicodeScalars {
            if ("0"..."9").contains(scalar) {
                digits.append(scalar)
            } else {
                flush()
                key.append(scalar)
            }
        }
        flush()
        return String(key)
    }
}
