import Devices
import Model
import SNMP
import Synchronization

/// Tries the credentials of devices in their order, remembers the one that answers, and leaves alone for a while what was refused: a
/// user of SNMPv3 is never tried again and again.
///
/// Silence tells nothing of a credential that answered before: the device may be down. Only where somebody is there all the same,
/// again and again, are the others tried.
final class CredentialBoard: Sendable {
    private struct State {
        var memory: CredentialMemory
        /// Looks in a row in which somebody was there and the remembered credential was met with silence.
        var silences: [String: Int] = [:]
    }

    private let state: Mutex<State>
    private let file: CredentialFile
    private let now: @Sendable () -> Timestamp

    /// A board that goes on with what the file holds.
    init(file: CredentialFile, now: @escaping @Sendable () -> Timestamp = { Timestamp.now }) {
        self.file = file
        self.now = now
        state = Mutex(State(memory: file.load()))
    }

    /// The device with the credential that answered last, else its first.
    func target(of device: DeviceSettings) -> SNMPTarget {
        var target = device.target
        if let known = remembered(device) { target.credential = known.credential }
        return target
    }

    /// The device as it may be read now; nil where no credential is known to work and trying is not for this reader, or the only one
    /// is refused.
    func readable(_ device: DeviceSettings) -> SNMPTarget? {
        let known = remembered(device) ?? (device.credentials.count == 1 ? device.credentials.first : nil)
        guard let known, pause(of: known, at: device.target.place) == nil else { return nil }
        var target = device.target
        target.credential = known.credential
        return target
    }

    /// Asks for sysUpTime (SNMPv2-MIB) with one credential after the other, until one answers.
    func ask(_ device: DeviceSettings, _ client: SNMPClient) async -> CredentialTrial {
        var trial = CredentialTrial()
        let place = device.target.place
        for credential in candidates(of: device) {
            if let entry = pause(of: credential, at: place) {
                trial.paused.append((credential, entry))
                continue
            }
            var target = device.target
            target.credential = credential.credential
            do throws(SNMPError) {
                _ = try await client.get([[1, 3, 6, 1, 2, 1, 1, 3, 0]], from: target)
                trial.winner = credential
                return trial
            } catch {
                trial.failures.append((credential, error))
                if error == .cancelled { return trial }
            }
        }
        return trial
    }

    /// Keeps what a trial showed; `isThere` when the device answered in another way, such as ICMP.
    func conclude(_ trial: CredentialTrial, of device: DeviceSettings, isThere: Bool) {
        let place = device.target.place
        let isAlone = device.credentials.count == 1
        update { state, now in
            let known = state.memory.remembered(at: place)
            var isNews = false
            if let winner = trial.winner { isNews = state.memory.worked(winner, at: place) }
            let isThere = isThere || trial.winner != nil || trial.isRefused
            let silences = state.silences.removeValue(forKey: place) ?? 0
            for (credential, error) in trial.failures {
                let isKnown = credential.name == known
                if error.isSilence, isThere, isKnown, trial.winner == nil { state.silences[place] = silences + 1 }
                let isWrong =
                    error.isAboutCredential
                    || error.isSilence && isThere && !isAlone && (!isKnown || trial.winner != nil)
                guard isWrong else { continue }
                state.memory.failed(credential, at: place, reason: error.reason, now)
                isNews = true
            }
            return isNews
        }
    }

    /// The places in `credentials` of those that an address may be asked with now: the one that answered last alone, else every one
    /// of its network that was not refused lately.
    func places(of credentials: [NamedCredential], at address: IPAddress, port: UInt16) -> [Int] {
        let (place, now) = ("\(address):\(port)", now())
        return state.withLock { state in
            let usable = credentials.indices.filter { index in
                credentials[index].covers(address) && state.memory.pause(of: credentials[index], at: place, now) == nil
            }
            let known = state.memory.remembered(at: place)
            return usable.first { credentials[$0].name == known }.map { [$0] } ?? usable
        }
    }

    /// Whether the credential is the one that answered last at a place.
    func remembers(_ credential: NamedCredential, at place: String) -> Bool {
        state.withLock { $0.memory.remembered(at: place) == credential.name }
    }

    /// What a sweep showed: which credential answered at a place (no error), was refused, or is not
    /// answered any more.
    func learn(_ heard: [(credential: NamedCredential, place: String, error: SNMPError?)]) {
        update { state, now in
            var isNews = false
            for (credential, place, error) in heard where error == nil && state.memory.remembered(at: place) == nil {
                isNews = state.memory.worked(credential, at: place) || isNews
            }
            for (credential, place, error) in heard {
                guard let error else { continue }
                if error.isAboutCredential {
                    state.memory.failed(credential, at: place, reason: error.description, now)
                } else {
                    // Next time all of them are tried.
                    state.memory.forget(credential, at: place)
                }
                isNews = true
            }
            return isNews
        }
    }

    /// Forgets credentials that are not configured any more.
    func keepOnly(names: Set<String>) {
        update { state, _ in
            let before = state.memory
            state.memory.keepOnly(names: names)
            return state.memory != before
        }
    }

    /// The one that is known to work alone; the others as well while it is met with silence by somebody who is there.
    private func candidates(of device: DeviceSettings) -> [NamedCredential] {
        guard let known = remembered(device) else { return device.credentials }
        let silences = state.withLock { $0.silences[device.target.place] ?? 0 }
        guard silences >= device.failures else { return [known] }
        return [known] + device.credentials.filter { $0.name != known.name }
    }

    private func remembered(_ device: DeviceSettings) -> NamedCredential? {
        let name = state.withLock { $0.memory.remembered(at: device.target.place) }
        return device.credentials.first { $0.name == name }
    }

    private func pause(of credential: NamedCredential, at place: String) -> SourceCooling.Entry? {
        let now = now()
        return state.withLock { $0.memory.pause(of: credential, at: place, now) }
    }

    /// Changes the memory, and keeps it where `change` says that something is new.
    private func update(_ change: (inout State, Timestamp) -> Bool) {
        let now = now()
        // Written inside, so that an older state never replaces a newer one.
        state.withLock { state in
            if change(&state, now) { file.save(state.memory) }
        }
    }
}

extension SNMPError {
    /// Why, without the address that is known from the place.
    fileprivate var reason: String { isSilence ? "no answer where somebody is" : description }
}
