import Foundation

/// Names as the CMDB keeps them: normalisation form C, so that two spellings of one name are one CI (threats M5).
public enum CanonicalText {
    /// `text` in form C. Callers have capped its length; ASCII, the usual case, costs one pass.
    public static func of(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
    }
}
