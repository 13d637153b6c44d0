import Model
import Terminal

/// A column of a table as text, with the width it is given.
struct TextColumn {
    let title: String
    let isDetail: Bool
    let isColoured: Bool
    private(set) var cells: [String]
    private(set) var width: Int

    private static let gap = 2
    /// With less room for texts than this, columns that are details make way.
    private static let wantedText = 40
    /// Up to this width a column is not text but a number, a word or a time, and is kept whole.
    private static let mostFixed = 17

    init(_ column: Column, cells: [String]) {
        title = column.title
        isDetail = column.isDetail
        isColoured = column.isColoured
        self.cells = cells
        width = 0
        measure()
    }

    /// The columns that fit into `width` together: empty ones go first, times lose their seconds, then details go, and
    /// at last the widest texts are shortened.
    static func fitted(_ columns: [TextColumn], to width: Int) -> [TextColumn] {
        guard total(columns.map(\.width)) > width else { return columns }
        var kept = columns.filter { !$0.isEmpty }
        if kept.isEmpty { kept = columns }
        if total(kept.map(\.width)) > width { kept = kept.map(\.withShortTimes) }
        while total(kept.map(\.wanted)) > width, let last = kept.lastIndex(where: \.isDetail) { kept.remove(at: last) }
        var cap = width
        while cap > 1, total(kept.map { $0.width(under: cap) }) > width { cap -= 1 }
        return kept.map { column in
            var column = column
            column.width = column.width(under: cap)
            return column
        }
    }

    /// A row's cell, or the title for row -1, padded unless it is the last of its line.
    func text(_ row: Int, isLast: Bool, hasColour: Bool) -> String {
        let whole = cells.indices.contains(row) ? cells[row] : title
        let cell = shortened(whole, to: width)
        let padding = isLast ? 0 : max(0, width - displayWidth(cell)) + TextColumn.gap
        let colour = hasColour && isColoured && row >= 0 ? Colour.of(whole) : nil
        return (colour?.paint(cell) ?? cell) + String(repeating: " ", count: padding)
    }

    private var isEmpty: Bool { cells.allSatisfy(\.isEmpty) }
    private var isText: Bool { width > TextColumn.mostFixed }
    private var wanted: Int { isText ? min(width, TextColumn.wantedText) : width }

    private func width(under cap: Int) -> Int {
        // In the narrowest terminals numbers and words give way, too.
        isText || cap < 8 ? min(width, cap) : width
    }

    /// The column with times to the minute; unchanged when anything else stands in it.
    private var withShortTimes: TextColumn {
        guard cells.allSatisfy({ $0.isEmpty || ($0.utf8.count == 24 && Timestamp(rfc3339: $0) != nil) }) else {
            return self
        }
        var column = self
        column.cells = cells.map { $0.isEmpty ? "" : $0.prefix(16) + "Z" }
        column.measure()
        return column
    }

    private mutating func measure() { width = cells.reduce(displayWidth(title)) { max($0, displayWidth($1)) } }

    private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + max(0, widths.count - 1) * gap }
}
