import CollectorServices
import Model
import Wire

/// The OpenAPI 3.1 document of declared routes.
enum OpenAPIDocument {
    /// The document; routes without a declaration are left out.
    static func make(of routes: [Route], origin: String) -> JSON {
        let declared = routes.compactMap { route in route.operation.map { (route, $0) } }
        var paths: [(String, [(String, JSON)])] = []
        var components = problem.components
        for (route, operation) in declared {
            let entry = (route.method.lowercased(), write(operation, of: route))
            if let index = paths.firstIndex(where: { $0.0 == route.path }) {
                paths[index].1.append(entry)
            } else {
                paths.append((route.path, [entry]))
            }
            for schema in [operation.answer] + operation.fields.map(\.schema) {
                components.merge(schema.components) { first, _ in first }
            }
        }
        let schemas = components.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return .object([
            ("openapi", "3.1.0"), ("info", info), ("servers", .array([.object([("url", .text(origin))])])),
            ("paths", .object(paths.map { ($0.0, .object($0.1)) })),
            (
                "components",
                .object([
                    ("schemas", .object(schemas)), ("responses", .object(problemResponses)),
                    ("securitySchemes", securitySchemes),
                ])
            ),
        ])
    }

    private static let info = JSON.object([
        ("title", "Muster"), ("version", .text(ProductVersion.text)),
        ("description", "What is there, how it is, what hangs on what. docs/api.md tells how to use it."),
        ("license", .object([("name", "Apache License 2.0"), ("identifier", "Apache-2.0")])),
    ])

    private static let securitySchemes = JSON.object([
        ("token", .object([("type", "http"), ("scheme", "bearer")])),
        ("site", .object([("type", "http"), ("scheme", "basic")])),
    ])

    private static func write(_ operation: Operation, of route: Route) -> JSON {
        let body = operation.fields.filter { $0.place == .body }
        let parameters = operation.fields.filter { $0.place != .body }.map(parameter) + operation.headers.map(header)
        var members: [(String, JSON)] = [
            ("operationId", .text(identifier(route))), ("summary", .text(operation.summary)),
            ("tags", .array([.text(tag(route))])), ("parameters", .array(parameters)),
        ]
        if !body.isEmpty { members.append(("requestBody", requestBody(body))) }
        if !operation.consumes.isEmpty { members.append(("requestBody", requestBody(operation.consumes))) }
        members.append(("responses", .object(responses(operation))))
        switch route.access {
        case .accounts(let scope):
            members += [
                ("security", .array([.object([("token", .array([]))])])), ("x-muster-scope", .text(scope.rawValue)),
            ]
        case .sites: members.append(("security", .array([.object([("site", .array([]))])])))
        default: members.append(("security", .array([])))
        }
        return .object(members)
    }

    private static func requestBody(_ fields: [InputField]) -> JSON {
        let schema = Schema.object(nil, fields.map { ($0.name, $0.schema, $0.isRequired, $0.about) })
        return .object([
            ("required", .flag(fields.contains(where: \.isRequired))),
            ("content", .object([("application/json", .object([("schema", schema.written)]))])),
        ])
    }

    private static func requestBody(_ consumes: [String]) -> JSON {
        .object([
            ("required", true),
            ("content", .object(consumes.map { ($0, .object([("schema", .object([]))])) })),
        ])
    }

    private static func parameter(_ field: InputField) -> JSON {
        .object([
            ("name", .text(field.name)), ("in", .text(field.place.rawValue)), ("required", .flag(field.isRequired)),
            ("description", .text(field.about)), ("schema", field.schema.written),
        ])
    }

    private static func header(_ field: (name: String, about: String)) -> JSON {
        .object([
            ("name", .text(field.name)), ("in", "header"), ("required", false), ("description", .text(field.about)),
            ("schema", .object([("type", "string")])),
        ])
    }

    private static func responses(_ operation: Operation) -> [(String, JSON)] {
        let content = JSON.object([(operation.mediaType, .object([("schema", operation.answer.written)]))])
        var success: [(String, JSON)] = [("description", .text(operation.summary)), ("content", content)]
        var others: [(String, JSON)] = []
        if operation.hasTag {
            let tag = JSON.object([("description", "The entity tag."), ("schema", .object([("type", "string")]))])
            success.append(("headers", .object([("ETag", tag)])))
            others.append(("304", .object([("description", "Nothing changed since the tag was given.")])))
        }
        return [(String(operation.status), .object(success))] + others
            + operation.problems.sorted().map { status in
                let target = "#/components/responses/problem-\(status)"
                return (String(status), .object([("$ref", .text(target))]))
            }
    }

    /// Problem details (RFC 9457), as `APIResponse.problem` writes them.
    static var problem: Schema { Shape<ProblemDetails>.problem.schema }

    private static var problemResponses: [(String, JSON)] {
        Problems.titles.sorted { $0.key < $1.key }.map { status, title in
            let content = JSON.object([
                ("application/problem+json", .object([("schema", problem.written)]))
            ])
            return ("problem-\(status)", .object([("description", .text(title)), ("content", content)]))
        }
    }

    private static func identifier(_ route: Route) -> String {
        let words = route.path.split { "/{}.".contains($0) }.map { $0 == "v1" ? "" : String($0) }
        return ([route.method.lowercased()] + words.filter { !$0.isEmpty }).joined(separator: "_")
    }

    private static func tag(_ route: Route) -> String {
        let parts = route.path.split(separator: "/")
        if case .sites = route.access { return "glpi" }
        guard parts.first == "v1", parts.count > 1 else { return "watching" }
        return String(parts[1])
    }
}

/// The routes' own document, as a route.
struct OpenAPIRoute: Sendable {
    let document: @Sendable () -> [UInt8]

    var route: Route {
        Route(
            "GET", "/v1/openapi.json", .everybody, "This document.", mediaType: "application/json",
            schema: .type("object")
        ) { document() }
    }
}
