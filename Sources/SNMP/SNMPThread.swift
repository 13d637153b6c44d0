import CNetSNMP
import Glibc
import Synchronization

/// The one thread of the process that may touch the library, shared by all clients because the library's state is
/// the process's. It starts with the first client and ends with the last.
enum SNMPThread {
    private struct Running {
        let mailbox: Mailbox
        let thread: pthread_t
        var clients: Int
    }

    private static let running = Mutex<Running?>(nil)

    static func join() throws(SNMPError) -> Mailbox {
        let mailbox = running.withLock { current -> Mailbox? in
            if current == nil { current = start() }
            current?.clients += 1
            return current?.mailbox
        }
        guard let mailbox else { throw .library("no thread or descriptor left (errno \(systemError()))") }
        return mailbox
    }

    /// Gives up one client's share. The thread is waited for, so that the next one never runs beside it.
    static func leave() {
        running.withLock { current in
            current?.clients -= 1
            guard let last = current, last.clients <= 0 else { return }
            last.mailbox.post(.stop)
            pthread_join(last.thread, nil)
            current = nil
        }
    }

    private static func start() -> Running? {
        guard let mailbox = Mailbox() else { return nil }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(mailbox)
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                runEngine(Unmanaged<Mailbox>.fromOpaque(argument).takeRetainedValue())
                return nil
            }, argument.toOpaque())
        guard result == 0 else {
            argument.release()
            return nil
        }
        return Running(mailbox: mailbox, thread: thread, clients: 0)
    }
}

private func runEngine(_ mailbox: Mailbox) {
    guard cns_initialise() == 0, let engine = Engine(mailbox: mailbox) else { return refuseAll(mailbox) }
    engine.run()
}

/// Without epoll there is nothing to wait with: every operation is answered with that.
private func refuseAll(_ mailbox: Mailbox) {
    var byte: UInt64 = 0
    while true {
        var wait = pollfd(fd: mailbox.wakeDescriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&wait, 1, -1)
        _ = read(mailbox.wakeDescriptor, &byte, 8)
        for command in mailbox.takeAll() {
            switch command {
            case .start(let order):
                var receipt = SNMPReceipt()
                receipt.end = .failed(.library("no descriptor for epoll"))
                order.finish([], receipt)
            case .stop: return
            case .listen(let order):
                for descriptor in order.sockets { closeDescriptor(descriptor) }
                order.finish()
            case .cancel, .closeClient, .replaceSources, .endListening: continue
            }
        }
    }
}
