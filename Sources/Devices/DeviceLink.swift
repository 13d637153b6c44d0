/// The state of an interface's link.
public enum DeviceLink: Hashable, Sendable {
    /// Packets can pass.
    case up
    /// They cannot, and should.
    case down
    /// They cannot, because the administrator switched the interface off.
    case disabled

    /// The state behind ifAdminStatus and ifOperStatus by name (IF-MIB, RFC 2863); nil for what is neither up nor down.
    public init?(admin: String?, oper: String?) {
        switch (admin, oper) {
        case (_, "up"): self = .up
        case ("down", _): self = .disabled
        case (_, "down"), (_, "lowerLayerDown"): self = .down
        default: return nil
        }
    }
}
