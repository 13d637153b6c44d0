/// How far each node of a network is from its middle. Each part that hangs together has a middle of its own: the node with the
/// fewest steps to all others, and its twins, which share at least half of its neighbours and are as near to all others.
struct NetworkRings {
    /// Steps to the middle by node.
    private(set) var levels: [Int]

    private let neighbours: [Set<Int>]

    /// Beyond so many nodes the one with the most neighbours stands for the middle: the exact one takes a walk from each.
    private static let exact = 1500

    /// Rings of a network given by each node's neighbours.
    init(_ neighbours: [Set<Int>]) {
        self.neighbours = neighbours
        levels = Array(repeating: 0, count: neighbours.count)
        var isDone = Array(repeating: false, count: neighbours.count)
        for node in neighbours.indices where !isDone[node] {
            let part = steps(from: [node]).keys.sorted()
            for member in part { isDone[member] = true }
            for (member, steps) in steps(from: middle(of: part)) { levels[member] = steps }
        }
    }

    /// Steps from the nearest of some nodes to each node that can be reached.
    private func steps(from start: [Int]) -> [Int: Int] {
        var steps = Dictionary(start.map { ($0, 0) }) { first, _ in first }
        var order = start
        var position = 0
        while position < order.count {
            let node = order[position]
            position += 1
            for next in neighbours[node] where steps[next] == nil {
                steps[next] = (steps[node] ?? 0) + 1
                order.append(next)
            }
        }
        return steps
    }

    private func middle(of part: [Int]) -> [Int] {
        guard part.count > 2 else { return Array(part.prefix(1)) }
        let costs = Dictionary(part.map { ($0, cost(of: $0, in: part)) }) { first, _ in first }
        guard let centre = part.min(by: { (costs[$0] ?? 0, $0) < (costs[$1] ?? 0, $1) }) else { return [] }
        let around = neighbours[centre]
        let twins = part.filter { node in
            guard node != centre, neighbours[node].count > 1 else { return false }
            let shared = neighbours[node].intersection(around).count
            // A twin has the same neighbours, and the two may be joined.
            return shared * 2 >= max(neighbours[node].count, around.count) - 1 && shared > 1
                && (costs[node] ?? 0) * 10 <= (costs[centre] ?? 0) * 13
        }
        return [centre] + twins
    }

    private func cost(of node: Int, in part: [Int]) -> Int {
        part.count > Self.exact ? -neighbours[node].count : steps(from: [node]).values.reduce(0, +)
    }
}
