import Foundation

/// Reads each file once; 1 when one took a second or more.
func replay(_ target: FuzzTarget, _ paths: [String]) -> Int32 {
    var status: Int32 = 0
    var count = 0
    for path in paths.flatMap(files(at:)) {
        guard let data = FileManager.default.contents(atPath: path) else {
            print("\(target.name): \(path): cannot be read")
            return 2
        }
        let started = ContinuousClock.now
        target.read(Array(data))
        count += 1
        let time = ContinuousClock.now - started
        if time >= .seconds(1) {
            print("\(target.name): \(path): took \(time)")
            status = 1
        }
    }
    print("\(target.name): \(count) inputs")
    return count > 0 ? status : 2
}

private func files(at path: String) -> [String] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
        return [path]
    }
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().map { path + "/" + $0 }
}
