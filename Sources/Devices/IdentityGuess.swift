/// What can be told of a device nobody described: from the words of sysDescr and from what it has.
struct IdentityGuess {
    private let description: String
    private let vendor: String?
    private let name: String?
    private let chassis: DeviceEntity?
    private let isHost: Bool

    /// A guess at the device of a report whose vendor is told, from its outermost chassis, too, where it has one. `isHost`:
    /// whether it is known to be a host; only then the kernel's version is its own.
    init(_ report: DeviceReport, chassis: DeviceEntity?, isHost: Bool) {
        description = report.description ?? ""
        vendor = report.vendor
        name = report.name
        self.chassis = chassis
        self.isHost = isHost
    }

    /// By a label, by the first words, or what the chassis is called.
    var model: String? {
        let labelled = LabelledFacts(description).model.map { Self.withoutVendor($0, vendor) }
        if let model = labelled ?? Self.model(description, vendor: vendor, name: name) { return model }
        let names = [chassis?.description, chassis?.name].compactMap { $0 }
        return names.lazy.compactMap { Self.model($0, vendor: vendor, name: name) }
            .first { $0.utf8.contains(where: VersionWord.isDigit) }
    }

    /// By a label, or the first word that looks like one; else the chassis' firmware.
    var version: String? {
        let isKernel = DescriptionWords.isHost(description) && !isHost
        let told = isKernel ? nil : LabelledFacts(description).version ?? Self.version(description)
        return told ?? chassis?.firmwareRevision
    }

    /// By a label only: any other word may be anything.
    var serial: String? { LabelledFacts(description).serial }

    /// What the first words call the device: without its maker's name before it, its own name in it, and what it is for
    /// and which version it runs behind it. Of a text that says more than that the first word that looks like a model.
    static func model(_ description: String, vendor: String?, name: String? = nil) -> String? {
        // A host tells its operating system, not its model.
        if DescriptionWords.isHost(description) { return nil }
        let text = unmarked(description)
        var fallback: String?
        let segments = text.split(whereSeparator: { ";,(|".contains($0) }).filter { $0.contains { $0 != " " } }
        for (index, segment) in segments.prefix(3).enumerated() {
            let words = modelWords(segment, vendor: vendor, name: name)
            if let model = model(of: words) { return model }
            if index == 0, words.isEmpty { continue }
            if index == 0, isName(words), segment.split(separator: " ").count < 7 { fallback = joined(words) }
            if segment.split(separator: " ").contains(where: DescriptionWords.endsModel) { break }
        }
        return firstModelWord(text, name: name) ?? fallback
    }

    /// A number with dots: the first such word of the description that is not the kernel's of something that is no host.
    static func version(_ description: String) -> String? {
        let isHost = DescriptionWords.isHost(description)
        var before: Substring = ""
        for word in description.split(whereSeparator: { " ,;[]()|".contains($0) }) {
            if VersionWord.isVersion(word), isHost || !DescriptionWords.isHostSystem(before) {
                return VersionWord.bare(word)
            }
            before = word
        }
        return nil
    }

    /// A text without the maker's name before it; whole where nothing would be left.
    static func withoutVendor(_ text: String, _ vendor: String?) -> String {
        let words = withoutCompany(text.split(separator: " "), vendor: vendor)
        return words.isEmpty ? text : words.joined(separator: " ")
    }

    /// Without the marks that lawyers put behind names.
    private static func unmarked(_ text: String) -> String {
        var text = text
        for mark in ["(tm)", "(TM)", "(R)", "(r)", "(C)", "(c)"] {
            let parts = text.split(separator: mark, maxSplits: 64, omittingEmptySubsequences: false)
            text = parts.joined()
        }
        return text
    }

