import LinuxSystem

/// Whether the machine is a real one, a virtual one or a container, and whose.
struct MachineKind {
    /// `physical`, `vm` or `container`.
    var kind: String
    /// The hypervisor's or container manager's name; nil for a real machine.
    var hypervisor: String?

    init(_ root: SystemRoot, _ firmware: Firmware) {
        if let manager = containerManager(root) {
            kind = "container"
            hypervisor = manager
        } else if let name = virtualMachine(root, firmware) {
            kind = "vm"
            hypervisor = name
        } else {
            kind = "physical"
        }
    }
}

private func containerManager(_ root: SystemRoot) -> String? {
    if let text = root.line("/run/systemd/container"), text.utf8.count <= 64 { return text }
    // An image made for containers keeps its mark when it is booted as a machine: the first process namespace, whose
    // number is fixed in the kernel (PROC_PID_INIT_INO), is no container's.
    if root.link("/proc/self/ns/pid") != "pid:[4026531836]" {
        if root.exists("/run/.containerenv") { return "podman" }
        if root.exists("/.dockerenv") { return "docker" }
    }
    // The environment of process 1 is for root; the control group of version 1 is for all.
    if let environment = try? root.bytes("/proc/1/environ", limit: 1 << 20) {
        let mark = Array("container=".utf8)
        if let entry = environment.split(separator: 0).first(where: { $0.starts(with: mark) }) {
            return String(decoding: entry.dropFirst(mark.count).prefix(64), as: UTF8.self)
        }
    }
    guard let groups = try? root.content("/proc/1/cgroup", limit: 1 << 20) else { return nil }
    for line in groups.lines {
        let path = line.split(at: UInt8(ascii: "/"))
        if path.contains(where: { $0 == "docker" || $0.hasPrefix("docker-") }) { return "docker" }
        if path.contains(where: { $0 == "lxc" || $0.hasPrefix("lxc.payload") }) { return "lxc" }
        if path.contains(where: { $0 == "kubepods" || $0.hasPrefix("kubepods") }) { return "kubernetes" }
        if path.contains(where: { $0.hasPrefix("libpod-") }) { return "podman" }
    }
    return nil
}

private func virtualMachine(_ root: SystemRoot, _ firmware: Firmware) -> String? {
    let text = [firmware.vendor, firmware.model, firmware.boardVendor, firmware.biosVendor, firmware.biosVersion]
        .compactMap { $0 }.map { $0 + "\n" }.joined().lowercased()
    if let known = knownMachines.first(where: { $0.words.contains(where: text.contains) }) { return known.name }
    if root.line("/sys/hypervisor/type") == "xen" { return "xen" }
    if let name = treeHypervisor(root) ?? mainframeHypervisor(root) ?? virtualDevice(root) { return name }
    // Amazon's real machines carry the same maker as its virtual ones.
    if text.contains("amazon ec2") { return text.contains(".metal") ? nil : "amazon" }
    return hasHypervisorFlag(root) ? "unknown" : nil
}

// By maker and model of the firmware: public facts of the products.
private let knownMachines: [(words: [String], name: String)] = [
    (["vmware"], "vmware"), (["virtualbox", "innotek"], "virtualbox"), (["parallels"], "parallels"),
    (["virtual machine\n", "hyper-v"], "hyper-v"), (["bochs"], "bochs"), (["bhyve"], "bhyve"),
    (["xen"], "xen"), (["openstack"], "openstack"), (["google compute engine", "google"], "google"),
    (["alibaba"], "alibaba"), (["tencent"], "tencent"), (["kvm", "qemu", "rhev", "ovirt"], "kvm"),
]

/// ARM and POWER guests are told by their device tree.
private func treeHypervisor(_ root: SystemRoot) -> String? {
    let words = deviceTreeList("hypervisor/compatible", root)
    if words.contains("linux,kvm") { return "kvm" }
    if words.contains(where: { $0.hasPrefix("xen,") }) { return "xen" }
    if words.contains("vmware") { return "vmware" }
    return deviceTreeList("ibm,partition-name", root).isEmpty ? nil : "phyp"
}

/// s390 tells what runs it, the innermost first: z/VM or KVM, else the machine's own partitions.
private func mainframeHypervisor(_ root: SystemRoot) -> String? {
    if let program = S390Topology.value("VM00 Control Program", root) {
        return program.hasPrefix("KVM") ? "kvm" : program.hasPrefix("z/VM") ? "z/vm" : "unknown"
    }
    return S390Topology.value("LPAR Name", root) == nil ? nil : "pr/sm"
}

/// Devices that only a hypervisor has, by the vendor and device in the second field.
private func virtualDevice(_ root: SystemRoot) -> String? {
    guard let content = try? root.content("/proc/bus/pci/devices", limit: 4 << 20) else { return nil }
    let known: [(number: StaticString, name: String)] = [
        ("80eebeef", "virtualbox"), ("80eecafe", "virtualbox"), ("15ad0405", "vmware"), ("15ad0740", "vmware"),
        ("58530001", "xen"), ("14145353", "hyper-v"), ("1ab84005", "parallels"),
    ]
    for line in content.lines.prefix(10_000) {
        guard let number = line.fields.dropFirst().first else { continue }
        if let found = known.first(where: { number == $0.number }) { return found.name }
    }
    return nil
}

/// x86 processors tell that a hypervisor runs them (CPUID leaf 1, ECX bit 31).
private func hasHypervisorFlag(_ root: SystemRoot) -> Bool {
    guard let content = try? root.content("/proc/cpuinfo", limit: 16 << 20) else { return false }
    for line in content.lines where line.hasPrefix("flags") { return line.fields.contains { $0 == "hypervisor" } }
    return false
}
