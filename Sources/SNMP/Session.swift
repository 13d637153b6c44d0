import CNetSNMP
import Model

/// One device under one credential: its connected descriptor and, once it is known how, the library's session.
final class Session {
    /// Whom the descriptor is connected to.
    struct Endpoint: Hashable {
        let address: IPAddress
        let port: UInt16
        let transport: SNMPTransport
    }

    /// What tells sessions apart.
    struct Key: Hashable {
        let endpoint: Endpoint
        let credential: SNMPCredential
    }

    enum Phase {
        /// Nothing was sent yet; over TCP the connection is under way.
        case connecting
        /// SNMPv3: the engine id was asked for.
        case discovering
        /// SNMPv3: another device or credential uses the engine id.
        case waitingForEngine
        /// Requests can be sent.
        case ready
        /// Over.
        case closed
    }

    let key: Key
    let descriptor: Int32
    var phase: Phase
    var handle: OpaquePointer?
    var engineID: [UInt8] = []
    /// Operations that wait for the session to be ready.
    var waiting: [Operation] = []
    /// Operations that use the session, waiting ones included.
    var operations = 0
    var bulkValues: Int?
    /// Whether it answered a request at its own security level.
    var hasAnswered = false
    /// Whether the device's host said that nothing listens on the port.
    var portClosed = false
    var idleSince: Int64

    init(key: Key, descriptor: Int32, now: Int64) {
        self.key = key
        self.descriptor = descriptor
        phase = .connecting
        idleSince = now
    }

    var endpoint: Endpoint { key.endpoint }

    var user: SNMPUser? {
        if case .v3(let user, _) = key.credential { user } else { nil }
    }

    var context: String {
        if case .v3(_, let context) = key.credential { context } else { "" }
    }

    /// Opens the library's session: for a v3 user once the engine id is known, before that only to ask for it.
    func open(keys: inout KeyCache, inbox: Inbox, lifetime: Double) -> SNMPError? {
        closeHandle()
        var config = cns_config()
        config.stream = endpoint.transport == .tcp ? 1 : 0
        // The library lets go of a request after this; the time that counts is ours.
        config.timeout_microseconds = Int64(min(max(lifetime, 1), 3600) * 1e6)
        let context = Unmanaged.passUnretained(inbox).toOpaque()
        switch key.credential {
        case .v1(let community): handle = open(&config, CNS_V1, community: community, context)
        case .v2c(let community): handle = open(&config, CNS_V2C, community: community, context)
        case .v3(let user, let snmpContext):
            if let error = Self.prepare(&config, user, engineID, &keys) { return error }
            handle = openV3(&config, engineID.isEmpty ? "" : user.name, snmpContext, context)
        }
        return handle == nil ? .library("no session for \(key.credential)") : nil
    }

    func closeHandle() {
        if let handle { cns_close(handle) }
        handle = nil
    }

    private func open(
        _ config: inout cns_config, _ version: cns_version, community: String, _ context: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
        config.version = Int32(version.rawValue)
        return community.withCString { text in
            config.community = text
            return cns_open(&config, descriptor, context, fillInbox)
        }
    }

    /// Makes a user known to the library for an engine, without a session; false where it refuses.
    static func addUser(_ user: SNMPUser, engineID: [UInt8], keys: inout KeyCache) -> Bool {
        var config = cns_config()
        guard prepare(&config, user, engineID, &keys) == nil else { return false }
        return user.name.withCString { name in
            "".withCString { context in
                engineID.withUnsafeBufferPointer { octets in
                    config.user = name
                    config.context = context
                    config.engine_id = octets.baseAddress
                    config.engine_id_length = octets.count
                    return cns_add_user(&config) == 0
                }
            }
        }
    }

    private static func prepare(
        _ config: inout cns_config, _ user: SNMPUser, _ engineID: [UInt8], _ keys: inout KeyCache
    ) -> SNMPError? {
        config.version = Int32(CNS_V3.rawValue)
        config.level = Int32(CNS_NO_AUTH.rawValue)
        guard !engineID.isEmpty, let authentication = user.authentication else { return nil }
        guard let key = keys.key(authentication, user.authenticationPassphrase) else {
            return .badCredential("the authentication passphrase makes no key")
        }
        config.level = Int32(CNS_AUTH_NO_PRIV.rawValue)
        config.auth = authentication.code
        config.auth_key = key
        guard let privacy = user.privacy else { return nil }
        guard let key = keys.key(authentication, user.privacyPassphrase) else {
            return .badCredential("the privacy passphrase makes no key")
        }
        config.level = Int32(CNS_AUTH_PRIV.rawValue)
        config.priv = privacy.code
        config.priv_key = key
        return nil
    }

    private func openV3(
        _ config: inout cns_config, _ name: String, _ snmpContext: String, _ context: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
        name.withCString { name in
            snmpContext.withCString { snmpContext in
                engineID.withUnsafeBufferPointer { engineID in
                    config.user = name
                    config.context = snmpContext
                    config.engine_id = engineID.baseAddress
                    config.engine_id_length = engineID.count
                    return cns_open(&config, descriptor, context, fillInbox)
                }
            }
        }
    }

    /// Sends `request`; returns nil, or errno of the failed send (0 where the library refused to encode it).
    func send(_ request: SNMPRequest, token: UInt64, level: cns_level? = nil) -> Int32? {
        guard let handle else { return 0 }
        var parts: [UInt32] = []
        var lengths: [UInt32] = []
        for oid in request.oids {
            parts += oid.parts
            lengths.append(UInt32(clamping: oid.parts.count))
        }
        let (command, repetitions) = request.kind.command
        let result = cns_send(
            handle, token, Int32(command.rawValue), Int32(level?.rawValue ?? 0), parts, lengths, lengths.count,
            repetitions)
        return result == 0 ? nil : systemError()
    }
}

extension SNMPRequest.Kind {
    fileprivate var command: (cns_command, Int32) {
        switch self {
        case .get: (CNS_GET, 0)
        case .getNext: (CNS_GETNEXT, 0)
        case .getBulk(let maxRepetitions): (CNS_GETBULK, Int32(clamping: maxRepetitions))
        }
    }
}
