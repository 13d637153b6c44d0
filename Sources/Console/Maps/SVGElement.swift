/// One element of a drawing as it may stand in a page: the closed list behind ``SVGFilter``.
struct SVGElement {
    /// The name it is written under.
    let written: String
    /// The opening tag; nil when the element is left out.
    let start: String?

    /// Drawings are laid out in points of 1/72 inch; so much larger they read like the page around them.
    private static let scale = 1.25

    /// An element; nil when it or one of its attributes is not on the list.
    init?(_ name: String, _ attributes: [String: String], label: String) {
        guard let kept = Self.kept(name, attributes) else { return nil }
        var tag = "<"
        switch name {
        case "title":
            (written, start) = (name, nil)
            return
        case "svg":
            written = name
            tag += "svg role=\"group\" aria-label=\"\(ScalarHTML.escape(label))\""
        case "a":
            // Without a link there is only a tooltip.
            written = kept.contains { $0.name == "href" } ? "a" : "g"
            tag += written
        case "polygon" where attributes["fill"] == "transparent" || attributes["stroke"] == "transparent":
            // The ground behind everything.
            (written, start) = (name, nil)
            return
        default:
            written = name
            tag += name
        }
        for (name, value) in kept { tag += " \(name)=\"\(ScalarHTML.escape(value))\"" }
        tag += ">"
        if name == "a", let title = attributes["xlink:title"] { tag += "<title>\(ScalarHTML.escape(title))</title>" }
        start = tag
    }

    /// The attributes that stay; nil when one is not known here or has an unexpected value.
    private static func kept(_ element: String, _ attributes: [String: String]) -> [(name: String, value: String)]? {
        guard let accepted = accepted[element] else { return nil }
        var kept: [(name: String, value: String)] = []
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            guard let use = accepted[name] else { return nil }
            switch use {
            case .left: continue
            case .numbers(let letters):
                guard value.utf8.allSatisfy({ numeric.contains($0) || letters.utf8.contains($0) }) else { return nil }
                kept.append((name, value))
            case .points:
                guard value.hasSuffix("pt"), let points = Double(value.dropLast(2)), (0...1_000_000).contains(points)
                else { return nil }
                kept.append((name, String(Int((points * scale).rounded()))))
            case .words:
                guard value.utf8.allSatisfy(isWord) else { return nil }
                kept.append((name, value))
            case .none:
                if value == "none" { kept.append((name, value)) }
            case .link:
                guard isPage(value) else { return nil }
                kept.append(("href", value))
            }
        }
        return kept
    }

    private enum Use {
        /// Read and left out.
        case left
        /// Digits, signs, dots, spaces, commas and these letters.
        case numbers(String)
        /// A length in points, written in pixels.
        case points
        /// Words of the style sheet.
        case words
        /// Kept when it is `none`: every other colour is the style sheet's.
        case none
        /// The page of a CI, or of the network.
        case link
    }

    private static let shape: [String: Use] = [
        "fill": .none, "stroke": .none, "stroke-width": .numbers(""), "stroke-dasharray": .numbers(""),
    ]

    private static let accepted: [String: [String: Use]] = [
        "svg": [
            "width": .points, "height": .points, "viewBox": .numbers(""), "xmlns": .left, "xmlns:xlink": .left,
        ],
        "g": ["id": .left, "class": .words, "transform": .numbers("scaletrno()")],
        "title": [:],
        "a": ["xlink:href": .link, "xlink:title": .left],
        "polygon": shape.merging(["points": .numbers("")]) { first, _ in first },
        "polyline": shape.merging(["points": .numbers("")]) { first, _ in first },
        "path": shape.merging(["d": .numbers("MCLZ")]) { first, _ in first },
        "ellipse": shape.merging(["cx": .numbers(""), "cy": .numbers(""), "rx": .numbers(""), "ry": .numbers("")]) {
            first, _ in first
        },
        "text": [
            "text-anchor": .words, "x": .numbers(""), "y": .numbers(""), "font-family": .left, "font-size": .left,
            "fill": .left,
        ],
    ]

    private static let numeric = Set("0123456789+-., e".utf8)

    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-") || byte == 0x20
    }

    /// `/ci/NUMBER` or `/map`, with a query of unreserved and escaped characters at most.
    private static func isPage(_ value: String) -> Bool {
        let parts = value.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path == Site.map || isCI(path) else { return false }
        return parts.dropFirst().allSatisfy { query in
            query.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "=&%._~-".utf8.contains(byte)
                }
            }
        }
    }
    private static func isCI(_ path: Substring) -> Bool {
        guard path.hasPrefix("/ci/") else { return false }
        let number = path.dropFirst(4).utf8
        return (1...20).contains(number.count)
            && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
