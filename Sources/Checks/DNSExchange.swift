import Glibc
import LinuxSystem

/// Asks one name server one question: over UDP, and over TCP where the answer did not fit (RFC 1035 §4.2, RFC 7766).
struct DNSExchange {
    let question: DNSQuestion
    let server: Endpoint

    /// How many packets that are no answer are read before the server counts as one that gives none.
    private static let strangers = 100

    /// How the server answered, or why it did not, as the end of a sentence.
    func ask(until deadline: ContinuousClock.Instant) -> Result<DNSAnswer, NumericSocket.Failure> {
        do throws(NumericSocket.Failure) {
            let answer = try overUDP(until: deadline)
            return .success(answer.isTruncated ? try overTCP(until: deadline) : answer)
        } catch { return .failure(error) }
    }

    /// A lost packet is sent once more after a third of the time, and after another third.
    private func overUDP(until deadline: ContinuousClock.Instant) throws(NumericSocket.Failure) -> DNSAnswer {
        let socket = try NumericSocket(host: server.host, port: server.port, isStream: false, until: deadline)
        let part = (deadline - .now) / 3
        var strangers = 0
        for round in 1...3 {
            try socket.send(question.bytes)
            let patience = round == 3 ? deadline : ContinuousClock.now + part
            while let message = try socket.receive(limit: 65_536, until: min(patience, deadline)) {
                if question.isAnswered(by: message) { return try read(message) }
                strangers += 1
                guard strangers < DNSExchange.strangers else {
                    throw NumericSocket.Failure(text: "what the server sends is no answer")
                }
            }
        }
        throw NumericSocket.Failure(text: NumericSocket.silence)
    }

    private func overTCP(until deadline: ContinuousClock.Instant) throws(NumericSocket.Failure) -> DNSAnswer {
        let socket = try NumericSocket(host: server.host, port: server.port, isStream: true, until: deadline)
        let length = question.bytes.count
        sendAll([UInt8(length >> 8), UInt8(length & 0xff)] + question.bytes, on: socket.descriptor, until: deadline)
        var stream: [UInt8] = []
        while true {
            if stream.count >= 2 {
                let end = 2 + (Int(stream[0]) << 8 | Int(stream[1]))
                if stream.count >= end {
                    let message = Array(stream[2..<end])
                    guard question.isAnswered(by: message) else {
                        throw NumericSocket.Failure(text: "what the server sends is no answer")
                    }
                    return try read(message)
                }
            }
            guard let piece = try socket.receive(limit: 65_536, until: deadline) else {
                throw NumericSocket.Failure(text: NumericSocket.silence)
            }
            guard !piece.isEmpty else {
                throw NumericSocket.Failure(text: "the connection was closed before the answer was whole")
            }
            stream += piece
        }
    }

    private func read(_ message: [UInt8]) throws(NumericSocket.Failure) -> DNSAnswer {
        guard let answer = DNSAnswer(message, to: question) else {
            throw NumericSocket.Failure(text: "the answer is broken")
        }
        return answer
    }
}
