/// Model, version and serial number where a description says before each what it is: `Model: EX-48, SW Version 6.1.4, S/N
/// 12345`. Without regard to case, and only where the label begins a word.
struct LabelledFacts {
    private let bytes: [UInt8]
    private let lowered: [UInt8]

    init(_ description: String) {
        bytes = Array(description.utf8)
        lowered = bytes.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    }

    /// What stands behind a label, and how it is set off from it.
    private struct Place {
        /// What follows, from its first letter on.
        var rest: Substring
        /// Whether a colon, an equals or a number sign stands between.
        var hasSign: Bool
        /// Whether nothing stands between.
        var isGlued: Bool
        /// The word before the label.
        var before: Substring
    }

    /// The text behind `Model:` up to the next label or sign.
    var model: String? {
        value([
            "model name", "model number", "model no", "hw_model", "model", "product name", "product", "prod", "pid",
            "md", "mcu", "hwsku",
        ]) {
            place in
            guard place.hasSign, !place.isGlued else { return nil }
            var words: [Substring] = []
            let text = place.rest.prefix { !",;|)]>".contains($0) }
            for word in text.split(separator: " ") {
                let isEnd =
                    word == "-" || word.contains(":") || word.contains("=") || VersionWord.isVersion(word)
                    || DescriptionWords.endsModel(word)
                if isEnd, !words.isEmpty { break }
                words.append(word)
            }
            let model = words.joined(separator: " ")
            guard (2...48).contains(model.utf8.count) else { return nil }
            return model.utf8.contains(where: VersionWord.isLetter) || Self.isNumber(model) ? model : nil
        }
    }

    /// The version behind `SW Version`, `Firmware:`, `Rev.`; not that of the hardware or of the boot loader.
    var version: String? {
        let labels = [
            "sw_rev", "software version", "sw version", "firmware version", "software revision", "firmware revision",
            "software rev", "firmware rev", "softw", "software", "firmware", "sw", "fw", "vers", "version", "f/w",
            "s/w",
            "app ver", "release", "rel", "revision", "ver", "rev",
        ]
        return value(labels) { place in
            if DescriptionWords.isOtherPart(place.before) { return nil }
            let words = place.rest.prefix(80).split(separator: " ").drop { Self.versionWords.contains($0.lowercased()) }
            guard let first = words.first else { return nil }
            return Self.version(Self.word(first), place)
        }
    }

    /// The serial number behind `S/N`, `Serial No.`
    var serial: String? {
        value(["serial number", "serial no", "serial num", "serialnumber", "serial", "s/n", "sn"]) { place in
            if place.isGlued { return nil }
            let word = Self.word(place.rest)
            let digits = word.utf8.count(where: VersionWord.isDigit)
            let isPlain = word.utf8.allSatisfy {
                VersionWord.isDigit($0) || VersionWord.isLetter($0) || "-_/.:".utf8.contains($0)
            }
            guard (4...40).contains(word.utf8.count), digits > 1, isPlain, !VersionWord.isVersion(word) else {
                return nil
            }
            return String(word)
        }
    }

    /// Behind a sign a number or a code will do; behind a blank only what can be nothing but a version.
    private static func version(_ word: Substring, _ place: Place) -> String? {
        guard (1...40).contains(word.utf8.count), !isDate(word) else { return nil }
        let bytes = Array(word.utf8)
        if VersionWord.isVersion(word) {
            return place.isGlued && VersionWord.isLetter(bytes[0]) ? nil : VersionWord.bare(word)
        }
        guard !place.isGlued, bytes.contains(where: VersionWord.isDigit) else { return nil }
        let isCode = bytes.count > 1 && VersionWord.isDigit(bytes[1])
        if VersionWord.holdsVersion(word) { return String(word) }
        if VersionWord.isDigit(bytes[0]) {
            return place.hasSign || word.contains { ".-_".contains($0) } ? String(word) : nil
        }
        // `V200R010C00SPC600`
        let isLong = isCode && bytes.count > 5 && bytes[1...3].allSatisfy(VersionWord.isDigit)
        return isLong || (place.hasSign && isCode && bytes.count > 3) ? String(word) : nil
    }

    private static let versionWords: Set<String> = [
        "version", "version:", "ver", "ver.", "ver:", "rev", "rev.", "rev:", "v", "v.", "revision", "release", "is",
        "=",
    ]

    /// `2017-09-18`, `2016/04/05`
    private static func isDate(_ word: Substring) -> Bool {
        let bytes = Array(word.utf8.prefix(5))
        return bytes.count == 5 && bytes[..<4].allSatisfy(VersionWord.isDigit) && "-/".utf8.contains(bytes[4])
    }

    private static func isNumber(_ text: String) -> Bool {
        text.utf8.count > 2 && text.utf8.allSatisfy(VersionWord.isDigit)
    }

    /// Up to a blank, a sign, or a bracket that was not opened in it.
    private static func word(_ text: Substring) -> Substring {
        var open = 0
        let end = text.firstIndex { letter in
            switch letter {
            case "(", "[": open += 1
            case ")", "]": open -= 1
            default: return " ,;|<>\"'".contains(letter)
            }
            return open < 0
        }
        var word = text[..<(end ?? text.endIndex)]
        while word.hasSuffix(".") || word.hasSuffix(":") { word.removeLast() }
        return word
    }

    // MARK: places

    /// The first value that is accepted behind any of the labels; an earlier label is the better one.
    private func value(_ labels: [String], _ accept: (Place) -> String?) -> String? {
        for label in labels {
            for place in places(Array(label.utf8)) {
                if let value = accept(place) { return value }
            }
        }
        return nil
    }

    /// Where a label stands; a description that repeats one without end is not looked through.
    private func places(_ label: [UInt8]) -> [Place] {
        var places: [Place] = []
        var start = 0
        while places.count < 16, start + label.count < lowered.count {
            let end = start + label.count
            if lowered[start..<end].elementsEqual(label), let place = place(start, end) { places.append(place) }
            start += 1
        }
        return places
    }

    private func place(_ start: Int, _ end: Int) -> Place? {
        if start > 0 {
            let before = lowered[start - 1]
            if VersionWord.isDigit(before) || VersionWord.isLetter(before) || "-_/".utf8.contains(before) { return nil }
        }
        let value = bytes[end...].firstIndex { !" :=#.".utf8.contains($0) }
        guard let value else { return nil }
        let between = bytes[end..<value]
        return Place(
            rest: Substring(decoding: bytes[value...].prefix(255), as: UTF8.self),
            hasSign: between.contains { ":=#".utf8.contains($0) }, isGlued: between.isEmpty, before: wordBefore(start))
    }

    private func wordBefore(_ start: Int) -> Substring {
        let ahead = bytes[max(0, start - 32)..<start]
        let words = ahead.split { " (,[;".utf8.contains($0) }
        return words.last.map { Substring(decoding: $0, as: UTF8.self) } ?? ""
    }
}
