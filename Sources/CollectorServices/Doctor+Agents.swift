import Model
import Stores

/// What the doctor finds out about agents.
extension Doctor {
    private static let asked = 100

    func certificateFindings() async throws -> [Finding] {
        let moment = now()
        let own = certificates().map { certificate in
            let left = certificate.notAfter.milliseconds(since: moment)
            let text = "\(certificate.name) \(Doctor.span(left))"
            guard left < certificate.warningDays * Doctor.dayMilliseconds else {
                return Finding(.certificates, .ok, text)
            }
            return Finding(
                .certificates, left < 7 * Doctor.dayMilliseconds ? .error : .warning, text, next: certificate.next)
        }
        // An agent renews in the last third of 90 days or less: ten days before the end it should have.
        let ending = try await store.agentCertificates(
            endingBefore: moment.adding(seconds: 10 * 86_400), limit: Doctor.asked)
        let agents = limited(ending, .certificates, .warning) { agent in
            let left = Timestamp(milliseconds: agent.value).milliseconds(since: moment)
            return Finding(
                .certificates, left <= 0 ? .error : .warning,
                "the certificate of \(Doctor.name(agent)) \(Doctor.span(left))",
                next:
                    "on that host: muster-agent status says why it was not renewed; it recovers by itself when it runs and "
                    + "reaches the collector within recover_within, after that: muster-agent seal, then enrol with a new token"
            )
        }
        return own
            + (agents.isEmpty ? [Finding(.certificates, .ok, "no agent's certificate ends within 10 days")] : agents)
    }

    func clockFindings() async throws -> [Finding] {
        let skewed = try await store.skewedAgents(atLeast: 2000, limit: Doctor.asked)
        guard !skewed.isEmpty else { return [Finding(.clocks, .ok, "no agent's clock is 2 s or more away")] }
        return limited(skewed, .clocks, .warning) { agent in
            Finding(
                .clocks, agent.value.magnitude >= 60_000 ? .error : .warning,
                "the clock of \(Doctor.name(agent)) is \(agent.value.magnitude) ms \(agent.value < 0 ? "late" : "early")",
                next: "on that host: timedatectl; set up systemd-timesyncd or chrony")
        }
    }

    func queueFindings() async throws -> [Finding] {
        let lost = try await store.declaredLosses(since: now().adding(seconds: -86_400), limit: Doctor.asked)
        let waiting = try await store.agentQueues(atLeast: 100, limit: Doctor.asked)
        let losses = limited(lost, .queues, .error) { agent in
            Finding(
                .queues, .error,
                "\(Doctor.name(agent)) lost \(agent.value) envelopes within a day: \(agent.note)",
                next: "on that host: muster-agent status; make the spool larger or its disk writable, then see muster "
                    + "agent ledger \(agent.hostname)")
        }
        let queues = limited(waiting, .queues, .warning) { agent in
            Finding(
                .queues, .warning, "\(agent.value) envelopes wait in the spool of \(Doctor.name(agent))",
                next: "on that host: muster-agent status says what keeps them from being sent")
        }
        return losses + queues
            + (lost.isEmpty && waiting.isEmpty
                ? [Finding(.queues, .ok, "no agent has 100 envelopes waiting, none lost any within a day")] : [])
    }

    func silenceFindings() async throws -> [Finding] {
        let silent = try await store.silentAgents(limit: Doctor.asked)
        let counts = try await store.fleetCounts()
        var findings = limited(silent, .agents, .error) { agent in
            Finding(
                .agents, .error,
                "\(agent.hostname) (\(agent.id)) is silent since \(agent.heardAt?.rfc3339 ?? "it enrolled")",
                next: (GLPIService.isGLPI(agent.id)
                    ? "on that host: look at the GLPI agent's log" : "on that host: systemctl status muster-agent")
                    + "; a host that is gone for good: muster agent revoke " + agent.id)
        }
        if silent.isEmpty { findings.append(Finding(.agents, .ok, "\(counts.agents) agents, none silent")) }
        let revoked = try await store.revokedAgents()
        if revoked > 0 { findings.append(Finding(.agents, .ok, "\(revoked) agents are revoked and refused")) }
        return findings
    }

    func receiptFindings() async throws -> [Finding] {
        let failed = try await store.failedReceipts(limit: Doctor.asked)
        guard !failed.isEmpty else { return [Finding(.receipts, .ok, "every agent's work ended well")] }
        return limited(failed, .receipts, .warning) { entry in
            let message = entry.receipt.message.isEmpty ? "" : ": \(entry.receipt.message)"
            return Finding(
                .receipts, .warning,
                "\(entry.hostname): \(entry.receipt.source) ended with \(entry.receipt.outcome.rawValue)\(message)",
                next: "muster agent receipts \(entry.agent)")
        }
    }

    private static func name(_ agent: AgentFigure) -> String { "\(agent.hostname) (\(agent.agent))" }

    /// `ends in 12 days`, `ended 3 days ago`.
    static func span(_ milliseconds: Int64) -> String {
        let magnitude = Int64(clamping: milliseconds.magnitude)
        let (days, hours) = (magnitude / dayMilliseconds, magnitude / 3_600_000)
        let span = days >= 2 ? "\(days) days" : "\(hours) hours"
        return milliseconds > 0 ? "ends in \(span)" : "ended \(span) ago"
    }
}
