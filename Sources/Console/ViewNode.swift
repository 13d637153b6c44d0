import Mustache

/// A model as templates read it: each field by its name, looked up once in the model and not again for each place in a
/// template that names it.
///
/// The library reads a value's fields by reflection, all of them for each name it looks for, at each level on the way up:
/// three fifths of the time of a page with a thousand links.
struct ViewNode: MustacheParent {
    private let fields: [String: Any]

    func child(named name: String) -> Any? { fields[name] }

    /// The model with everything below it: values of several fields as nodes, lists as lists of them, nothing where there
    /// is nothing.
    static func make(_ model: Any) -> Any? {
        switch model {
        case is String, is Bool, is Int, is Int64, is Double: return model
        case let list as [Any]: return list.compactMap { make($0) }
        default: break
        }
        let mirror = Mirror(reflecting: model)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { make($0.value) }
        case .struct:
            var fields: [String: Any] = [:]
            for child in mirror.children {
                if let label = child.label, let value = make(child.value) { fields[label] = value }
            }
            return ViewNode(fields: fields)
        default: return model
        }
    }
}
