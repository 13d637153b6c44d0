import Glibc
import LinuxSystem

/// Where the agent keeps what it must not lose: identity, spool, last sections. Mode 0700.
public struct StateDirectory: Hashable, Sendable {
    /// Its path.
    public let path: String

    /// The directory at `path`; nothing is looked at yet.
    public init(_ path: String) { self.path = path }

    /// The private key in PEM, mode 0600.
    var key: String { path + "/key.pem" }
    /// The agent's certificate in PEM.
    var certificate: String { path + "/certificate.pem" }
    /// The fleet CA's certificate in PEM.
    var authority: String { path + "/authority.pem" }
    /// Who the agent is and where its collector is.
    var agent: String { path + "/agent.json" }
    /// The key of the certificate before, kept until the new one was accepted.
    var previousKey: String { path + "/key.pem.previous" }
    /// The certificate before.
    var previousCertificate: String { path + "/certificate.pem.previous" }
    /// A renewed key whose certificate has not been accepted yet.
    var pendingKey: String { path + "/key.pem.pending" }
    /// The certificate of the pending key.
    var pendingCertificate: String { path + "/certificate.pem.pending" }
    /// The spool.
    public var spool: String { path + "/spool" }
    /// Last sections by subject.
    var sections: String { path + "/sections" }
    /// What checks keep over restarts.
    var checks: String { path + "/checks" }
    /// The numbers of series in the current epoch.
    var series: String { path + "/series.json" }
    /// What the running agent last heard: for `status`.
    var lastAnswer: String { path + "/last-answer.json" }
    /// Sources that overran the budget and are not read for a while.
    var cooling: String { path + "/cooling.json" }
    /// The last good policy of the collector, as it came.
    var policy: String { path + "/policy.json" }
    /// What is in force of it: for `status`.
    var policyState: String { path + "/policy-state.json" }
    /// The version that the collector wants here, for the host's own timer; see scripts/upgrade-agent.
    var wantedVersion: String { path + "/wanted-version" }
    /// Which credential each device takes, by name, and which are not tried for a while.
    var credentials: String { path + "/credentials.json" }
    /// When the networks were looked through last.
    var discovery: String { path + "/discovery.json" }

    private var identity: [String] {
        [
            key, certificate, authority, agent, previousKey, previousCertificate, pendingKey, pendingCertificate,
            series, lastAnswer, cooling, policy, policyState, wantedVersion,
            credentials, discovery,
        ]
    }

    /// Root acts as the account the directory belongs to, for good (``ServiceAccount``).
    public func becomeOwner() throws { try ServiceAccount.become(ownerOf: path) }

    /// Octets of all files in it; a file that goes while this is counted does not count.
    var bytes: Int64 { StateDirectory.bytes(of: path, depth: 0) }

    private static func bytes(of path: String, depth: Int) -> Int64 {
        var status = stat()
        guard depth < 8, lstat(path, &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int64(status.st_blocks) &* 512 }
        let names = (try? DurableFile.names(in: path)) ?? []
        return names.reduce(0) { $0 &+ bytes(of: path + "/" + $1, depth: depth + 1) }
    }

    /// Makes or checks the directory.
    func prepare() throws(FileError) { try FileGuard.directory(path) }

    /// Removes identity, spool and sections, for an image that many hosts start from (threats M21).
    ///
    /// Returns the paths that were removed; refuses while an agent runs on the directory.
    public func seal() throws(FileError) -> [String] {
        try FileGuard.directory(path)
        // A running agent would go on with what it has in memory, and write it again.
        let lock = try StateLock(self)
        var removed: [String] = []
        for file in identity.flatMap({ [$0, $0 + ".new"] }) {
            if unlink(file) == 0 { removed.append(file) } else if errno != ENOENT { throw .last("remove", file) }
        }
        for directory in [spool, sections, checks] { try remove(directory, &removed) }
        unlink(path + "/lock")
        try DurableFile.syncDirectory(of: key)
        _ = consume lock
        return removed
    }

    private func remove(_ path: String, _ removed: inout [String]) throws(FileError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .last("stat", path)
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in try DurableFile.names(in: path) { try remove(path + "/" + name, &removed) }
            guard rmdir(path) == 0 else { throw .last("remove", path) }
        } else {
            guard unlink(path) == 0 else { throw .last("remove", path) }
        }
        removed.append(path)
    }
}
