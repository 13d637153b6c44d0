import ArgumentParser
import Glibc
import Model

/// A moment in the past as people write it: RFC 3339, `10m ago`, or `-90s`.
struct Moment: Equatable {
    /// The moment in RFC 3339.
    let text: String

    /// The help of options that take one.
    static let help = ArgumentHelp(
        "As of a time: RFC 3339 (2026-11-23T21:55:12Z), \"10m ago\" or -90s; s, m, h and d are known.")

    /// Reads an option's value by this host's clock.
    @Sendable static func parse(_ argument: String) throws -> Moment {
        guard let moment = Moment(argument, now: now()) else {
            throw ValidationError("a time is 2026-11-23T21:55:12Z, \"10m ago\" or -90s")
        }
        return moment
    }

    /// Milliseconds from a moment in RFC 3339 to now, by this host's clock; nil for another text.
    static func milliseconds(since text: String) -> Int64? {
        Timestamp(rfc3339: text).map { now().milliseconds(since: $0) }
    }

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
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
struct Span {
    /// The span in seconds.
    let seconds: Int64

    /// Reads an option's value.
    @Sendable static func parse(_ argument: String) throws -> Span {
        guard let seconds = Moment.seconds(argument) else {
            throw ValidationError("a span is a whole number and s, m, h or d, such as 30m, at most ten years")
        }
        return Span(seconds: seconds)
    }
}
