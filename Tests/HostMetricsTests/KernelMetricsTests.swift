import LinuxSystem
import Model
import Testing

@testable import HostMetrics

@Suite("Metrics of the kernel's own counters") struct KernelMetricsTests {
    private func values(_ metric: some HostMetric, _ files: [String: String]) throws -> [String: Double] {
        var metric = metric
        let reading = try RecordedFiles(files).with { try metric.read($0) }
        return reading.samples.reduce(into: [:]) { values, sample in
            let attributes = sample.series.attributes.sorted { $0.key < $1.key }.map(\.value)
            values[([sample.series.metric] + attributes).joined(separator: "|")] = sample.value
        }
    }

    private static let disks = """
           8       0 sda 100 1 8 2500 200 2 16 5000 0 7000 7500 0 0 0 0
           8       1 sda1 100 1 8 2500 200 2 16 5000 0 7000 7500
         253       0 dm-0 1 0 8 1 1 0 8 1 0 1 1
           7       0 loop0 5 0 8 1 0 0 0 0 0 1 1
           8      16 sdb 0 0 0 0 0 0 0 0 0 0 0
         104       0 cciss/c0d0 3 0 2 1 0 0 0 0 0 4 1

        """

    @Test("of disks those count that are not made of others and have done something")
    func disks() throws {
        let found = try values(
            DisksMetric(),
            [
                "/proc/diskstats": Self.disks, "/sys/block/sda/size": "1", "/sys/block/dm-0/slaves/sda": "",
                "/sys/block/loop0/size": "1", "/sys/block/sdb/size": "1", "/sys/block/cciss!c0d0/size": "1",
            ])
        #expect(found["system.disk.io|read|sda"] == 4096)
        #expect(found["system.disk.io|write|sda"] == 8192)
        #expect(found["system.disk.operations|write|sda"] == 200)
        #expect(found["system.disk.operation_time|write|sda"] == 5)
        #expect(found["system.disk.io_time|sda"] == 7)
        #expect(found["system.disk.operations|read|cciss/c0d0"] == 3)
        #expect(found.count == 14)
    }

    @Test("lines of disks that are short, wild or overflow are left out")
    func disksOdd() throws {
        for line in [
            "8 0 sda 1 2 3", "8 0 sda 1 0 18446744073709551615 1 1 0 1 1 0 1 1", "8 0 sda -1 0 1 1 1 0 1 1 0 1 1",
            "8 0 sda a b c d e f g h i j k", "",
        ] {
            #expect(try values(DisksMetric(), ["/proc/diskstats": line + "\n", "/sys/block/sda/size": "1"]).isEmpty)
        }
    }

    @Test("pressure is a share of time and a time, in total at least for some")
    func pressure() throws {
        let some = "some avg10=1.00 avg60=12.50 avg300=0.10 total=2500000\n"
        let full = "full avg10=0.00 avg60=0.50 avg300=0.00 total=1000000\n"
        var files = [
            "/proc/pressure/cpu": some + full, "/proc/pressure/memory": some + full, "/proc/pressure/io": some,
        ]
        let found = try values(PressureMetric(), files)
        #expect(found["system.linux.pressure.utilization|some|cpu"] == 0.125)
        #expect(found["system.linux.pressure.time|some|cpu"] == 2.5)
        #expect(found["system.linux.pressure.time|full|cpu"] == nil)
        #expect(found["system.linux.pressure.utilization|full|memory"] == 0.005)
        #expect(found["system.linux.pressure.time|full|io"] == nil)
        for text in ["", "some\n", "some avg60=x total=1\n", "some avg60=1.0\n", "full avg60=1.0 total=1\n"] {
            files["/proc/pressure/io"] = text
            #expect(throws: HostMetricError.self) { try values(PressureMetric(), files) }
        }
    }

    @Test("TCP's counters are read by name, whatever their order; what a kernel does not count is left out")
    func tcp() throws {
        let snmp = """
            Ip: Forwarding DefaultTTL
            Ip: 1 64
            Tcp: MaxConn CurrEstab RetransSegs InSegs OutSegs EstabResets
            Tcp: -1 7 5 100 90 2

            """
        let found = try values(
            TCPMetric(),
            [
                "/proc/net/snmp": snmp, "/proc/net/sockstat": "sockets: used 5\nTCP: inuse 5 orphan 0 tw 3 alloc\n",
                "/proc/net/netstat": "TcpExt: A ListenOverflows\nTcpExt: 1 4\nIpExt: A\nIpExt: 2\n",
            ])
        #expect(found["system.network.connection.count|established|tcp"] == 7)
        #expect(found["system.network.connection.count|time_wait|tcp"] == 3)
        #expect(found["system.linux.tcp.segments|receive"] == 100)
        #expect(found["system.linux.tcp.retransmits"] == 5)
        #expect(found["system.linux.tcp.listen.overflows"] == 4)
        #expect(try values(TCPMetric(), ["/proc/net/snmp": snmp]).count == 5)
        for text in ["", "Tcp: CurrEstab\n", "Tcp: CurrEstab\nTcp: x\n", "Tcp:\nTcp:\n"] {
            #expect(throws: HostMetricError.self) { try values(TCPMetric(), ["/proc/net/snmp": text]) }
        }
    }

