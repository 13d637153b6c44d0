import CCurl
import Glibc
import Synchronization

/// The thread that owns curl's multi handle and every transfer in it; connections are kept there between requests.
///
/// `@unchecked Sendable`: `multi` is touched by the thread alone except for the wake-up, which curl allows from
/// anywhere and which happens under the lock that also guards its end.
final class TransferEngine: @unchecked Sendable {
    private struct Inbox {
        var added: [Transfer] = []
        var isStopping = false
        var isOver = false
    }

    private let multi: UnsafeMutableRawPointer
    private let inbox = Mutex(Inbox())
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]

    /// Starts the thread; nil when the library or the thread cannot start.
    init?() {
        guard libraryStarted, let multi = muster_multi_new() else { return nil }
        self.multi = multi
    }

    /// Starts the thread, which holds the engine until ``stop()``; false when there is none to be had.
    func start() -> Bool {
        var thread = pthread_t()
        let engine = Unmanaged.passRetained(self)
        let result = pthread_create(&thread, nil, runEngine, engine.toOpaque())
        guard result == 0 else {
            engine.release()
            muster_multi_free(multi)
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Hands a transfer over; false when the engine is stopping.
    func add(_ transfer: Transfer) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isStopping else { return false }
            inbox.added.append(transfer)
            muster_multi_wakeup(multi)
            return true
        }
    }

    /// Makes the thread look at its transfers again.
    func wake() {
        inbox.withLock { inbox in
            if !inbox.isOver { muster_multi_wakeup(multi) }
        }
    }

    /// Ends every transfer with `closed`, then the thread.
    func stop() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            if !inbox.isOver { muster_multi_wakeup(multi) }
        }
    }

    fileprivate func run() {
        while true {
            let (added, isStopping) = inbox.withLock { inbox in
                defer { inbox.added = [] }
                return (inbox.added, inbox.isStopping)
            }
            for transfer in added { begin(transfer) }
            if isStopping { break }
            endCancelled()
            // A failing multi handle does not recover: every waiting task is told instead of waiting for ever.
            guard muster_multi_perform(multi) else { break }
            collectFinished()
            guard muster_multi_poll(multi, longestWait) else { break }
        }
        close()
    }

    /// Milliseconds. curl 7.88 gives up the first of several addresses in time, but sets no timer for taking the next one (seen:
    /// it waited until the limit of the whole connection was over): while anybody connects, it is asked again soon.
    private var longestWait: Int32 { running.keys.contains { muster_easy_is_connecting($0) } ? 250 : 60_000 }

    private func begin(_ transfer: Transfer) {
        if let error = transfer.prepare() {
            transfer.release()
            transfer.finish(.failure(error))
        } else if let easy = transfer.easy, muster_multi_add(multi, easy) {
            running[easy] = transfer
        } else {
            transfer.release()
            transfer.finish(.failure(OutboundError(.broken, target: transfer.plan.target)))
        }
    }

    private func endCancelled() {
        let cancelled = running.values.filter { $0.isCancelled.load(ordering: .acquiring) }
        for transfer in cancelled { end(transfer, .failure(OutboundError(.cancelled, target: transfer.plan.target))) }
    }

    private func collectFinished() {
        var easy: UnsafeMutableRawPointer?
        var code: Int32 = 0
        var ending = MUSTER_ENDED_WELL
        while muster_multi_take_finished(multi, &easy, &code, &ending) {
            guard let easy, let transfer = running[easy] else { continue }
            end(transfer, transfer.result(code: code, ending: ending))
        }
    }

    private func end(_ transfer: Transfer, _ result: Result<TransferOutcome, OutboundError>) {
        if let easy = transfer.easy {
            running[easy] = nil
            _ = muster_multi_remove(multi, easy)
        }
        transfer.release()
        transfer.finish(result)
    }

    private func close() {
        let late = inbox.withLock { inbox in
            inbox.isStopping = true
            inbox.isOver = true
            defer { inbox.added = [] }
            return inbox.added
        }
        for transfer in late { transfer.finish(.failure(OutboundError(.closed, target: transfer.plan.target))) }
        for transfer in Array(running.values) {
            end(transfer, .failure(OutboundError(.closed, target: transfer.plan.target)))
        }
        muster_multi_free(multi)
    }
}

private let libraryStarted = muster_curl_start()

private func runEngine(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let engine = Unmanaged<TransferEngine>.fromOpaque(context).takeRetainedValue()
    // OpenSSL writes to sockets without MSG_NOSIGNAL: a peer that went away would end the process. Resolver threads
    // inherit the mask.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    engine.run()
    return nil
}
