import Model
import Stores

/// Decides which agent has which of the things that some agents share: networks of a site, devices that several see. A value that
/// decides and does nothing else.
///
/// What an agent has it keeps while it is heard. What a silent one has goes to those who are heard, in equal shares; with nobody else
/// it stays. An agent that fell silent is given nothing for ten minutes, twice as long with each further time within a day: one that
/// comes and goes does not take things along each time.
struct LeasePlan {
    /// Whether agents that may have something are heard; who is not in it may have nothing.
    let isHeard: [String: Bool]
    /// The moment of the decision.
    let now: Timestamp

    private static let rest: Int64 = 600
    private static let day: Int64 = 86_400

    /// The leases as they are to be.
    ///
    /// - Parameters:
    ///   - leases: All of one kind, as they are.
    ///   - able: Agents that can have each of them.
    ///   - balances: Whether things also go from an agent that has more to one that has less.
    func settled(_ leases: [Lease], able: [[String]], balances: Bool) -> [Lease] {
        let able = able.map { $0.filter { isHeard[$0] != nil } }
        let silences = silences(leases)
        var share = Share(able: able, holders: leases.map(\.holder), here: here(able, resting: resting(leases)))
        for index in leases.indices { share.holders[index] = kept(leases[index], able[index]) }
        share.fill(spare: Set(isHeard.filter(\.value).keys))
        if balances { share.balance() }
        return leases.indices.map { index in
            var lease = leases[index]
            let isSilence = lease.holder.map { isHeard[$0] == false && able[index].contains($0) } ?? false
            lease.pass(
                to: share.holders[index], at: now,
                silences: isSilence ? (lease.holder.flatMap { silences[$0] } ?? 0) + 1 : 0)
            return lease
        }
    }

    /// The holder, where it goes on.
    private func kept(_ lease: Lease, _ able: [String]) -> String? {
        guard let holder = lease.holder, able.contains(holder) else { return nil }
        return isHeard[holder] == true || !able.contains { isHeard[$0] == true } ? holder : nil
    }

    /// Agents that are heard and may be given something.
    private func here(_ able: [[String]], resting: Set<String>) -> [String] {
        Set(able.joined()).filter { isHeard[$0] == true && !resting.contains($0) }.sorted()
    }

    /// How often within a day each agent lost something because it was silent.
    private func silences(_ leases: [Lease]) -> [String: Int] {
        var counts: [String: Int] = [:]
        for past in leases.lazy.flatMap(\.past) where passed(past) < Self.day {
            counts[past.agent] = max(counts[past.agent] ?? 0, past.silences)
        }
        return counts
    }

    private func resting(_ leases: [Lease]) -> Set<String> {
        Set(
            leases.lazy.flatMap(\.past).filter { past in
                past.silences > 0 && passed(past) < min(Self.rest << Int64(min(past.silences - 1, 10)), Self.day)
            }.map(\.agent))
    }

    /// Seconds since an agent lost something; of a time to come, none: the clock was set back.
    private func passed(_ past: Lease.Past) -> Int64 { max(now.milliseconds(since: past.until), 0) / 1000 }
}

/// Things and who has them, while they are shared out.
private struct Share {
    let able: [[String]]
    var holders: [String?]
    /// Agents that may be given something, in order.
    let here: [String]

    private var load: [String: Int] {
        holders.reduce(into: [:]) { load, holder in
            if let holder { load[holder, default: 0] += 1 }
        }
    }

    /// Gives away what nobody has: to each agent up to its share what stands side by side. Where none may be given anything, one of
    /// `spare` is better than nobody.
    mutating func fill(spare: Set<String>) {
        var load = load
        let most = (holders.count + max(here.count, 1) - 1) / max(here.count, 1)
        var last: String?
        for index in holders.indices where holders[index] == nil {
            var possible = able[index].filter(here.contains)
            if possible.isEmpty { possible = able[index].filter(spare.contains) }
            func isLess(_ one: String, _ other: String) -> Bool { (load[one] ?? 0, one) < (load[other] ?? 0, other) }
            guard let least = possible.min(by: isLess) else { continue }
            let goesOn = last.flatMap { possible.contains($0) && (load[$0] ?? 0) < most ? $0 : nil }
            let holder = goesOn ?? least
            holders[index] = holder
            load[holder, default: 0] += 1
            last = holder
        }
    }

    /// Moves one thing after the other from who has most to who has two less, as long as there is such a pair.
    mutating func balance() {
        for _ in holders.indices {
            guard let (index, agent) = move() else { return }
            holders[index] = agent
        }
    }

    /// The next thing to move, and to whom.
    private func move() -> (Int, String)? {
        let load = load
        func isLess(_ one: String, _ other: String) -> Bool { (load[one] ?? 0, one) < (load[other] ?? 0, other) }
        let ordered = here.sorted(by: isLess)
        for giver in ordered.reversed() {
            for taker in ordered {
                if let place = place(from: giver, to: taker, load) { return place }
            }
        }
        return nil
    }

    private func place(from giver: String, to taker: String, _ load: [String: Int]) -> (Int, String)? {
        guard (load[giver] ?? 0) - (load[taker] ?? 0) >= 2 else { return nil }
        let index = holders.indices.last { holders[$0] == giver && able[$0].contains(taker) }
        return index.map { ($0, taker) }
    }
}
