import Model

/// When a file system will be full at the growth of the days before: a straight line through its daily means.
///
/// The slope is the median of the slopes between all pairs of days (Theil and Sen), so that a few days of another kind do not bend
/// it. Nothing is said where there is no such line: see ``make(_:at:)``.
public struct FillForecast: Hashable, Sendable {
    /// Days until it is full; 0 when it is.
    public var daysLeft: Double
    /// What share of the file system is added in a day, 0 to 1.
    public var perDay: Double
    /// How many days it was seen growing.
    public var basis: Int

    /// How far back days are looked at.
    public static let window = 28
    /// The metric of which daily means are taken: the share of a file system that is used, 0 to 1.
    public static let source = "system.filesystem.utilization"

    /// So many days it takes to see a trend: a week has its quiet days.
    static let leastDays = 7
    /// How much more often a later day must be fuller than an earlier one, as a share of all pairs (Mann and Kendall): what goes up and
    /// down, like logs that are rotated, has no trend.
    static let leastAgreement = 0.6
    /// A fall of this much from one day to the next is somebody who made room, and begins anew.
    static let fall = 0.05
    /// Further ahead a straight line is no forecast.
    static let furthest = 365.0
    /// The newest day may be this old, in days.
    static let freshness = 3.0

    /// The forecast at `now` from daily means, oldest first. Nil with fewer than seven days since room was last made, without a newest
    /// day that is fresh, where the days do not agree that it grows, and where it would take more than a year.
    public static func make(_ means: [(time: Timestamp, value: Double)], at now: Timestamp) -> FillForecast? {
        let points = Array(since(means.compactMap { point($0, now) }))
        guard points.count >= leastDays, let last = points.last, last.day > -freshness, last.day <= 1 else {
            return nil
        }
        var slopes: [Double] = []
        var agreement = 0
        for (index, later) in points.enumerated() {
            for earlier in points[..<index] where later.day > earlier.day {
                slopes.append((later.value - earlier.value) / (later.day - earlier.day))
                agreement += later.value > earlier.value ? 1 : later.value < earlier.value ? -1 : 0
            }
        }
        guard let slope = median(slopes), slope > 0, Double(agreement) >= leastAgreement * Double(slopes.count),
            let base = median(points.map { $0.value - slope * $0.day })
        else { return nil }
        // Day 0 is now, so the base is what the line says of this moment; the file system itself may be ahead of it.
        let left = max(0, (1 - max(base, last.value)) / slope)
        guard left <= furthest else { return nil }
        return FillForecast(daysLeft: left, perDay: slope, basis: points.count)
    }

    private typealias Point = (day: Double, value: Double)

    /// A mean with the days from now, negative for the past; nil for what is outside the window or no share.
    private static func point(_ mean: (time: Timestamp, value: Double), _ now: Timestamp) -> Point? {
        let day = Double(mean.time.milliseconds(since: now)) / 86_400_000
        guard mean.value >= 0, mean.value <= 1, day >= -Double(window), day <= 1 else { return nil }
        return (day, mean.value)
    }

    /// The points behind the last fall.
    private static func since(_ points: [Point]) -> ArraySlice<Point> {
        var begin = points.startIndex
        for (index, pair) in zip(points, points.dropFirst()).enumerated() where pair.0.value - pair.1.value > fall {
            begin = index + 1
        }
        return points[begin...]
    }

    private static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard let middle = sorted.indices.contains(sorted.count / 2) ? sorted[sorted.count / 2] : nil else {
            return nil
        }
        return sorted.count % 2 == 1 ? middle : (middle + sorted[sorted.count / 2 - 1]) / 2
    }
}
