import Model
import Synchronization

/// The addresses of a sweep, one after the other, and the moments at which packets may be sent.
final class SweepPlan: Sendable {
    private struct Place {
        var network = 0
        var host = 0
    }

    private struct Pace {
        var next: ContinuousClock.Instant
        var sent = 0
    }

    private let networks: [IPNetwork]
    private let gap: Duration
    private let place = Mutex(Place())
    private let pace: Mutex<Pace>

    /// A plan that lets out `rate` packets a second.
    init(_ networks: [IPNetwork], rate: Int) {
        self.networks = networks
        gap = .seconds(1) / max(rate, 1)
        pace = Mutex(Pace(next: ContinuousClock.now))
    }

    /// How many packets were let out.
    var sent: Int { pace.withLock { $0.sent } }

    /// The next address; nil at the end.
    func next() -> IPAddress? {
        place.withLock { place in
            while place.network < networks.count {
                if let address = networks[place.network].host(at: place.host) {
                    place.host += 1
                    return address
                }
                place.network += 1
                place.host = 0
            }
            return nil
        }
    }

    /// Waits until one more packet may go out. Moments that nobody used are not made up for in a burst.
    func turn() async {
        let moment = pace.withLock { pace in
            pace.next = max(pace.next, ContinuousClock.now - .milliseconds(20)) + gap
            pace.sent += 1
            return pace.next
        }
        try? await Task.sleep(until: moment)
    }
}