    /// The words of a segment up to where it stops to say what the device is.
    private static func modelWords(_ segment: Substring, vendor: String?, name: String?) -> [Substring] {
        let maker = vendor?.split(separator: " ").first.map { DescriptionWords.squashed($0) }
        var words: [Substring] = []
        for word in withoutCompany(segment.split(separator: " "), vendor: vendor).prefix(16) where String(word) != name
        {
            if DescriptionWords.endsModel(word) || VersionWord.isVersion(word) || VersionWord.holdsVersion(word) {
                break
            }
            if word.hasPrefix("[") || word.hasPrefix("<") || word.contains(where: { ":=".contains($0) }) { break }
            let isBehind =
                word.hasSuffix("OS") || word == "-" || word == "/" || DescriptionWords.squashed(word) == maker
            if isBehind, !words.isEmpty { break }
            let isGeneric = DescriptionWords.isGeneric(word)
            if isGeneric, words.contains(where: isNumbered) { break }
            words.append(word)
            if word.hasSuffix("."), isNumbered(word) { break }
        }
        // The operating system before the model.
        if let first = words.first, first.hasSuffix("OS"), !isNumbered(first),
            words.dropFirst().contains(where: isNumbered)
        {
            words.removeFirst()
        }
        return words
    }

    /// Whether the word tells one model from another.
    private static func isNumbered(_ word: Substring) -> Bool {
        word.utf8.contains(where: VersionWord.isDigit) && !DescriptionWords.isGeneric(word) && !VersionWord.isHash(word)
    }

    /// A few words with a number among them; only the last where the others say what the device is for.
    private static func model(of words: [Substring]) -> String? {
        let text = joined(words)
        guard (1...4).contains(words.count), words.contains(where: isNumbered), (2...48).contains(text.utf8.count)
        else {
            return nil
        }
        if words.count > 2, let last = words.last, words.dropLast().allSatisfy(DescriptionWords.isGeneric),
            let model = modelWord(last)
        {
            return model
        }
        return text.utf8.contains(where: VersionWord.isLetter) ? text : nil
    }

    /// A name of a product without a number in it.
    private static func isName(_ words: [Substring]) -> Bool {
        (1...2).contains(words.count) && !words.contains(where: DescriptionWords.isGeneric)
            && !words.contains(where: DescriptionWords.isHostSystem) && (3...32).contains(joined(words).utf8.count)
    }

    private static func joined(_ words: [Substring]) -> String {
        var text = words.joined(separator: " ")
        while let last = text.last, ".,:".contains(last) { text.removeLast() }
        return text
    }

    /// The words without the maker's name before them and what belongs to it.
    private static func withoutCompany(_ words: [Substring], vendor: String?) -> ArraySlice<Substring> {
        var rest = words[...]
        var isMaker = false
        if let vendor, let first = vendor.split(separator: " ").first {
            let whole = (1...3).reversed().first { count in
                count <= words.count
                    && DescriptionWords.squashed(words[..<count].joined()) == DescriptionWords.squashed(vendor)
            }
            let isFirst = words.first.map { DescriptionWords.squashed($0) == DescriptionWords.squashed(first) } == true
            rest = words.dropFirst(whole ?? (isFirst ? 1 : 0))
            isMaker = whole != nil || isFirst
        }
        while let word = rest.first {
            // Makers of wireless devices are called so.
            guard DescriptionWords.isCompany(word) || isMaker && word.lowercased() == "wireless" && rest.count > 1
            else { break }
            rest.removeFirst()
        }
        return rest
    }

    private static func firstModelWord(_ description: String, name: String?) -> String? {
        let words = description.split(whereSeparator: { " ,;()|".contains($0) }).prefix(12)
        for word in words {
            if DescriptionWords.isHostSystem(word) || ["version", "firmware", "software"].contains(word.lowercased()) {
                return nil
            }
            if let model = modelWord(word), model != name { return model }
        }
        return nil
    }

    /// Letters, digits and little else, a digit and a capital among them.
    private static func modelWord(_ word: Substring) -> String? {
        var word = word
        while let first = word.first, ".\"'[]".contains(first) { word.removeFirst() }
        while let last = word.last, ".\"'[]".contains(last) { word.removeLast() }
        let bytes = word.utf8
        guard (3...32).contains(bytes.count), !DescriptionWords.isGeneric(word), !VersionWord.holdsVersion(word),
            bytes.contains(where: VersionWord.isDigit), bytes.contains(where: { (65...90).contains($0) }),
            bytes.first.map({ VersionWord.isDigit($0) || VersionWord.isLetter($0) }) == true,
            bytes.allSatisfy({ VersionWord.isDigit($0) || VersionWord.isLetter($0) || "-+/_".utf8.contains($0) })
        else { return nil }
        return String(word)
    }
}
