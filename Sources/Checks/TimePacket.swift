import LinuxSystem

/// A question to a time server and what its answer says (RFC 5905 §7.3, §14; RFC 4330).
///
/// The question tells nothing of this host: where its clock would stand is a random number, which the answer must bring back.
package struct TimePacket: Hashable, Sendable {
    /// What the answer has to bring back.
    let token: UInt64

    /// A question with a token of its own.
    package init(token: UInt64 = .random(in: 1 ... .max)) { self.token = token }

    /// Version 4, mode client; everything else zero but the token.
    var question: [UInt8] { [0x23] + [UInt8](repeating: 0, count: 39) + TimePacket.bytes(token) }

    /// What a server answered.
    package struct Answer: Hashable, Sendable {
        /// How many servers stand between it and its clock, 1 for the first.
        var stratum: Int
        /// When the question came, in its clock: seconds since 1900 in the upper half, modulo 2³².
        var received: UInt64
        /// When the answer left, in its clock.
        var sent: UInt64
    }

    /// Why an answer does not count.
    package enum Refusal: Error, Hashable {
        /// Not an answer to this question at all: what else comes is waited for.
        case stranger
        /// An answer that tells no time; the end of a sentence.
        case useless(String)
    }

    /// How wrong a server may be by its own word, in seconds (RFC 5905, MAXDISP).
    private static let mostDispersion = 16.0

    /// Reads an answer; what stands behind the first 48 bytes (keys, extensions) is not looked at.
    package func answer(_ packet: [UInt8]) throws(Refusal) -> Answer {
        guard packet.count >= 48, packet[0] & 7 == 4, (3...4).contains((packet[0] >> 3) & 7),
            TimePacket.number(packet[24..<32]) == token
        else { throw .stranger }
        let stratum = Int(packet[1])
        if stratum == 0 {
            let code = String(decoding: packet[12..<16].prefix { (0x21...0x7e).contains($0) }, as: UTF8.self)
            throw .useless(
                code == "RATE" ? "asked too often for the server" : "the server refuses to tell the time (\(code))")
        }
        guard packet[0] >> 6 != 3, stratum < 16 else { throw .useless("the server's own clock is not set") }
        let (received, sent) = (TimePacket.number(packet[32..<40]), TimePacket.number(packet[40..<48]))
        let half = TimePacket.short(packet[4..<8]) / 2
        guard received != 0, sent != 0, Int64(bitPattern: sent &- received) >= 0,
            half + TimePacket.short(packet[8..<12]) < TimePacket.mostDispersion
        else { throw .useless("the server's answer makes no sense") }
        return Answer(stratum: stratum, received: received, sent: sent)
    }

    /// How far this host's clock is behind the server's, and how long question and answer were on the way, in seconds. Differences
    /// are taken modulo 2⁶⁴, so that the turn of the era in 2036 is nothing special.
    static func difference(_ answer: Answer, asked: UInt64, elapsed: Duration) -> (offset: Double, delay: Double) {
        let seconds = { (difference: UInt64) in Double(Int64(bitPattern: difference)) / 4_294_967_296 }
        let onTheWay = elapsed / .seconds(1)
        let atServer = seconds(answer.sent &- answer.received)
        let first = seconds(answer.received &- asked)
        let second = seconds(answer.sent &- asked) - onTheWay
        return ((first + second) / 2, max(onTheWay - atServer, 0))
    }

    /// A moment in the form of the packets, of seconds and nanoseconds since 1970.
    static func stamp(seconds: Int64, nanoseconds: Int64) -> UInt64 {
        let fraction = (UInt64(clamping: nanoseconds) << 32) / 1_000_000_000
        return UInt64(truncatingIfNeeded: seconds &+ 2_208_988_800) << 32 | fraction & 0xffff_ffff
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    /// Seconds with sixteen bits behind the point.
    private static func short(_ bytes: ArraySlice<UInt8>) -> Double { Double(number(bytes)) / 65_536 }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
}
