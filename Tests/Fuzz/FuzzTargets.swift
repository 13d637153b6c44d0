import AgentRuntime
import Checks
import Devices
import Dispatch
import FoundationEssentials
import GLPI
import Inventory
import LinuxSystem
import Model
import TOML
import Wire

/// Every target. One more parser is one more line, and a directory with inputs that it takes.
enum FuzzTargets {
    static let all: [FuzzTarget] = wire + agent + checks + devices + texts + kernel + machine

    /// What agents, GLPI agents and administrators send.
    private static let wire = [
        FuzzTarget("batch") { bytes in
            guard let batch = try? Batch(decoding: bytes) else { return }
            for frame in batch.frames { _ = try? ReportCodec.decode(frame) }
        },
        FuzzTarget("report") { bytes in
            guard let kind = bytes.first else { return }
            let frame = Frame(
                sequence: 1, claimedTime: Timestamp(seconds: 1), kind: kind, payload: Array(bytes.dropFirst()))
            _ = try? ReportCodec.decode(frame)
        },
        FuzzTarget("gzip") { _ = try? Gzip.decompress($0, limit: 1 << 20) },
        FuzzTarget("glpi") { _ = try? GLPIMessage.read($0) },
        // What comes to the agents' port: batches packed, everything else as JSON.
        FuzzTarget("agent-body") { bytes in
            guard let body = try? Gzip.decompress(bytes, limit: 1 << 20), let batch = try? Batch(decoding: body) else {
                return
            }
            for frame in batch.frames { _ = try? ReportCodec.decode(frame) }
        },
        FuzzTarget("agent-json") { bytes in
            guard (try? JSONGuard.check(bytes, maximumValueBytes: 64 << 10)) != nil else { return }
            let (decoder, data) = (JSONDecoder(), Data(bytes))
            _ = try? decoder.decode(EnrolRequest.self, from: data)
            _ = try? decoder.decode(RenewRequest.self, from: data)
            // And what the collector answers.
            _ = try? decoder.decode(AgentAnswer.self, from: data)
            _ = try? decoder.decode(WantsAnswer.self, from: data)
        },
        FuzzTarget("join-token") { _ = JoinToken(String(decoding: $0, as: UTF8.self)) },
    ]

    /// The agent's own files, as a failing disk or a power cut leaves them.
    private static let agent = [
        FuzzTarget("spool-segment") { bytes in
            let epoch = if case .good(let head) = SpoolSegmentHeader.read(bytes) { head.epoch } else { UInt64(1) }
            _ = SpoolSegmentScan(bytes, epoch: epoch)
        },
        FuzzTarget("spool-books") { _ = SpoolPosition.decode($0) },
        FuzzTarget("agent-toml") { bytes in
            guard let table = try? TOMLDocument.parse(bytes: bytes, file: "agent.toml") else { return }
            _ = try? AgentConfiguration.decode(table)
        },
        // From the network or kept: read, laid over a configuration, and told.
        FuzzTarget("policy") { bytes in _ = PolicyReading(bytes) },
        FuzzTarget("policy-toml") { bytes in
            guard let table = try? TOMLDocument.parse(bytes: bytes, file: "policy.toml") else { return }
            _ = try? PolicyBounds(table)
        },
    ]

    /// What servers and plug-ins answer to checks.
    private static let checks = [
        FuzzTarget("dns-answer") { bytes in
            for type in DNSRecordType.allCases {
                guard let question = DNSQuestion("shop.example", type, id: 0x1234) else { return }
                _ = question.isAnswered(by: bytes)
                _ = DNSAnswer(bytes, to: question)
            }
        },
        FuzzTarget("time-answer") { bytes in _ = try? TimePacket(token: 0x0102_0304_0506_0708).answer(bytes) },
        FuzzTarget("echo-answer") { bytes in
            let token = Array(UInt8(0)..<16)
            for (isRaw, isIPv6) in [(true, false), (false, false), (false, true)] {
                _ = EchoSocket.isAnswer(bytes[...], to: 1, token: token, isRaw: isRaw, isIPv6: isIPv6)
            }
        },
        FuzzTarget("plugin-output") { _ = PluginOutput($0) },
    ]

    /// What the kernel, controllers and smartctl answer.
    private static let kernel = [
        FuzzTarget("neighbour-discovery") { _ = NeighbourEntry.all(in: $0) },
        FuzzTarget("nl80211") { bytes in
            _ = WirelessInterface.family(in: bytes)
            _ = WirelessInterface.all(in: bytes)
        },
        FuzzTarget("nftables") { _ = PacketFilter.all(in: $0) },
        FuzzTarget("ipmi") { _ = IPMITranscript(record: $0).map(BMCSource.items) },
        FuzzTarget("smart") { _ = SMARTHealth.all(in: $0) },
    ]

    /// What devices answer, through every reader that a probe has.
    private static let devices = [
        FuzzTarget("device") { bytes in
            let session = RecordedSession(RecordedWalk(bytes), limit: 10_000)
            let isRead = DispatchSemaphore(value: 0)
            Task.detached {
                let report = await DeviceProbe(profiles: profiles).run(session)
                _ = report.table()
                _ = try? report.json()
                isRead.signal()
            }
            isRead.wait()
        }
    ]

    private static let profiles = (try? DeviceProfiles(directory: "agent-config/profiles")) ?? DeviceProfiles()

