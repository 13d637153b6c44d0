import Inventory
import LinuxSystem
import Model
import Testing

@Suite("SystemSource") struct SystemSourceTests {
    private func facts(_ files: [String: String]) throws -> [String: AttributeValue] {
        try facts(RecordedMachine(text: files))
    }

    private func facts(_ machine: RecordedMachine) throws -> [String: AttributeValue] {
        guard case .success(let sections) = try SystemSource().read(InventoryContext(root: machine.root)) else {
            throw InventoryError("no data")
        }
        return sections.first?.items.first?.attributes ?? [:]
    }

    private func dmi(_ fields: [String: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: fields.map { ("/sys/class/dmi/id/" + $0.key, $0.value + "\n") })
    }

    @Test("the firmware's id files give maker, model, serial and UUID as they stand")
    func firmware() throws {
        let files = dmi([
            "sys_vendor": "Dell Inc.", "product_name": "PowerEdge R730xd ", "product_serial": "To Be Filled By O.E.M.",
            "product_uuid": "4c4c4544-0042-3510-8051-b4c04f4d3132", "chassis_type": "23",
        ])
        let facts = try facts(files)
        #expect(facts["vendor"] == "Dell Inc.")
        #expect(facts["model"] == "PowerEdge R730xd")
        #expect(facts["serial"] == "To Be Filled By O.E.M.")
        #expect(facts["uuid"] == "4c4c4544-0042-3510-8051-b4c04f4d3132")
        #expect(facts["chassis_type"] == "rack mount chassis")
        #expect(facts["kind"] == "physical")
        #expect(facts["hypervisor"] == nil)
    }

    @Test(
        "virtual machines are told by their firmware",
        arguments: [
            ("VMware, Inc.", "VMware7,1", "vmware"), ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "kvm"),
            ("innotek GmbH", "VirtualBox", "virtualbox"), ("Microsoft Corporation", "Virtual Machine", "hyper-v"),
            ("Xen", "HVM domU", "xen"), ("Amazon EC2", "m5.large", "amazon"),
            ("Google", "Google Compute Engine", "google"),
        ])
    func virtualMachines(vendor: String, model: String, hypervisor: String) throws {
        let facts = try facts(dmi(["sys_vendor": vendor, "product_name": model]))
        #expect(facts["kind"] == "vm")
        #expect(facts["hypervisor"]?.text == hypervisor)
    }

    @Test(
        "makers of hypervisors also make real machines",
        arguments: [
            ("Microsoft Corporation", "Surface Pro 7"), ("Amazon EC2", "m5.metal"),
        ])
    func realMachines(vendor: String, model: String) throws {
        #expect(try facts(dmi(["sys_vendor": vendor, "product_name": model]))["kind"] == "physical")
    }

    @Test("the processor's hypervisor flag tells a machine without firmware tables")
    func flag() throws {
        let facts = try facts(["/proc/cpuinfo": "processor : 0\nflags : fpu hypervisor sse\n"])
        #expect(facts["kind"] == "vm")
        #expect(facts["hypervisor"] == "unknown")
    }

    @Test(
        "containers are told by their marks and their control group",
        arguments: [
            (["/run/systemd/container": "lxc\n"], "lxc"), (["/.dockerenv": ""], "docker"),
            (["/run/.containerenv": "x"], "podman"), (["/proc/1/environ": "A=b\0container=oci\0"], "oci"),
            (["/proc/1/cgroup": "4:cpu:/docker/0123\n"], "docker"), (["/proc/1/cgroup": "0::/lxc.payload.a\n"], "lxc"),
            (["/proc/1/cgroup": "0::/kubepods.slice/x\n"], "kubernetes"),
        ])
    func containers(files: [String: String], manager: String) throws {
        let facts = try facts(files.merging(dmi(["sys_vendor": "QEMU"])) { left, _ in left })
        #expect(facts["kind"] == "container")
        #expect(facts["hypervisor"]?.text == manager)
    }

    @Test("an image for containers that is booted as a machine is none")
    func bootedImage() throws {
        let machine = RecordedMachine(text: ["/.dockerenv": ""])
        machine.link("/proc/self/ns/pid", to: "pid:[4026531836]")
        #expect(try facts(machine)["kind"] == "physical")
    }

    @Test("the full name comes from the line of the hosts file that has the short one")
    func fullName() throws {
        let facts = try facts([
            "/proc/sys/kernel/hostname": "web1\n",
            "/etc/hosts": "127.0.0.1 localhost # web1\n\n192.0.2.7\tweb1.example.org web1 # x\n",
            "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
        ])
        #expect(facts["hostname"] == "web1")
        #expect(facts["fqdn"] == "web1.example.org")
        #expect(facts["machine_id"] == "0123456789abcdef0123456789abcdef")
    }

    @Test("hostile files give bounded facts or none")
    func hostile() throws {
        let long = String(repeating: "e\u{301}", count: 20_000)
        let machine = RecordedMachine(
            text: dmi(["sys_vendor": long, "chassis_type": "999999999999"]).merging(["/etc/hosts": long + "\n#\n"]) {
                $1
            })
        machine.write("/sys/class/dmi/id/product_name", [0xff, 0xfe, 0x41, 0x00, 0x42])
        machine.write("/sys/firmware/dmi/tables/DMI", [1, 255, 0, 0])
        let facts = try facts(machine)
        #expect(facts.values.compactMap(\.text).allSatisfy { $0.utf8.count <= Limits.valueBytes })
        #expect(facts["chassis_type"] == nil)
        #expect(facts["kind"] == "physical")
    }
}
