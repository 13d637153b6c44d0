import Model
import ServiceLifecycle
import Synchronization
import Wire

/// What the collector would like to have from each agent, and the long polls that wait for it.
///
/// Wants live in memory: an agent that reports after a restart of the collector makes them arise again.
public final class WantsHub: Sendable {
    private struct Mailbox {
        var next: UInt64 = 1
        var wants: [(number: UInt64, want: Want)] = []
        var waiter: (id: UInt64, continuation: CheckedContinuation<Void, Never>)?
    }

    private struct State {
        var boxes: [String: Mailbox] = [:]
        var nextWaiter: UInt64 = 1
    }

    /// How many wants wait for one agent; further ones are dropped, because they arise again.
    static let wantsKept = 1000
    private let state = Mutex(State())
    /// Tells cursors of this run from those of an earlier one.
    private let run: String

    /// A hub; `run` is any text that differs from start to start and has no hyphen.
    public init(run: String) { self.run = run }

    /// Adds a want for an agent unless it waits already, and wakes its long poll.
    public func post(_ want: Want, agent: String) async {
        let woken: CheckedContinuation<Void, Never>? = state.withLock { state in
            var box = state.boxes[agent] ?? Mailbox()
            defer { state.boxes[agent] = box }
            guard box.wants.count < Self.wantsKept, !box.wants.contains(where: { $0.want == want }) else { return nil }
            box.wants.append((box.next, want))
            box.next += 1
            defer { box.waiter = nil }
            return box.waiter?.continuation
        }
        woken?.resume()
    }

    /// What is wanted behind `after`, the cursor of the last answer: at once when there is something, else as soon as
    /// there is, else empty after `timeout`. Wants up to `after` are forgotten. One poll per agent waits; a newer one
    /// ends the older one with an empty answer.
    public func wait(agent: String, after: String?, timeout: Duration) async -> WantsAnswer {
        forget(upTo: number(in: after), agent: agent)
        if let answer = pending(agent) { return answer }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.sleepUntilPosted(agent) }
                group.addTask { try? await Task.sleep(for: timeout) }
                await group.next()
                group.cancelAll()
            }
        }
        return pending(agent) ?? WantsAnswer(cursor: cursor(newest(agent)), wants: [])
    }

    private func pending(_ agent: String) -> WantsAnswer? {
        let wants = state.withLock { $0.boxes[agent]?.wants ?? [] }
        guard let last = wants.last else { return nil }
        return WantsAnswer(cursor: cursor(last.number), wants: wants.map(\.want))
    }

    private func newest(_ agent: String) -> UInt64 {
        state.withLock { ($0.boxes[agent]?.next ?? 1) - 1 }
    }

    private func forget(upTo number: UInt64, agent: String) {
        state.withLock { $0.boxes[agent]?.wants.removeAll { $0.number <= number } }
    }

    private func cursor(_ number: UInt64) -> String { "\(run)-\(number)" }

    private func number(in cursor: String?) -> UInt64 {
        let parts = cursor?.split(separator: "-", omittingEmptySubsequences: false) ?? []
        guard parts.count == 2, parts[0].utf8.elementsEqual(run.utf8), let number = UInt64(parts[1]) else { return 0 }
        return number
    }

    private func sleepUntilPosted(_ agent: String) async {
        let id = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let ended: CheckedContinuation<Void, Never>? = state.withLock { state in
                    var box = state.boxes[agent] ?? Mailbox()
                    guard box.wants.isEmpty, !Task.isCancelled else { return continuation }
                    let older = box.waiter?.continuation
                    box.waiter = (id, continuation)
                    state.boxes[agent] = box
                    return older
                }
                ended?.resume()
            }
        } onCancel: {
            let ended: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard let waiter = state.boxes[agent]?.waiter, waiter.id == id else { return nil }
                state.boxes[agent]?.waiter = nil
                return waiter.continuation
            }
            ended?.resume()
        }
    }
}
