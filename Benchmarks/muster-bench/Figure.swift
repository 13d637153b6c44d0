import FoundationEssentials
import Glibc

/// One measured figure, printed as a line of JSON: what, how much, of which program, on how many cores, in which build.
///
/// Where a peer is measured in the same run its line has the same `figure` and its own `program`: two lines make a pair.
struct Figure: Encodable {
    /// The name of this product's programs in `program`.
    static let own = "muster"

    /// What was measured.
    var figure: String
    /// How much; absent where nothing could be measured, and then `note` says why.
    var value: Double?
    /// The unit of the value.
    var unit: String
    /// Whose figure it is: `muster`, or a peer with its version.
    var program: String
    /// Cores of the machine.
    var cores: Int
    /// How `muster-bench` and the programs beside it were built: `debug` or `release`.
    var build: String
    /// What must be known to read the figure.
    var note: String?

    /// A figure.
    init(_ figure: String, _ value: Double?, _ unit: String, program: String = own, note: String? = nil) {
        self.figure = figure
        self.value = value.map { Figure.rounded($0) }
        self.unit = unit
        self.program = program
        self.note = note
        cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        #if DEBUG
            build = "debug"
        #else
            build = "release"
        #endif
    }

    func print() {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(self) else { return }
        Swift.print(String(decoding: line, as: UTF8.self))
        fflush(nil)
    }

    /// Three digits behind the point, six for what is smaller than one.
    private static func rounded(_ value: Double) -> Double {
        let scale = abs(value) < 1 ? 1_000_000.0 : 1000.0
        return (value * scale).rounded() / scale
    }
}
