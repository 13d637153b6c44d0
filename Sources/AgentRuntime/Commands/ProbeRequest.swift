import Devices
import Model
import SNMP

/// `muster-agent probe`: what the command line asks for, and one reading of the device.
public struct ProbeRequest: Sendable {
    /// IPv4 or IPv6 address; nil with a recording.
    public var address: String?
    /// A recording that answers in the device's place.
    public var replay: String?
    /// Where to record the device instead of reporting it.
    public var record: String?
    /// Whether a recording is made without serial numbers.
    public var hidesSerials = false
    /// UDP port.
    public var port = 161
    /// `1`, `2c` or `3`; nil for 3 when a user is given, else 2c.
    public var version: String?
    /// Community; nil for the file's, else `public`.
    public var community: String?
    /// File with the community.
    public var communityFile: String?
    /// SNMPv3 user.
    public var user: String?
    /// SNMPv3 context.
    public var context = ""
    /// Authentication protocol by name.
    public var authentication: String?
    /// File with the passphrase of authentication.
    public var authenticationFile: String?
    /// Privacy protocol by name.
    public var privacy: String?
    /// File with the passphrase of privacy.
    public var privacyFile: String?
    /// Directory of device profiles.
    public var profileDirectory: String?
    /// Seconds to wait for the first answer.
    public var timeout = 2.0

    /// A request for the device at `address`, or for a recording.
    public init(address: String?) { self.address = address }

    /// Reads the device and returns the text to print. `told` hears after each part how many requests were sent and how
    /// many rows were read.
    ///
    /// Throws ``CommandError`` or ``FileError``; also when the device did not answer at all.
    public func run(
        json: Bool, told: @escaping @Sendable (_ requests: Int, _ rows: Int) -> Void = { _, _ in }
    ) async throws -> String {
        var configuration = AgentConfiguration()
        configuration.profileDirectory = profileDirectory
        let report: DeviceReport
        if let replay {
            guard address == nil, record == nil else {
                throw CommandError.usage("--replay stands for the device: no address and no --record with it")
            }
            let session = try RecordingFiles.session(replay)
            report = await DeviceProbe(profiles: try configuration.profiles()).run(session, told: told)
        } else {
            let target = try target()
            let client: SNMPClient
            do throws(SNMPError) { client = try SNMPClient() } catch { throw CommandError.failed(error.description) }
            if let record {
                let count = try await RecordingFiles.record(
                    client, target, into: record, secrets: try secrets(), hidesSerials: hidesSerials)
                return "\(count) objects in \(printed(record)); look through it before you give it away\n"
            }
            report = await DeviceProbe(profiles: try configuration.profiles()).run(
                client: client, target: target, told: told)
        }
        if let failure = report.receipt.failure { throw CommandError.failed(printed(failure)) }
        return json ? try report.json() + "\n" : report.table()
    }

    private func target() throws -> SNMPTarget {
        guard let text = address else { throw CommandError.usage("an address, or --replay with a recording") }
        guard let address = IPAddress(text) else {
            throw CommandError.usage(
                "\(printed(text)) is no IPv4 or IPv6 address; names are not resolved, give the address")
        }
        guard let port = UInt16(exactly: port), port > 0 else {
            throw CommandError.usage("--port \(self.port): a port is 1 to 65535")
        }
        guard (0.05...60).contains(timeout) else { throw CommandError.usage("--timeout: 0.05 to 60 seconds") }
        let credential = try credential()
        if let flaw = credential.flaw { throw CommandError.usage(flaw) }
        return SNMPTarget(address: address, port: port, credential: credential, timeout: timeout)
    }

    /// What must not be in a recording.
    private func secrets() throws -> [String] {
        switch try credential() {
        case .v1(let community), .v2c(let community): [community]
        case .v3(let user, _): [user.authenticationPassphrase, user.privacyPassphrase]
        }
    }

    func credential() throws -> SNMPCredential {
        switch version ?? (user == nil ? "2c" : "3") {
        case "1": return .v1(community: try chosenCommunity())
        case "2c": return .v2c(community: try chosenCommunity())
        case "3": return .v3(try chosenUser(), context: context)
        default: throw CommandError.usage("--snmp-version \(printed(version ?? "")): 1, 2c or 3")
        }
    }

    private func chosenCommunity() throws -> String {
        guard user == nil else { throw CommandError.usage("--user belongs to version 3") }
        guard community == nil || communityFile == nil else {
            throw CommandError.usage("--community and --community-file: one of the two")
        }
        return try communityFile.map { try SecretFile.read($0) } ?? community ?? "public"
    }

    private func chosenUser() throws -> SNMPUser {
        guard let user else { throw CommandError.usage("version 3 needs --user") }
        guard let authentication else {
            guard privacy == nil, privacyFile == nil, authenticationFile == nil else {
                throw CommandError.usage("--auth-file, --priv and --priv-file need --auth")
            }
            return SNMPUser(name: user)
        }
        guard let chosen = SNMPAuthentication(rawValue: authentication) else {
            throw CommandError.usage("--auth: one of \(names(SNMPAuthentication.allCases))")
        }
        guard let authenticationFile else { throw CommandError.usage("--auth needs --auth-file") }
        let passphrase = try SecretFile.read(authenticationFile)
        guard let privacy else { return SNMPUser(name: user, authentication: chosen, passphrase: passphrase) }
        guard let chosenPrivacy = SNMPPrivacy(rawValue: privacy) else {
            throw CommandError.usage("--priv: one of \(names(SNMPPrivacy.allCases))")
        }
        guard let privacyFile else { throw CommandError.usage("--priv needs --priv-file") }
        return SNMPUser(
            name: user, authentication: chosen, passphrase: passphrase, privacy: chosenPrivacy,
            privacyPassphrase: try SecretFile.read(privacyFile))
    }

    private func names(_ cases: [some RawRepresentable<String>]) -> String {
        cases.map(\.rawValue).joined(separator: ", ")
    }
}
