import CCurl
import Synchronization

/// What a transfer is made of, copied out of a request so that the engine's thread can configure it.
struct TransferPlan: Sendable {
    var url: String
    var target: String
    var method: OutboundRequest.Method?
    var headerLines: [String] = []
    var body: [UInt8]?
    var tls = TLSSettings()
    var limits = TransferLimits()
    var addresses = AddressPolicy.any
    var unixSocket: String?
    var isFresh = false
    var onlyPeerChain = false
    var mail: MailSubmission?
}

/// How a transfer ended.
struct TransferOutcome: Sendable {
    var response: OutboundResponse
    var peerChain: [String]
}

/// One transfer: state that only the engine's thread touches after it was handed over, and a flag that any may set.
///
/// `@unchecked Sendable`: all but the flag belongs to the engine's thread from the hand-over to the end.
final class Transfer: @unchecked Sendable {
    static let errorTextBytes = 256
    private static let headerBytes = 64 << 10

    let plan: TransferPlan
    let isCancelled = Atomic<Bool>(false)
    var continuation: CheckedContinuation<Result<TransferOutcome, OutboundError>, Never>?
    var easy: UnsafeMutableRawPointer?
    var attachments: UnsafeMutableRawPointer?

    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Transfer.errorTextBytes)
    private var headers: [(name: String, value: String)] = []
    private var headerCount = 0
    private var body: [UInt8] = []
    private var sent = 0
    private var refusal: OutboundError.Kind?

    init(_ plan: TransferPlan) {
        self.plan = plan
        errorText.initialize(repeating: 0, count: Transfer.errorTextBytes)
    }

    deinit { errorText.deallocate() }

    /// Makes the easy handle.
    func prepare() -> OutboundError? {
        guard let easy = muster_easy_new() else {
            return OutboundError(.broken, target: plan.target, reason: "no memory")
        }
        self.easy = easy
        let code = withUnsafeTransfer { muster_easy_configure(easy, &$0, &attachments) }
        return code == 0 ? nil : error(.badRequest, code: code)
    }

    /// Frees the handle; the engine has taken it out of the multi handle before.
    func release() {
        if let easy { muster_easy_free(easy, attachments) }
        easy = nil
        attachments = nil
    }

    /// Resumes the waiting task, once.
    func finish(_ result: Result<TransferOutcome, OutboundError>) {
        continuation?.resume(returning: result)
        continuation = nil
    }

    /// The result after curl reported the end.
    func result(code: Int32, ending: muster_ending) -> Result<TransferOutcome, OutboundError> {
        guard let easy else { return .failure(OutboundError(.broken, target: plan.target)) }
        let info = muster_easy_info(easy)
        guard ending == MUSTER_ENDED_WELL else {
            var error = error(kind(of: ending), code: code)
            if plan.mail != nil { error.status = Int(info.status) }
            return .failure(error)
        }
        let timing = TransferTiming(
            connected: .microseconds(info.connected), secured: .microseconds(info.secured),
            firstByte: .microseconds(info.first_byte), total: .microseconds(info.total))
        let response = OutboundResponse(
            status: Int(info.status), headers: headers, body: body, timing: timing,
            certificateEnd: info.certificate_end > 0 ? info.certificate_end : nil)
        return .success(TransferOutcome(response: response, peerChain: plan.onlyPeerChain ? peerChain(easy) : []))
    }

    private func kind(of ending: muster_ending) -> OutboundError.Kind {
        if let refusal { return refusal }
        switch ending {
        case MUSTER_ENDED_BAD_REQUEST: return .badRequest
        case MUSTER_ENDED_RESOLVE: return .resolution
        case MUSTER_ENDED_CONNECT: return .connection
        case MUSTER_ENDED_TLS: return .tls
        case MUSTER_ENDED_LOCAL_CREDENTIALS: return .credentials
        case MUSTER_ENDED_TIMEOUT: return .timeout
        case MUSTER_ENDED_LOGIN: return .login
        default: return .broken
        }
    }

    private func error(_ kind: OutboundError.Kind, code: Int32) -> OutboundError {
        let detail = String(cString: errorText)
        let reason = detail.isEmpty ? String(cString: muster_curl_error(code)) : detail
        return OutboundError(kind, target: plan.target, reason: kind == .tooLarge ? "" : reason)
    }

    private func peerChain(_ easy: UnsafeMutableRawPointer) -> [String] {
        (0..<min(muster_easy_certificate_count(easy), 16)).compactMap { index in
            muster_easy_certificate(easy, index).map { String(cString: $0) }
        }
    }

    fileprivate func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count + bytes.count <= plan.limits.responseBytes else {
            refusal = .tooLarge
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    fileprivate func takeHeader(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        headerCount += bytes.count
        guard headerCount <= Transfer.headerBytes else {
            refusal = .tooLarge
            return false
        }
        // An interim answer (100, 103) is followed by another status line: only the last one counts.
        if bytes.starts(with: "HTTP/".utf8) { headers.removeAll() }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let value = bytes[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        let end = value.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? value.startIndex
        let name = String(decoding: bytes[..<colon], as: UTF8.self)
        let field = (name: name, value: String(decoding: value[..<end], as: UTF8.self))
        headers.append(field)
        guard plan.method == .head || isAcceptableLength(field) else {
            refusal = .tooLarge
            return false
        }
        return true
    }

    // curl ignores a length that overflows and would take what follows for the whole.
    private func isAcceptableLength(_ field: (name: String, value: String)) -> Bool {
        guard lowercased(field.name).elementsEqual("content-length".utf8) else { return true }
        return Int(field.value).map { $0 <= plan.limits.responseBytes } ?? false
    }

    fileprivate func giveBody(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let message = plan.mail?.message, sent < message.count else { return 0 }
        let count = min(buffer.count, message.count - sent)
        _ = buffer.update(fromContentsOf: message[sent..<(sent + count)])
        sent += count
        return count
    }

    fileprivate func allows(family: Int32, address: UnsafeRawPointer, length: Int) -> Bool {
        let allowed = plan.addresses.allows(family: family, address: address, length: length)
        if !allowed { refusal = .addressRefused }
        return allowed
    }
}

// MARK: - The C side's view

extension Transfer {
    private func withUnsafeTransfer<Result>(_ body: (inout muster_transfer) -> Result) -> Result {
        var texts = TextArena()
        defer { texts.free() }
        var transfer = muster_transfer()
        transfer.url = texts.copy(plan.url)
        transfer.method = plan.method.map { texts.copy($0.rawValue) } ?? nil
        transfer.headers = texts.copyList(plan.headerLines)
        transfer.header_count = plan.headerLines.count
        transfer.has_body = plan.body != nil
        transfer.body = texts.copy(plan.body ?? [])
        transfer.unix_socket = plan.unixSocket.map { texts.copy($0) } ?? nil
        transfer.only_peer_chain = plan.onlyPeerChain
        transfer.fresh = plan.isFresh
        transfer.connect_milliseconds = milliseconds(plan.limits.connect)
        transfer.total_milliseconds = milliseconds(plan.limits.total)
        transfer.stall_seconds = plan.limits.stall.map { max(1, milliseconds($0) / 1000) } ?? 0
        fillTLS(&transfer, &texts)
        fillMail(&transfer, &texts)
        fillCallbacks(&transfer)
        return body(&transfer)
    }

    private func fillTLS(_ transfer: inout muster_transfer, _ texts: inout TextArena) {
        switch plan.tls.trust {
        case .system: break
        case .file(let path): transfer.authorities_file = texts.copy(path)
        case .pem(let bytes): transfer.authorities = texts.copy(bytes)
        }
        switch plan.tls.identity {
        case .anonymous: break
        case .files(let certificate, let key):
            transfer.certificate_file = texts.copy(certificate)
            transfer.key_file = texts.copy(key)
        case .pem(let certificate, let key):
            transfer.certificate = texts.copy(certificate)
            transfer.key = texts.copy(key)
        }
    }

    private func fillMail(_ transfer: inout muster_transfer, _ texts: inout TextArena) {
        guard let mail = plan.mail else { return }
        transfer.mail_from = texts.copy("<\(mail.from)>")
        transfer.recipients = texts.copyList(mail.recipients.map { "<\($0)>" })
        transfer.recipient_count = mail.recipients.count
        transfer.require_tls = mail.security == .startTLS
        transfer.user = mail.login.map { texts.copy($0.user) } ?? nil
        transfer.password = mail.login.map { texts.copy($0.password) } ?? nil
    }

    private func fillCallbacks(_ transfer: inout muster_transfer) {
        transfer.context = Unmanaged.passUnretained(self).toOpaque()
        transfer.error_text = errorText
        transfer.take_body = { context, bytes, length in
            transferAt(context)?.takeBody(UnsafeBufferPointer(start: bytes, count: length)) ?? false
        }
        transfer.take_header = { context, bytes, length in
            transferAt(context)?.takeHeader(UnsafeBufferPointer(start: bytes, count: length)) ?? false
        }
        transfer.give_body = { context, buffer, capacity in
            transferAt(context)?.giveBody(UnsafeMutableBufferPointer(start: buffer, count: capacity)) ?? 0
        }
        transfer.allow_address = { context, family, address, length in
            guard let address else { return false }
            return transferAt(context)?.allows(family: family, address: address, length: length) ?? false
        }
    }
}

private func transferAt(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    let bounded = min(max(seconds, 0), 31_536_000)
    return max(1, Int(bounded) * 1000 + Int(max(attoseconds, 0) / 1_000_000_000_000_000))
}
