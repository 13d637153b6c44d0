import Model
import SNMP
import TOML

/// An object that holds a fact, and where in its text the fact stands.
public struct FactPlace: Hashable, Sendable {
    /// The instance, or the column whose first row with text counts; behind sysObjectID where `dropped` is there.
    public var oid: OID
    /// How many numbers of sysObjectID are left out before `oid` follows: makers who keep a copy of their MIB for each
    /// model hang it under the model's number. nil where `oid` is whole.
    public var dropped: Int?
    /// Whether `oid` is a column.
    public var isColumn = false
    /// What to take of the text; nil for all of it.
    public var pattern: TextPattern?

    /// Parses `OID`, `OID.*`, `object_id.OID`, `object_id-1.OID`, and each with a blank and a pattern behind it; nil on
    /// anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard var name = parts.first else { return nil }
        if name.hasPrefix("object_id") {
            name = name.dropFirst("object_id".count)
            let count = name.hasPrefix("-") ? name.dropFirst().prefix { $0 != "." } : "0"
            guard let dropped = UInt8(count), let dot = name.firstIndex(of: ".") else { return nil }
            self.dropped = Int(dropped)
            name = name[dot...].dropFirst()
        }
        if name.hasSuffix(".*") {
            isColumn = true
            name = name.dropLast(2)
        }
        guard let oid = OID(String(name)) else { return nil }
        self.oid = oid
        guard parts.count == 2 else { return }
        guard let pattern = TextPattern(String(parts[1])) else { return nil }
        self.pattern = pattern
    }

    /// An instance whose whole text is the fact.
    public init(_ oid: OID) { self.oid = oid }

    /// The place on a device; nil where its object id is too short.
    func place(on objectID: OID?) -> FactPlace? {
        guard let dropped else { return self }
        guard let objectID, objectID.parts.count > dropped + 6, objectID.parts.count < 64 else { return nil }
        var place = self
        place.dropped = nil
        place.oid = OID(objectID.parts.dropLast(dropped) + oid.parts)
        return place
    }

    /// The fact in what was read.
    func fact(in values: [OID: String]) -> String? {
        guard let text = values[oid] else { return nil }
        return pattern.map { $0.capture(in: text) } ?? text
    }
}

/// A fact that is put together of several: `AOS {} / App {}`.
public struct FactFormat: Hashable, Sendable {
    /// What fills a hole.
    public enum Part: Hashable, Sendable {
        /// An object's text.
        case place(FactPlace)
        /// A part of sysDescr.
        case pattern(TextPattern)
    }
    /// The text around the holes.
    public var text: String
    /// What fills them, one each.
    public var parts: [Part] = []

    init(_ table: TOMLTable) throws(TOMLError) {
        text = try table.requiredString("text", maxBytes: 255)
        for word in try table.strings("parts", maxBytes: 1024) ?? [] {
            if let place = FactPlace(word) {
                parts.append(.place(place))
            } else if let pattern = TextPattern(word) {
                parts.append(.pattern(pattern))
            } else {
                throw table.refusal(
                    "parts", found: word, accepted: "an object identifier or a text with one {} or {word}")
            }
        }
        guard parts.count == text.split(separator: "{}", omittingEmptySubsequences: false).count - 1 else {
            throw table.refusal("text", found: text, accepted: "one {} for each of the parts")
        }
        try table.finish()
    }

    /// The same on a device; nil where a part has no place there.
    func format(on objectID: OID?) -> FactFormat? {
        var format = self
        format.parts = parts.compactMap { part in
            switch part {
            case .place(let place): place.place(on: objectID).map { .place($0) }
            case .pattern: part
            }
        }
        return format.parts.count == parts.count ? format : nil
    }

    /// The objects to read.
    var places: [FactPlace] { parts.compactMap { if case .place(let place) = $0 { place } else { nil } } }

    /// The fact, where every hole can be filled.
    func fact(_ values: [OID: String], _ description: String) -> String? {
        let between = text.split(separator: "{}", omittingEmptySubsequences: false)
        var fact = String(between.first ?? "")
        for (part, rest) in zip(parts, between.dropFirst()) {
            let found: String? =
                switch part {
                case .place(let place): place.fact(in: values)
                case .pattern(let pattern): pattern.capture(in: description)
                }
            guard let found else { return nil }
            fact += found + rest
        }
        return fact
    }
}

/// Where a fact is found: put together of several, in objects to read, by what sysDescr or sysObjectID stands for, by
/// patterns in sysDescr, tried in that order.
public struct FactSource: Hashable, Sendable {
    /// A fixed value; nothing is read then.
    public var value: String?
    /// Facts put together; the first whose parts are all there wins.
    public var formats: [FactFormat] = []
    /// Objects to read; the first with text wins.
    public var places: [FactPlace] = []
    /// What stands for the fact; the first that fits wins.
    public var signs: [FactSign] = []
    /// Patterns for sysDescr; the first that fits wins.
    public var patterns: [TextPattern] = []

    /// A source; nowhere by default.
    public init(value: String? = nil, oids: [OID] = [], patterns: [TextPattern] = []) {
        self.value = value
        places = oids.map { FactPlace($0) }
        self.patterns = patterns
    }

    init(_ table: TOMLTable?) throws(TOMLError) {
        guard let table else { return }
        value = try table.string("value", maxBytes: 255)
        for format in try table.tables("formats") { formats.append(try FactFormat(format)) }
        for text in try table.strings("oid", maxBytes: 1024) ?? [] {
            guard let place = FactPlace(text) else {
                throw table.refusal(
                    "oid", found: text,
                    accepted: "an object identifier like 1.3.6.1.4.1.9.1 or object_id.1.2.0, .* and a pattern behind it"
                )
            }
            places.append(place)
        }
        for sign in try table.tables("signs") { signs.append(try FactSign(sign)) }
        for text in try table.strings("pattern", maxBytes: 255) ?? [] {
            guard let pattern = TextPattern(text) else {
                throw table.refusal("pattern", found: text, accepted: "a text with one {} or {word}")
            }
            patterns.append(pattern)
        }
        try table.finish()
    }

    /// The source with the places of `base` behind its own.
    func extending(_ base: FactSource) -> FactSource {
        var source = self
        if isEmpty { source.value = base.value }
        source.formats += base.formats
        source.places += base.places
        source.signs += base.signs
        source.patterns += base.patterns
        return source
    }

    /// The source on a device: without what has no place there.
    func source(on objectID: OID?) -> FactSource {
        var source = self
        source.formats = formats.compactMap { $0.format(on: objectID) }
        source.places = places.compactMap { $0.place(on: objectID) }
        return source
    }

    private var isEmpty: Bool {
        value == nil && formats.isEmpty && places.isEmpty && signs.isEmpty && patterns.isEmpty
    }

    /// All objects to read.
    var allPlaces: [FactPlace] { places + formats.flatMap(\.places) }

    /// The fact in what was read, in sysDescr and in sysObjectID.
    func fact(_ values: [OID: String], _ description: String, _ objectID: OID?) -> String? {
        if let value { return value }
        if let fact = formats.lazy.compactMap({ $0.fact(values, description) }).first { return fact }
        if let fact = places.lazy.compactMap({ $0.fact(in: values) }).first { return fact }
        let lowered = description.lowercased()
        if let fact = signs.lazy.compactMap({ $0.fact(objectID: objectID, description: lowered) }).first { return fact }
        return patterns.lazy.compactMap { $0.capture(in: description) }.first
    }
}
