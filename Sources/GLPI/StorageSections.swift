import Model

/// Where data lies.
extension SectionReader {
    /// Disks; sizes in millions of bytes there.
    static let disks = SectionReader(.disks, each: "storages") { facts, _ in
        facts.number("size_bytes", "disksize", times: 1_000_000)
        facts.text("model", "model")
        facts.text("vendor", "manufacturer") { $0.hasPrefix("(") ? nil : $0 }
        facts.text("serial", "serial", "serialnumber")
        facts.text("wwn", "wwn")
        facts.text("firmware", "firmware")
        facts.text("transport", "interface", "description") { word in
            let known = ["ata", "fc", "ide", "iscsi", "mmc", "nvme", "pata", "sas", "sata", "scsi", "usb", "virtio"]
            return known.contains(word.lowercased()) ? word.lowercased() : nil
        }
        if (facts.record.text("type") ?? "").lowercased().contains("removable") { facts.set("removable", true) }
        return facts.record.text("name") ?? facts.record.text("serial") ?? facts.record.text("model")
    }

    /// File systems, by drive letter or mount point; sizes in MiB there.
    static let filesystems = SectionReader(.filesystems, each: "drives") { facts, _ in
        let type = facts.record.text("type") ?? ""
        let isMountPoint = type.utf8.first == UInt8(ascii: "/")
        if isMountPoint { facts.text("device", "volumn") }
        facts.text("type", "filesystem")
        facts.number("size_bytes", "total", times: 1 << 20)
        facts.text("label", "label")
        facts.text("serial", "serial")
        facts.text("kind", "type") { $0.utf8.first == UInt8(ascii: "/") ? nil : $0 }
        facts.flag("is_encrypted", "encrypt_status")
        facts.text("encryption", "encrypt_name")
        return facts.record.text("letter") ?? (isMountPoint ? type : nil)
            ?? facts.record.first("label", "volumn", "serial")
    }

    /// Logical volumes of LVM, by the names the device mapper gives them; sizes in MiB there.
    static let volumes = SectionReader(.volumes, ["logical_volumes"]) { content in
        var groups: [String: String] = [:]
        for group in content.record.objects("volume_groups").records {
            if let id = group.text("vg_uuid"), let name = group.text("vg_name") { groups[id] = name }
        }
        let names = groups
        return SectionReader(.volumes, each: "logical_volumes") { facts, _ in
            let group = facts.record.text("vg_uuid").flatMap { names[$0] }
            facts.text("logical_volume", "lv_name")
            facts.set("volume_group", group.map { .text($0) })
            facts.set("type", "lvm")
            facts.text("uuid", "lv_uuid")
            facts.number("size_bytes", "size", times: 1 << 20)
            guard let volume = facts.record.text("lv_name") else { return nil }
            let escaped = [group, volume].compactMap { $0?.split(separator: "-", omittingEmptySubsequences: false) }
            return escaped.map { $0.joined(separator: "--") }.joined(separator: "-")
        }.read(content)
    }
}
