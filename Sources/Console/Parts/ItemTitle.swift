import Model
import Wire

/// What people call an item of a section. Its key tells it from others and is written for that: parts divided by bars,
/// where it begins with what kind of thing it is.
enum ItemTitle {
    /// The item's own name where its key does not say it, else the key's parts as words.
    static func words(_ key: String, _ attributes: [String: AttributeValue], _ texts: PageTexts) -> String {
        if let name = attributes["name"]?.text, !name.isEmpty { return name.shownOnOneLine(limit: 200) }
        return words(key, texts)
    }

    /// A key's parts as words: `exe:/usr/sbin/nginx|tcp|0.0.0.0|80` is `nginx · tcp · 0.0.0.0:80`.
    static func words(_ key: String, _ texts: PageTexts) -> String {
        let ends = key.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false).map { side in
            let parts = side.split(separator: "|", omittingEmptySubsequences: false).filter { !$0.isEmpty }
            return joined(parts.map { part($0, texts) })
        }
        return ends.joined(separator: " → ").shownOnOneLine(limit: 200)
    }

    private static func part(_ text: Substring, _ texts: PageTexts) -> String {
        if text.hasPrefix("unit:") { return String(text.dropFirst(5)) }
        let isProgram = text.hasPrefix("exe:")
        let bare = isProgram ? text.dropFirst(4) : text
        if bare == "?" { return texts.text(isProgram ? "ci_items.unknown_program" : "ci_items.unknown") }
        return isProgram ? String(bare.split(separator: "/").last ?? bare) : String(bare)
    }

    /// Parts divided by dots; a port stands at its address.
    private static func joined(_ parts: [String]) -> String {
        guard parts.count >= 3, let port = parts.last, UInt16(port) != nil, IPAddress(parts[parts.count - 2]) != nil
        else {
            return parts.joined(separator: " · ")
        }
        let address = parts[parts.count - 2]
        let end = (address.contains(":") ? "[" + address + "]" : address) + ":" + port
        return (parts.dropLast(2) + [end]).joined(separator: " · ")
    }
}
