import CNetSNMP
import Glibc
import Model

/// A receiver of traps on the library's thread: what its sockets share.
final class TrapReception {
    fileprivate(set) var order: TrapOrder
    var gate: TrapGate
    fileprivate(set) var listeners: [TrapListener] = []
    private let owners: ([UInt8]) -> IPAddress?

    fileprivate init(_ order: TrapOrder, owners: @escaping ([UInt8]) -> IPAddress?) {
        self.order = order
        self.owners = owners
        gate = TrapGate(order.sources, order.limits, now: monotonicNow())
    }

    /// The device whose engine id a proof names.
    func owner(of proof: TrapGate.Proof) -> IPAddress? {
        if case .user(_, _, let engineID, _) = proof { owners(engineID) } else { nil }
    }
}

extension Engine {
    /// Begins to read a receiver's sockets.
    func listen(_ order: TrapOrder) {
        let reception = TrapReception(order) { [unowned self] engineID in self.registry.address(of: engineID) }
        receptions[order.id] = reception
        registry.keep(users: keptUsers)
        addOwnUsers(order)
        for descriptor in order.sockets {
            guard let listener = TrapListener(descriptor: descriptor, receiver: reception) else {
                closeDescriptor(descriptor)
                continue
            }
            guard cns_poll_add(poll, descriptor, 0) == 0 else {
                listener.close()
                continue
            }
            reception.listeners.append(listener)
            listenersByDescriptor[descriptor] = listener
        }
        if reception.listeners.isEmpty { endListening(order.id) }
    }

    /// Another list of devices for a receiver that reads already.
    func replaceSources(_ id: UInt64, _ sources: [SNMPTrapSource]) {
        guard let reception = receptions[id] else { return }
        for (name, _) in ownUsers(reception.order) {
            cns_forget_user(reception.order.engineID, reception.order.engineID.count, name)
        }
        reception.order.sources = sources
        reception.gate.replace(sources, reception.order.limits, now: monotonicNow())
        registry.keep(users: keptUsers)
        addOwnUsers(reception.order)
    }

    /// Closes a receiver's sockets, and lets the users go that only its traps needed.
    func endListening(_ id: UInt64) {
        guard let reception = receptions.removeValue(forKey: id) else { return }
        for listener in reception.listeners {
            _ = cns_poll_remove(poll, listener.descriptor)
            listenersByDescriptor[listener.descriptor] = nil
            listener.close()
        }
        reception.listeners = []
        for (name, _) in ownUsers(reception.order) {
            cns_forget_user(reception.order.engineID, reception.order.engineID.count, name)
        }
        registry.keep(users: keptUsers)
        reception.order.finish()
    }

    private var keptUsers: [IPAddress: Set<SNMPUser>] {
        receptions.values.reduce(into: [:]) { all, reception in
            all.merge(reception.gate.users) { $0.union($1) }
        }
    }

    /// Of an inform our engine is the authority, so its users are ours.
    private func addOwnUsers(_ order: TrapOrder) {
        guard cns_set_engine(order.engineID, order.engineID.count, order.boots) == 0 else { return }
        for (_, user) in ownUsers(order) { _ = Session.addUser(user, engineID: order.engineID, keys: &keys) }
    }

    /// A name is one user at one engine: of two sources with the same name and other keys the first counts.
    private func ownUsers(_ order: TrapOrder) -> [String: SNMPUser] {
        Dictionary(
            order.sources.compactMap { source in source.user.map { ($0.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }
}
