import Model

/// The CIs of the graph by a dense index: numbers ascending, names in one run of bytes.
struct GraphNodes: Sendable {
    private var ids: [Int64] = []
    private var classes: [UInt16] = []
    private var states: [UInt8] = []
    /// By number, because a parent may be added after its child; 0 for none.
    private var parents: [Int64] = []
    private var nameEnds: [UInt32] = []
    private var nameBytes: [UInt8] = []
    private var renamed: [Int32: String] = [:]
    private var classNames: [CIClass] = GraphNodes.known
    private var classIndexes: [CIClass: UInt16] = Dictionary(
        uniqueKeysWithValues: GraphNodes.known.enumerated().map { ($1, UInt16($0)) })
    /// CIs whose number came out of order: numbers are reserved in blocks, so a later one may be smaller.
    private var late: [Int64: Int32] = [:]
    private var sortedCount = 0

    /// Classes that every question asks for, by fixed index.
    private static let known: [CIClass] = [.host, .interface, .businessService]

    var count: Int { ids.count }

    mutating func add(id: CIID, className: CIClass, name: String, state: CIState, parent: CIID?) {
        guard index(of: id) == nil, count < Int(Int32.max) >> 3 else { return }
        let index = Int32(count)
        if sortedCount == count, ids.last ?? .min < id.rawValue {
            sortedCount += 1
        } else {
            late[id.rawValue] = index
        }
        ids.append(id.rawValue)
        classes.append(classIndex(className))
        states.append(GraphNodes.code(of: state))
        parents.append(parent?.rawValue ?? 0)
        nameBytes.append(contentsOf: name.utf8)
        nameEnds.append(UInt32(truncatingIfNeeded: nameBytes.count))
    }

    func index(of ci: CIID) -> Int32? {
        if let index = late[ci.rawValue] { return index }
        var (low, high) = (0, sortedCount)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < ci.rawValue { low = middle + 1 } else { high = middle }
        }
        return low < sortedCount && ids[low] == ci.rawValue ? Int32(low) : nil
    }

    func id(_ index: Int32) -> CIID { CIID(ids[Int(index)]) }
    func className(_ index: Int32) -> CIClass { classNames[Int(classes[Int(index)])] }
    func isHost(_ index: Int32) -> Bool { classes[Int(index)] == 0 }
    func isInterface(_ index: Int32) -> Bool { classes[Int(index)] == 1 }
    func isBusinessService(_ index: Int32) -> Bool { classes[Int(index)] == 2 }
    func isRetired(_ index: Int32) -> Bool { states[Int(index)] > 1 }
    func parent(_ index: Int32) -> Int32? {
        parents[Int(index)] == 0 ? nil : self.index(of: CIID(parents[Int(index)]))
    }

    func state(_ index: Int32) -> CIState {
        switch states[Int(index)] {
        case 0: .active
        case 1: .vanished
        default: .retired
        }
    }

    func name(_ index: Int32) -> String {
        if let name = renamed[index] { return name }
        let start = index == 0 ? 0 : Int(nameEnds[Int(index) - 1])
        return String(decoding: nameBytes[start..<Int(nameEnds[Int(index)])], as: UTF8.self)
    }

    func node(_ index: Int32) -> GraphNode {
        GraphNode(
            ci: id(index), className: className(index), name: name(index), state: state(index),
            parent: parent(index).map { id($0) })
    }

    mutating func setState(_ state: CIState, of ci: CIID) {
        if let index = index(of: ci) { states[Int(index)] = GraphNodes.code(of: state) }
    }

    mutating func setName(_ name: String, of ci: CIID) {
        if let index = index(of: ci) { renamed[index] = name }
    }

    private mutating func classIndex(_ className: CIClass) -> UInt16 {
        if let known = classIndexes[className] { return known }
        // More classes than two bytes count share the last: classes are files that admins write, not input.
        let index = UInt16(clamping: classNames.count)
        classNames.append(className)
        classIndexes[className] = index
        return index
    }

    private static func code(of state: CIState) -> UInt8 {
        switch state {
        case .active: 0
        case .vanished: 1
        case .retired: 2
        }
    }
}
