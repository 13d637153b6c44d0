/// Why a use case refused what it was asked: each case is one kind of answer, the text is one line for the caller.
public enum ServiceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request itself is wrong: what, where, what to do.
    case invalid(String)
    /// It is larger than what is taken.
    case tooLarge(String)
    /// What is asked for does not exist.
    case notFound(String)
    /// The caller may not do this; `name` is a stable word for it (`token-used`).
    case forbidden(name: String, String)
    /// It does not fit to what is stored now.
    case conflict(String)
    /// Too much at once: try again after so many seconds.
    case busy(seconds: Int, String)

    /// The line.
    public var description: String {
        switch self {
        case .invalid(let text), .tooLarge(let text), .notFound(let text), .forbidden(_, let text), .conflict(let text),
            .busy(_, let text):
            text
        }
    }
}
