import FoundationEssentials
import HTTPAPI
import Wire

/// The files pages load, from a table (threats M26). Their names carry a digest, so browsers may keep them for ever.
struct StaticFiles: Sendable {
    private struct File: Sendable {
        var name: String
        var mediaType: String
        var bytes: [UInt8]
        var digest: String

        init(_ name: String, _ mediaType: String, _ bytes: [UInt8]) {
            self.name = name
            self.mediaType = mediaType
            self.bytes = bytes
            digest = String(SHA256Digest(of: bytes).description.prefix(16))
        }
    }

    private let files: [File]

    /// The console's own style and script, and Chart.js where `chartScript` names it (Debian: libjs-chart.js).
    init(chartScript: String?) {
        var files = [
            File("console.css", "text/css; charset=utf-8", PackageResources.console_css),
            File("console.js", "text/javascript; charset=utf-8", PackageResources.console_js),
        ]
        if let chartScript, let data = try? Data(contentsOf: URL(filePath: chartScript)), data.count < 4 << 20 {
            files.append(File("chart.js", "text/javascript; charset=utf-8", Array(data)))
        }
        self.files = files
    }

    /// Whether charts can be drawn.
    var hasCharts: Bool { files.contains { $0.name == "chart.js" } }

    /// The path of a file with its digest; nil for a file there is not.
    func path(_ name: String) -> String? {
        files.first { $0.name == name }.map { "/static/\($0.digest)/\(name)" }
    }

    var route: Route {
        Route("GET", "/static/{digest}/{name}", .everybody) { request in
            guard
                let file = files.first(where: {
                    $0.name.utf8.elementsEqual(request.parameter("name").utf8)
                        && $0.digest.utf8.elementsEqual(request.parameter("digest").utf8)
                })
            else {
                throw ProblemDetails(
                    type: "/problems/not-found", title: "Not found", status: 404, detail: "there is no such file")
            }
            var answer = APIResponse(status: 200, mediaType: file.mediaType, body: file.bytes)
            answer.cacheControl = "public, max-age=31536000, immutable"
            return answer
        }
    }
}
