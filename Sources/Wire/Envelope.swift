import Model

/// One report on its way: what is fsynced in the spool under one sequence number.
public struct Envelope: Hashable, Sendable {
    /// Given when the envelope is fsynced; ascending in one epoch, from 1.
    public var sequence: UInt64
    /// The agent's wall clock when the report was made: a claim, shown and never used for order.
    public var claimedTime: Timestamp
    /// What is said.
    public var report: Report

    /// An envelope.
    public init(sequence: UInt64, claimedTime: Timestamp, report: Report) {
        self.sequence = sequence
        self.claimedTime = claimedTime
        self.report = report
    }
}

/// The kind octet of an envelope.
public enum ReportKind: UInt8, Sendable, CaseIterable {
    /// JSON of ``InventoryReport``.
    case inventory = 1
    /// Packed ``SampleReport``.
    case samples = 2
    /// JSON of a list of `CheckResult`.
    case checks = 3
    /// JSON of a list of `Receipt`.
    case receipts = 4
    /// JSON of ``GapReport``.
    case gap = 5
    /// JSON of ``AgentStatus``.
    case status = 6
    /// JSON of a list of `DeviceEvent`.
    case events = 7
    /// JSON of a list of `DiscoveryFinding`.
    case discoveries = 8
}

/// An envelope whose payload has not been read: what the spool stores and what a batch carries.
///
/// Reading the frame never depends on the payload, so one bad report does not stop those behind it.
public struct Frame: Hashable, Sendable {
    /// The envelope's sequence number.
    public var sequence: UInt64
    /// The agent's wall clock.
    public var claimedTime: Timestamp
    /// Kind octet; ``ReportKind`` where known.
    public var kind: UInt8
    /// The encoded report.
    public var payload: [UInt8]

    /// A frame.
    public init(sequence: UInt64, claimedTime: Timestamp, kind: UInt8, payload: [UInt8]) {
        self.sequence = sequence
        self.claimedTime = claimedTime
        self.kind = kind
        self.payload = payload
    }
}

/// What an agent sends in one request: frames of one epoch in ascending sequence.
public struct Batch: Hashable, Sendable {
    /// Random number made with the spool.
    public var epoch: UInt64
    /// The frames.
    public var frames: [Frame]
    /// Whether newer frames of this agent were acknowledged before: what these say was true once and is not the state
    /// of now. Values and gap records count, states do not.
    public var isOvertaken: Bool

    /// A batch.
    public init(epoch: UInt64, frames: [Frame], isOvertaken: Bool = false) {
        self.epoch = epoch
        self.frames = frames
        self.isOvertaken = isOvertaken
    }

    /// Media type of an encoded batch.
    public static let mediaType = "application/vnd.muster.batch"
    private static let magic = Array("MSTR".utf8)
    private static let inOrder: UInt8 = 1
    private static let overtaken: UInt8 = 2

    /// `MSTR`, form (1: in order, 2: overtaken by newer frames), epoch (8 octets), count, then per frame: sequence, claimed milliseconds (zigzag), kind,
    /// payload length, payload; integers in LEB128.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(Batch.magic)
        writer.octet(isOvertaken ? Batch.overtaken : Batch.inOrder)
        writer.fixed(epoch)
        writer.variable(UInt64(frames.count))
        for frame in frames {
            writer.variable(frame.sequence)
            writer.signed(frame.claimedTime.milliseconds)
            writer.octet(frame.kind)
            writer.variable(UInt64(frame.payload.count))
            writer.raw(frame.payload)
        }
        return writer.bytes
    }

    /// Reads an encoded batch; refuses another version, trailing octets and sequences that do not ascend.
    public init(decoding bytes: [UInt8]) throws(PackedError) {
        var reader = ByteReader(bytes)
        let isBatch = try Array(reader.raw(Batch.magic.count)) == Batch.magic
        let form = try reader.octet()
        guard isBatch, form == Batch.inOrder || form == Batch.overtaken else {
            throw .unexpected(what: "batch form", value: UInt64(form), at: 4)
        }
        isOvertaken = form == Batch.overtaken
        epoch = try reader.fixed()
        let count = try reader.count(of: "frame count", limit: 100_000)
        frames = []
        for _ in 0..<count {
            let sequence = try reader.variable()
            guard sequence > frames.last?.sequence ?? 0 else {
                throw .unexpected(what: "sequence", value: sequence, at: reader.position)
            }
            let time = Timestamp(milliseconds: try reader.signed())
            let kind = try reader.octet()
            let length = try reader.count(of: "payload length", limit: Limits.inflatedBytes)
            let payload = Array(try reader.raw(length))
            frames.append(Frame(sequence: sequence, claimedTime: time, kind: kind, payload: payload))
        }
        guard reader.remaining == 0 else {
            throw .unexpected(what: "trailing octets", value: UInt64(reader.remaining), at: reader.position)
        }
    }
}
