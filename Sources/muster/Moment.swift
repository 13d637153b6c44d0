import ArgumentParser
import Glibc
import Model

/// A moment in the past as people write it: RFC 3339, `10m ago`, or `-90s`.
struct Moment: ExpressibleByArgument, Equatable {
    /// The moment in RFC 3339.
    let text: String

    init?(argument: String) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        self.init(argument, now: Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000))
    }

    init?(_ argument: String, now: Timestamp) {
        if let moment = Timestamp(rfc3339: argument) {
            text = moment.rfc3339
            return
        }
        var span = Substring(argument)
        if span.hasPrefix("-") {
            span = span.dropFirst()
        } else {
            guard span.hasSuffix(" ago") else { return nil }
            span = span.dropLast(4)
        }
        guard let seconds = Self.seconds(String(span)) else { return nil }
        text = now.adding(seconds: -seconds).rfc3339
    }

    /// A whole number and one of s, m, h, d, in seconds; at most ten years.
    static func seconds(_ text: String) -> Int64? {
        let units: [UInt8: Int64] = [
            UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86_400,
        ]
        guard let last = text.utf8.last, let unit = units[last],
            text.utf8.dropLast().allSatisfy({ (48...57).contains($0) }), let number = Int64(text.dropLast()),
            (1...315_360_000).contains(number)
        else { return nil }
        let seconds = number * unit
        return seconds <= 315_360_000 ? seconds : nil
    }
}

/// A span of time: a whole number and one of s, m, h, d.
struct Span: ExpressibleByArgument {
    /// The span in seconds.
    let seconds: Int64

    init?(argument: String) {
        guard let seconds = Moment.seconds(argument) else { return nil }
        self.seconds = seconds
    }
}
