import LinuxSystem

extension Attributes {
    /// How the system is set up and what it was started with.
    mutating func systemState(_ root: SystemRoot) {
        text("timezone", timeZone(root))
        text("locale", locale(root))
        text(
            "keyboard",
            setting("XKBLAYOUT", "/etc/default/keyboard", root) ?? setting("KEYMAP", "/etc/vconsole.conf", root))
        text("kernel_command_line", root.line("/proc/cmdline"))
        text("boot_time", try? LoginRecord.all(root).last { $0.kind == .boot }?.time.rfc3339)
        text("init", initSystem(root))
        text("clock_source", root.line("/sys/devices/system/clocksource/clocksource0/current_clocksource"))
        let modules = root.line("/sys/kernel/security/lsm")?.split(separator: ",").prefix(32).map(String.init) ?? []
        list("security_modules", modules)
        if let mode = root.line("/sys/fs/selinux/enforce") { text("selinux", mode == "1" ? "enforcing" : "permissive") }
        if let enabled = root.line("/sys/module/apparmor/parameters/enabled") { flag("apparmor", enabled == "Y") }
        if let mode = root.line("/proc/sys/crypto/fips_enabled") { flag("fips", mode == "1") }
        if let taint = root.number("/proc/sys/kernel/tainted") { number("kernel_taint", taint == 0 ? nil : taint) }
        updates(root)
    }

    /// What waits for a restart or to be installed, where the distribution leaves word of it.
    private mutating func updates(_ root: SystemRoot) {
        let marks = ["/run/reboot-required", "/var/run/reboot-required", "/run/reboot-needed"]
        let isDebian = root.exists("/var/lib/dpkg/status")
        if marks.contains(where: root.exists) {
            flag("reboot_required", true)
        } else if isDebian {
            flag("reboot_required", false)
        }
        if let content = try? root.content("/run/reboot-required.pkgs", limit: 1 << 20) {
            list("reboot_packages", content.lines.prefix(1000).map(\.trimmed.string))
        }
        guard let content = try? root.content("/var/lib/update-notifier/updates-available", limit: 65_536) else {
            return
        }
        // `12 updates can be applied immediately.` and `3 of these updates are standard security updates.`
        for line in content.lines.prefix(50) {
            let fields = line.fields
            guard let count = fields.first?.number else { continue }
            if fields.contains(where: { $0 == "security" }) {
                number("security_updates", count)
            } else if fields.dropFirst().first?.hasPrefix("update") ?? false {
                number("pending_updates", count)
            }
        }
    }
}

/// `Europe/Berlin`: from where /etc/localtime points to, else as Debian writes it.
private func timeZone(_ root: SystemRoot) -> String? {
    if let target = root.link("/etc/localtime") {
        let parts = target.split(separator: "/")
        if let place = parts.lastIndex(of: "zoneinfo"), place + 1 < parts.count {
            return parts[(place + 1)...].joined(separator: "/")
        }
    }
    return root.line("/etc/timezone")
}

private func locale(_ root: SystemRoot) -> String? {
    ["/etc/locale.conf", "/etc/default/locale", "/etc/sysconfig/i18n"].lazy.compactMap { setting("LANG", $0, root) }
        .first
}

/// A value of a file of shell assignments.
private func setting(_ name: String, _ path: String, _ root: SystemRoot) -> String? {
    guard let content = try? root.content(path, limit: 65_536) else { return nil }
    return OSRelease(content).fields[name].flatMap { $0.isEmpty ? nil : $0 }
}

private func initSystem(_ root: SystemRoot) -> String? {
    if root.exists("/run/systemd/system") { return "systemd" }
    if root.exists("/run/openrc") { return "openrc" }
    return root.line("/proc/1/comm")
}