    @Test("limits are shares of what the kernel allows; those it does not tell are left out")
    func limits() throws {
        let found = try values(
            LimitsMetric(),
            [
                "/proc/sys/fs/file-nr": "500\t0\t1000\n", "/proc/loadavg": "0.1 0.1 0.1 2/300 77\n",
                "/proc/sys/kernel/threads-max": "3000\n", "/proc/sys/kernel/pid_max": "1200\n",
                "/proc/sys/net/netfilter/nf_conntrack_count": "9", "/proc/sys/net/netfilter/nf_conntrack_max": "0",
            ])
        #expect(
            found == [
                "system.linux.limit.utilization|open_files": 0.5, "system.linux.limit.utilization|tasks": 0.25,
            ])
    }

    @Test("processes are counted, and those that run or wait for a disk")
    func processes() throws {
        let found = try values(
            ProcessesMetric(),
            [
                "/proc/stat": "cpu 1 2 3 4\nprocesses 99\nprocs_running 2\nprocs_blocked 1\n", "/proc/1/stat": "",
                "/proc/20/stat": "", "/proc/2x/stat": "",
            ])
        #expect(
            found == [
                "system.process.count": 2, "system.process.count|running": 2, "system.process.count|blocked": 1,
                "system.process.created": 99,
            ])
    }

    @Test("pages from and to swap space are counted where the kernel tells")
    func paging() throws {
        let found = try values(PagingMetric(), ["/proc/vmstat": "nr_x 1\npswpin 3\npgmajfault 8\n"])
        #expect(found == ["system.paging.faults|major": 8, "system.paging.operations|in": 3])
        #expect(throws: HostMetricError.self) { try values(PagingMetric(), ["/proc/vmstat": "pswpin 3\n"]) }
    }

    @Test("what the helper says of the clock is read as it was written, and nothing else is")
    func clockRecord() {
        for state in [
            ClockState(isSynchronized: true, offset: -1.5e-07, maximumError: 0.0425),
            ClockState(isSynchronized: false, offset: 0, maximumError: 16),
        ] { #expect(ClockState(record: state.record) == state) }
        for wrong in ["", "1 0 0", "2 0 0\n", "1 0\n", "1 0 0 0\n", "1 nan 0\n", "1 0 inf\n", "1 0 x\n", "\u{0}\n"] {
            #expect(ClockState(record: Array(wrong.utf8)) == nil, "\(wrong)")
        }
    }

    @Test("of a clock that nothing keeps right no error is told")
    func clock() {
        let kept = ClockState(isSynchronized: true, offset: -0.25, maximumError: 0.5)
        #expect(ClockMetric.samples(kept).map(\.value) == [1, -0.25, 0.5])
        let loose = ClockState(isSynchronized: false, offset: 0, maximumError: 16)
        #expect(ClockMetric.samples(loose) == [Sample(SeriesName("system.linux.clock.synchronized"), 0)])
    }

    @Test("sensors are told by chip, device and input; what cannot be a value is left out")
    func sensors() throws {
        let chip = "/sys/class/hwmon/hwmon0/"
        let found = try values(
            SensorsMetric(),
            [
                chip + "name": "k10temp\n", chip + "temp1_input": "45500\n", chip + "temp1_label": "Tctl\n",
                chip + "temp1_crit": "95000\n", chip + "temp2_input": "-128000\n", chip + "temp3_input": "x\n",
                chip + "temp4_input": "40000\n", chip + "temp4_fault": "1\n", chip + "fan1_input": "900\n",
                chip + "in0_input": "1100\n", chip + "curr1_input": "2500\n", chip + "power1_average": "65000000\n",
                chip + "intrusion0_alarm": "0\n", chip + "temp_input": "1\n", chip + "temp5_max": "90000\n",
            ])
        #expect(
            found == [
                "hw.temperature|k10temp/temp1|Tctl": 45.5, "hw.temperature.limit|k10temp/temp1|high.critical|Tctl": 95,
                "hw.fan.speed|k10temp/fan1": 900, "hw.voltage|k10temp/in0": 1.1, "hw.current|k10temp/curr1": 2.5,
                "hw.power|k10temp/power1": 65,
            ])
    }

    @Test("thermal zones speak where no chip has a temperature")
    func zones() throws {
        let zone = "/sys/class/thermal/thermal_zone0/"
        let files = [
            zone + "type": "cpu-thermal\n", zone + "temp": "51000\n", "/sys/class/thermal/cooling_device0/type": "x",
        ]
        #expect(try values(SensorsMetric(), files) == ["hw.temperature|thermal_zone0|cpu-thermal": 51])
        #expect(try values(SensorsMetric(), [zone + "temp": "999999999\n"]).isEmpty)
    }

    @Test("OpenMetrics has each family once, with its unit, and ends as the format asks")
    func openMetrics() {
        let text = OpenMetrics.text([
            Sample(SeriesName("system.disk.io", ["system.device": "a\"b\\\n", "disk.io.direction": "read"]), 5),
            Sample(SeriesName("system.uptime"), 1.5), Sample(SeriesName("unknown.metric"), 1),
            Sample(SeriesName("system.disk.io", ["system.device": "c", "disk.io.direction": "read"]), 6),
        ])
        #expect(
            text == """
                # TYPE system_disk_io_bytes counter
                # UNIT system_disk_io_bytes bytes
                # HELP system_disk_io_bytes Bytes read from and written to a disk.
                system_disk_io_bytes_total{disk_io_direction="read",system_device="a\\"b\\\\\\n"} 5.0
                system_disk_io_bytes_total{disk_io_direction="read",system_device="c"} 6.0
                # TYPE system_uptime_seconds gauge
                # UNIT system_uptime_seconds seconds
                # HELP system_uptime_seconds Time since the machine started.
                system_uptime_seconds 1.5
                # EOF

                """)
    }

    @Test("no two families have the same name in OpenMetrics")
    func names() {
        let names = MetricFamilies.all.map(OpenMetrics.name)
        #expect(Set(names).count == names.count)
    }
}