    /// Texts that people write.
    private static let texts = [
        FuzzTarget("profile") { bytes in
            guard let table = try? TOMLDocument.parse(bytes: bytes, file: "profile.toml") else { return }
            _ = try? DeviceProfile(table)
        },
        FuzzTarget("template") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let template = try? TextTemplate(text, accepting: ["a", "b"]) else { return }
            let filled = template.filled(with: ["a": text, "b": "b"])
            _ = template.values(in: filled)
            _ = template.values(in: text)
        },
        FuzzTarget("address") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = IPNetwork(text)?.host(at: 3)
            _ = MACAddress(text)
            _ = OID(text)
            _ = Timestamp(rfc3339: text)
        },
    ]

    /// Files of a machine, through the sources and metrics that read them.
    private static let machine = [
        RecordedTree(
            input: "/proc/cpuinfo", sources: [CPUSource.self, ProcessorsSource.self], metrics: ["cpu"]
        ).target("cpuinfo"),
        RecordedTree(input: "/proc/meminfo", sources: [MemorySource.self], metrics: ["memory"]).target("meminfo"),
        RecordedTree(input: "/proc/stat", metrics: ["cpu", "paging"]).target("stat"),
        RecordedTree(input: "/proc/net/dev", metrics: ["interfaces"]).target("net-dev"),
        RecordedTree(input: "/proc/net/snmp", metrics: ["tcp"]).target("net-snmp"),
        RecordedTree(input: "/proc/diskstats", metrics: ["disks"]).target("diskstats"),
        RecordedTree(
            files: ["/proc/1/comm": "init\n"], input: "/proc/self/mountinfo", sources: [FilesystemsSource.self],
            metrics: ["filesystems"]
        ).target("mountinfo"),
        RecordedTree(
            files: [
                "/sys/block/md0/size": "2048\n", "/sys/block/md0/md/level": "raid1\n",
                "/sys/block/md0/md/array_state": "clean\n",
            ], input: "/proc/mdstat", sources: [RAIDsSource.self]
        ).target("mdstat"),
        RecordedTree(input: "/proc/net/route", sources: [RoutesSource.self]).target("route"),
        RecordedTree(input: "/proc/net/ipv6_route", sources: [RoutesSource.self]).target("ipv6-route"),
        RecordedTree(input: "/proc/net/arp", sources: [ARPSource.self]).target("arp"),
        RecordedTree(
            files: ["/etc/ufw/ufw.conf": "ENABLED=yes\n"], input: "/etc/default/ufw", sources: [FirewallSource.self]
        ).target("ufw"),
        RecordedTree(input: "/proc/swaps", sources: [SwapsSource.self]).target("swaps"),
        RecordedTree(input: "/proc/bus/input/devices", sources: [InputSource.self]).target("input-devices"),
        RecordedTree(
            files: ["/sys/firmware/dmi/tables/smbios_entry_point": ""], input: "/sys/firmware/dmi/tables/DMI",
            sources: [SystemSource.self, MemoryModulesSource.self, SlotsSource.self, PortsSource.self]
        ).target("smbios"),
        RecordedTree(
            files: ["/sys/class/drm/card0-HDMI-A-1/status": "connected\n"],
            input: "/sys/class/drm/card0-HDMI-A-1/edid", sources: [MonitorsSource.self]
        ).target("edid"),
        RecordedTree(input: "/etc/os-release", sources: [OSSource.self]).target("os-release"),
        RecordedTree(input: "/etc/passwd", sources: [UsersSource.self]).target("passwd"),
        RecordedTree(input: "/etc/crontab", sources: [JobsSource.self]).target("crontab"),
        RecordedTree(input: "/run/utmp", sources: [LoginsSource.self]).target("utmp"),
        RecordedTree(input: "/etc/resolv.conf", sources: [NetworkSource.self]).target("resolv-conf"),
        RecordedTree(input: "/etc/cups/printers.conf", sources: [PrintersSource.self]).target("printers-conf"),
        RecordedTree(
            files: ["/etc/systemd/system/b.timer": "[Timer]\nOnCalendar=daily\n"],
            input: "/etc/systemd/system/a.service", sources: [UnitsSource.self, JobsSource.self]
        ).target("unit"),
        RecordedTree(input: "/etc/ssl/certs/a.pem", sources: [CertificatesSource.self]).target("certificate"),
        RecordedTree(input: "/var/lib/dpkg/status", sources: [PackagesSource.self]).target("dpkg"),
        RecordedTree(input: "/var/lib/rpm/rpmdb.sqlite", sources: [PackagesSource.self]).target("rpm"),
        RecordedTree(input: "/usr/lib/apk/db/installed", sources: [PackagesSource.self]).target("apk"),
        RecordedTree(input: "/var/lib/pacman/local/a-1-1/desc", sources: [PackagesSource.self]).target("pacman"),
        RecordedTree(
            input: "/usr/lib/python3/dist-packages/a-1.dist-info/METADATA", sources: [PackagesSource.self]
        ).target("python"),
        RecordedTree(input: "/usr/lib/node_modules/a/package.json", sources: [PackagesSource.self]).target("npm"),
        RecordedTree(input: "/usr/share/java/a.jar", sources: [PackagesSource.self]).target("jar"),
    ]
}
