/// Folds what repeats: of the lines about one thing, equal ones that follow each other become one with a count.
///
/// A check that fails for the tenth time says nothing new, and what else happened between two of its failures is no reason
/// to tell it twice. A line that tells something else of the same thing ends the run.
enum HistoryFold {
    /// Lines, newest first; each run stands where its newest stood, with the time of its oldest.
    static func folded(_ lines: [CIHistoryModel.Line], _ texts: PageTexts) -> [CIHistoryModel.Line] {
        var output: [CIHistoryModel.Line] = []
        var places: [String: Int] = [:]
        for line in lines {
            if let place = places[line.topic], output[place].says(theSameAs: line) {
                output[place].times += 1
                output[place].first = line.time
                // A check's first results are told and not all of them: how many there were says nothing, and the newest
                // of them is not the last.
                let isCheck = line.topic.hasPrefix("check ")
                output[place].isSince = isCheck
                output[place].repeated =
                    isCheck
                    ? texts.text("ci_history.since")
                    : texts.text("ci_history.repeated", ["count": String(output[place].times)])
                // Each of them had its own number of entries.
                if line.changes.isEmpty { output[place].more = nil }
                continue
            }
            places[line.topic] = output.count
            output.append(line)
        }
        return output
    }
}

extension CIHistoryModel.Line {
    fileprivate func says(theSameAs other: CIHistoryModel.Line) -> Bool {
        sentence == other.sentence && changes == other.changes && about?.path == other.about?.path
            && path == other.path
    }
}
