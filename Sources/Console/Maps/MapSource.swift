import Model
import Stores

extension MapPlan {
    /// The map in Graphviz's language, in the reader's words; links keep `asOf`.
    func source(severities: [CIID: Severity], asOf: Timestamp?, _ texts: PageTexts) -> [UInt8] {
        var dot = DotText()
        dot.append("digraph map {")
        dot.append(#"graph [rankdir="LR" bgcolor="transparent" nodesep="0.14" ranksep="0.5"]"#)
        dot.append(
            ##"node [shape="box" style="rounded,filled" fillcolor="white" fontname="Helvetica" fontsize="11" height="0.36" margin="0.12,0.05"]"##
        )
        dot.append(#"edge [arrowsize="0.6"]"#)
        for (index, node) in nodes.enumerated() {
            dot.append("n\(index)", attributes(of: node, severities[node.ci], asOf, texts))
        }
        for way in ways { dot.append("n\(way.from) -> n\(way.to)", []) }
        dot.append("}")
        return dot.bytes
    }

    private func attributes(
        of node: Node, _ severity: Severity?, _ asOf: Timestamp?, _ texts: PageTexts
    ) -> [(name: StaticString, value: String)] {
        let kind = CILink.kind(node.className, texts)
        let page = Site.path(Site.ci(node.ci), [("as_of", asOf?.rfc3339)])
        if node.gathered > 0 {
            let words = texts.text("map.gathered", ["count": String(node.gathered), "class": kind])
            return [("label", words), ("class", "ci gathered"), ("URL", page), ("tooltip", words)]
        }
        let name = node.name.shownOnOneLine(limit: 200)
        var notes = [kind]
        var classes = ["ci"]
        if node.isRoot { classes.append("root") }
        if node.state != .active {
            notes.append(texts.text("ci_state." + node.state.rawValue))
            classes.append("gone")
        }
        if let severity {
            // The word and the double line say it to those who do not see the colour.
            notes.append("▲ " + texts.text("severity." + severity.rawValue))
            classes.append(severity.rawValue)
        }
        let note = notes.joined(separator: " · ")
        var attributes: [(name: StaticString, value: String)] = [
            ("label", name.cut(to: 36) + "\n" + note), ("class", classes.joined(separator: " ")), ("URL", page),
            ("tooltip", name + " (" + note + ")"),
        ]
        if severity != nil { attributes.append(("peripheries", "2")) }
        return attributes
    }
}

extension String {
    /// The text cut at `limit` scalars, with `…` where something is missing.
    func cut(to limit: Int) -> String {
        guard unicodeScalars.count > limit else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(limit - 1))) + "…"
    }
}
