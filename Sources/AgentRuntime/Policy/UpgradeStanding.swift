import Model

/// Whether the version that the collector wants runs here, as the collector is told. The host's own timer installs it
/// (scripts/upgrade-agent) and lists those that did not work.
struct UpgradeStanding {
    /// What is wanted; nil for nothing.
    let wanted: PolicyUpgrade?
    /// The version that runs.
    var running = ProductVersion.text
    /// Versions that the host went back from, one a line; written by the timer as root.
    var refusedFile = "/var/lib/muster-upgrade/refused"

    /// The end of the work so far; nil where nothing is wanted.
    var receipt: Receipt? {
        guard let wanted else { return nil }
        let (outcome, message): (ReceiptOutcome, String) =
            if wanted.isMet(by: running) {
                (.success, "")
            } else if isRefused(wanted) {
                (.failure, "version \(wanted.version) did not work on this host, it stays at \(running)")
            } else {
                (.noData, "version \(wanted.version) waits for this host's timer")
            }
        return Receipt(source: "upgrade", outcome: outcome, found: 0, milliseconds: 0, message: message)
    }

    private func isRefused(_ wanted: PolicyUpgrade) -> Bool {
        guard let bytes = try? DurableFile.read(refusedFile, limit: 64 << 10) else { return false }
        return bytes.split(separator: 10).contains { line in
            PolicyUpgrade(ring: wanted.ring, version: String(decoding: line, as: UTF8.self)).isMet(by: wanted.version)
        }
    }
}
