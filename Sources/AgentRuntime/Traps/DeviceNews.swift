import Synchronization

/// Devices that told something by themselves, so that their interfaces are to be read now.
final class DeviceNews: Sendable {
    private let devices = Mutex<Set<String>>([])

    /// The device told something.
    func tell(_ device: String) { _ = devices.withLock { $0.insert(device) } }

    /// Whether it did since this was asked last.
    func take(_ device: String) -> Bool { devices.withLock { $0.remove(device) != nil } }
}
