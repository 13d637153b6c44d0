import FoundationEssentials
import Glibc

/// One measured figure, printed as a line of JSON with its unit and the machine's cores.
struct Figure: Encodable {
    var figure: String
    var value: Double
    var unit: String
    var cores: Int

    init(_ figure: String, _ value: Double, _ unit: String) {
        self.figure = figure
        self.value = (value * 1000).rounded() / 1000
        self.unit = unit
        cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    }

    func print() {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let line = try? encoder.encode(self) else { return }
        Swift.print(String(decoding: line, as: UTF8.self))
        fflush(nil)
    }
}
