import CMDB
import Model

extension NetworkPlan {
    /// The drawing in Graphviz's language, in the reader's words. `question` makes the addresses of opened and closed places.
    func source(_ question: NetworkQuestion, _ texts: PageTexts) -> [UInt8] {
        var dot = DotText()
        dot.append("digraph map {")
        dot.append(
            ##"graph [rankdir="LR" bgcolor="transparent" nodesep="0.12" ranksep="0.8" newrank="true" fontname="Helvetica" fontsize="12"]"##
        )
        dot.append(
            ##"node [shape="box" style="rounded,filled" fillcolor="white" fontname="Helvetica" fontsize="11" height="0.36" margin="0.12,0.05"]"##
        )
        dot.append(#"edge [arrowhead="none" fontname="Helvetica" fontsize="10"]"#)
        for place in map.places.indices {
            let isOpen = open.contains(place)
            if isOpen { dot.beginCluster(place, frame(of: place, question, texts)) }
            for (index, box) in boxes.enumerated() where box.place == place {
                dot.append("n\(index)", attributes(of: box, question, texts))
            }
            if isOpen { dot.append("}") }
        }
        for line in lines { dot.append("n\(line.from) -> n\(line.to)", attributes(of: line, texts)) }
        dot.append("}")
        return dot.bytes
    }

    /// The frame around an opened place; its title closes it.
    private func frame(
        of place: Int, _ question: NetworkQuestion, _ texts: PageTexts
    ) -> [(name: StaticString, value: String)] {
        let name = NetworkWords.name(of: map.places[place], texts)
        var frame: [(name: StaticString, value: String)] = [
            ("label", name.cut(to: 60)), ("labeljust", "l"), ("style", "rounded"), ("class", "place root"),
            ("margin", "12"),
        ]
        if map.places.count > 1 {
            frame.append(("URL", question.closing(map.places[place]).path))
            frame.append(("tooltip", texts.text("network.close", ["name": name])))
            frame[0].value = "▾ " + frame[0].value
        }
        return frame
    }

    private func attributes(
        of box: Box, _ question: NetworkQuestion, _ texts: PageTexts
    ) -> [(name: StaticString, value: String)] {
        let words = NetworkWords(self, box, question, texts)
        var classes = ["ci"]
        switch box.what {
        case .place: classes.append("place")
        case .gathered: classes.append("gathered")
        case .device(let node): if map.nodes[node].machine.state != .active { classes.append("gone") }
        }
        if let worst = box.worst { classes.append(worst.rawValue) }
        let notes = words.notes
        var attributes: [(name: StaticString, value: String)] = [
            ("label", ([words.name.cut(to: 36)] + notes).joined(separator: "\n")),
            ("class", classes.joined(separator: " ")), ("URL", words.path),
            ("tooltip", ([words.name] + notes).joined(separator: " · ")),
        ]
        // The word and the double line say it to those who do not see the colour.
        if box.worst != nil { attributes.append(("peripheries", "2")) }
        return attributes
    }

    private func attributes(of line: Line, _ texts: PageTexts) -> [(name: StaticString, value: String)] {
        var attributes: [(name: StaticString, value: String)] = [
            ("tooltip", NetworkWords.cables(line.cables, limit: 12, texts)), ("class", "cable"),
        ]
        if line.cables.count > 1 { attributes.append(("label", "\(line.cables.count)×")) }
        if !line.cables.contains(where: { $0.confidence >= 60 }) { attributes.append(("style", "dashed")) }
        if line.isLevel { attributes.append(("constraint", "false")) }
        if line.columns > 1 { attributes.append(("minlen", String(line.columns))) }
        return attributes
    }
}
