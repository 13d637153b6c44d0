import FoundationEssentials
import Model
import Wire

/// The cursor of a listing: opaque to callers, bound to the listing that gave it.
struct Cursor<Position: LosslessStringConvertible & Sendable>: Sendable {
    /// The listing's name.
    let listing: String

    /// The text for a position behind which the next page begins.
    func text(_ position: Position) -> String {
        Data((listing + ":" + position.description).utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The position in a text that ``text(_:)`` made; nil for anything else.
    func position(_ text: String) -> Position? {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard + padding),
            let plain = String(validating: data, as: UTF8.self),
            plain.utf8.starts(with: (listing + ":").utf8),
            let position = Position(String(plain.unicodeScalars.dropFirst(listing.unicodeScalars.count + 1)))
        else { return nil }
        // One text per position: other spellings of the same octets are not ours.
        return self.text(position).utf8.elementsEqual(text.utf8) ? position : nil
    }

    /// A page of what was read with one more than `limit`, so that the last page is known to be the last.
    func page<Item: Sendable>(
        _ found: [Item], limit: Int, _ position: (Item) -> Position
    ) -> Page<Item> {
        guard found.count > limit else { return Page(items: found, next: nil) }
        let items = Array(found.prefix(limit))
        return Page(items: items, next: items.last.map { text(position($0)) })
    }

    /// The input's kind.
    var kind: Kind<Position> {
        Kind(
            schema: .type("string", [("minLength", 1)]), accepted: "the next of an answer of this listing",
            sample: nil, text: { position($0) }, json: { _ in nil })
    }
}

extension Cursor where Position == Int {
    /// A page of a list that is whole in memory and only grows at its end, by offset.
    func page<Item: Sendable>(of all: [Item], after: Int?, limit: Int) -> Page<Item> {
        let start = min(max(after ?? 0, 0), all.count)
        let end = min(all.count, start + limit)
        return Page(items: Array(all[start..<end]), next: end < all.count ? text(end) : nil)
    }
}

extension Cursor where Position == String {
    /// A page of a list that is whole in memory, in order of a key's bytes.
    func page<Item: Sendable>(
        of all: [Item], after: String?, limit: Int, _ key: (Item) -> String
    ) -> Page<Item> {
        let keyed = all.map { (key($0), $0) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        let behind = keyed.filter { item in after.map { $0.utf8.lexicographicallyPrecedes(item.0.utf8) } ?? true }
        let page = self.page(Array(behind.prefix(limit + 1)), limit: limit) { $0.0 }
        return Page(items: page.items.map(\.1), next: page.next)
    }

    /// A page of a list that is whole in memory, in its own order, behind the item with a key.
    func page<Item: Sendable>(
        inOrder all: [Item], after: String?, limit: Int, _ key: (Item) -> String
    ) throws(ProblemDetails) -> Page<Item> {
        var rest = all[...]
        if let after {
            guard let index = all.firstIndex(where: { key($0).utf8.elementsEqual(after.utf8) }) else {
                throw .invalid("query after names an item that is gone; begin again without it")
            }
            rest = all[(index + 1)...]
        }
        return page(Array(rest.prefix(limit + 1)), limit: limit) { key($0) }
    }
}
