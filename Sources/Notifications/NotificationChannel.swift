import Stores

/// A way to reach people or programs; one file per kind, listed in ``ChannelCatalogue``.
public protocol NotificationChannel: Sendable {
    /// The name in the configuration, unique.
    var name: String { get }
    /// Tries once; never throws, because every end of an attempt is an outcome that is recorded.
    func send(_ notification: NotificationRecord) async -> DeliveryOutcome
}

/// How one attempt ended.
public enum DeliveryOutcome: Hashable, Sendable {
    /// The receiver took it; its answer.
    case delivered(String)
    /// Not taken now; why. Tried again.
    case failed(String)
}
