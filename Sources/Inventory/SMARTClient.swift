import LinuxSystem

/// smartctl(8), where it is installed: what disks say of their health. Its protocols are many, and the vendors' exceptions more.
public enum SMARTClient {
    /// The program.
    static let program = "/usr/sbin/smartctl"
    private static let disks = 64

    /// What smartctl said of each disk, root alone may ask: a line `NAME JSON` each. A disk that sleeps is not woken, and what is
    /// behind the deadline is left out.
    public static func reports(_ root: SystemRoot, until deadline: ContinuousClock.Instant) throws -> [UInt8] {
        guard root.exists(program) else { throw InventoryError("\(program) is not installed") }
        var answer: [UInt8] = []
        for name in try root.names("/sys/block", limit: 20_000).filter(isAsked).prefix(disks) {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { break }
            let run = ProgramRun(
                program: program,
                arguments: ["--json=c", "--nocheck=standby", "--health", "--attributes", "/dev/" + name],
                timeout: min(left, .seconds(5)), outputBytes: 256 << 10)
            // The exit status is a set of bits about the disk, not about the program.
            let result = run.run()
            guard case .exited = result.ending else { continue }
            let output = result.output
            guard !output.isEmpty, !output.dropLast().contains(10) else { continue }
            answer += Array("\(name) ".utf8) + output + (output.last == 10 ? [] : [10])
        }
        return answer
    }

    /// Whole disks that have something of the kind, by the kernel's names: `sda`, `nvme0n1`.
    static func isAsked(_ name: String) -> Bool {
        let letters = name.utf8
        if name.hasPrefix("sd") {
            return (3...5).contains(letters.count) && letters.allSatisfy { (97...122).contains($0) }
        }
        return name.hasPrefix("nvme") && letters.count <= 12
            && letters.dropFirst(4).allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: "n") }
    }
}
