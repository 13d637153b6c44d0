import Checks
import Devices
import Model
import SNMP
import ServiceLifecycle

/// Looks at each device at its own interval, measures its interfaces, and reads it whole now and then; which devices there are may
/// change.
struct DeviceService: Service {
    let settings: SettingsBoard
    let client: SNMPClient
    let probe: DeviceProbe
    let reporter: Reporter
    let board: CheckBoard
    let confirmations: Confirmations
    let wants: SectionWants
    let links: LinkBoard
    let news: DeviceNews
    let credentials: CredentialBoard
    private let sensorPlans = SensorPlans()

    init(
        settings: SettingsBoard, client: SNMPClient, probe: DeviceProbe, reporter: Reporter, board: CheckBoard,
        confirmations: Confirmations, wants: SectionWants, links: LinkBoard, news: DeviceNews,
        credentials: CredentialBoard
    ) {
        self.settings = settings
        self.client = client
        self.probe = probe
        self.reporter = reporter
        self.board = board
        self.confirmations = confirmations
        self.wants = wants
        self.links = links
        self.news = news
        self.credentials = credentials
    }

    /// For an answer over ICMP.
    static let echoTime = Duration.seconds(2)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await KeyedWork.run(settings.changes().map(\.devices), mark: { $0 }, ended: changed) { device in
                async let looks: Void = lookRepeatedly(device)
                async let readings: Void = readRepeatedly(device)
                _ = await (looks, readings)
            }
        }
    }

    /// What is not probed any more is told and forgotten.
    private func changed(_ ended: [DeviceSettings], _ probed: [DeviceSettings]) async {
        let names = Set(probed.map(\.name))
        for name in ended.map(\.name) where !names.contains(name) {
            let checks = [DeviceLook.deviceCheck(of: name), DeviceLook.name(of: name)]
            await board.withdraw(checks)
            for check in checks { confirmations.forget(check) }
            wants.forget(device: name)
            await links.forget(device: name)
            sensorPlans.keep(nil, of: name)
            await reporter.left(["probe/\(name)", "metric/device/\(name)"])
        }
        await board.admit(names.flatMap { [DeviceLook.deviceCheck(of: $0), DeviceLook.name(of: $0)] })
        await reporter.keepOnly(devices: names)
    }

    private func lookRepeatedly(_ device: DeviceSettings) async {
        var look = DeviceLook(target: device.name, failures: device.failures)
        let wake = confirmations.signal(for: look.check)
        let probeSignal = wants.signal(device: device.name)
        let clock = ContinuousClock()
        let echo = device.isPinged ? EchoProbe(address: device.target.address) : nil
        var gate = NewsGate()
        var isNews = false
        while !Task.isCancelled {
            let isAsked = confirmations.takeRequest(for: look.check)
            let start = clock.now
            let wasDown = look.failuresInRow > 0
            async let echoed = echo?.ask(within: Self.echoTime)
            let isUnknown = credentials.readable(device) == nil
            let trial = await credentials.ask(device, client)
            let took = clock.now - start
            let echoAnswer = await echoed
            guard !Task.isCancelled else { return }
            let error = trial.error
            credentials.conclude(trial, of: device, isThere: echoAnswer?.isAnswered == true)
            for result in look.results(error, echo: echoAnswer, milliseconds: took.inMilliseconds) {
                await board.take(result, isAsked: isAsked)
            }
            let reachable = DeviceLook.samples(error, snmp: took, echo: echoAnswer)
            if error == nil {
                // What comes back may be another device, or the same one changed.
                if wasDown || isUnknown { probeSignal.raise() }
                await measure(device, with: reachable, readsLinks: isNews)
            } else {
                if isNews { news.tell(device.name) }
                if let error, trial.isRefused || !trial.paused.isEmpty {
                    await reporter.ended([DeviceService.refusal(error, device.name)])
                }
                await reporter.measured(reachable, subject: .device(target: device.name))
            }
            let isUnsure = look.failuresInRow > 0 && look.failuresInRow < device.failures
            let pause = isUnsure ? min(device.pollInterval, .seconds(5)) : device.pollInterval
            let end = max(start + pause * Double.random(in: 0.95...1.05), clock.now + .milliseconds(50))
            isNews = false
            while !isNews, !Task.isCancelled, clock.now < end {
                await wake.wait(atMost: max(min(end, gate.opens ?? end) - clock.now, .milliseconds(10)))
                if confirmations.isRequested(look.check) { break }
                isNews = gate.isOpen(changed: news.take(device.name), at: clock.now)
            }
        }
    }

    /// Counters and links of its interfaces, what cables follow from where that is wanted or a link moved, and what its sensors read;
    /// `reachable` leaves with the values.
    private func measure(_ device: DeviceSettings, with reachable: [Sample], readsLinks: Bool) async {
        let start = ContinuousClock.now
        let target = credentials.target(of: device)
        let (interfaces, receipt) = await probe.counters(client: client, target: target)
        guard !Task.isCancelled else { return }
        // Of a walk that was cut short what is missing is not known to be gone.
        if receipt.isComplete {
            await reporter.happened(await links.polled(interfaces, device: device.name))
        }
        let hasMoved = await links.takeReading(device: device.name, at: start)
        if readsLinks || hasMoved { await readLinks(device) }
        var samples = reachable + DeviceInterface.samples(interfaces)
        var failure = receipt.end.error
        if let plan = sensorPlans.plan(of: device.name), failure == nil {
            let (sensors, receipt) = await probe.sensors(plan, client: client, target: target)
            guard !Task.isCancelled else { return }
            samples += DeviceSensor.samples(sensors)
            failure = receipt.end.error
        }
        await reporter.measured(samples, subject: .device(target: device.name))
        await reporter.ended([
            Receipt(
                source: "metric/device/\(device.name)", outcome: failure == nil ? .success : .failure,
                found: samples.count, milliseconds: (ContinuousClock.now - start).inMilliseconds,
                message: failure?.description ?? "")
        ])
    }

    /// Interfaces, neighbours and forwarding as they are now, for the record: a link moved, and cables with it.
    private func readLinks(_ device: DeviceSettings) async {
        let (reporter, name, address) = (reporter, device.name, device.target.address.description)
        let neighbours = await probe.links(
            client: client, target: credentials.target(of: device), parts: device.parts
        ) { section in
            guard !Task.isCancelled else { return }
            await reporter.found(section, subject: .device(target: name), address: address)
        }
        if let neighbours { await links.connected(neighbours, device: device.name) }
    }

    private func readRepeatedly(_ device: DeviceSettings) async {
        let wake = wants.signal(device: device.name)
        await PeriodicLoop.run(every: device.interval, wake: wake) {
            // The look tries credentials and tells what came of it; a reader that tried as well would double the failures.
            guard let target = credentials.readable(device) else { return }
            let report = await probe.run(client: client, target: target, parts: device.parts)
            guard !Task.isCancelled else { return }
            let address = device.target.address.description
            if report.receipt.complete.contains(.sensors) {
                sensorPlans.keep(report.sensorPlan, of: device.name)
            }
            if report.receipt.complete.contains(.neighbours) {
                await links.connected(report.neighbours, device: device.name)
            }
            for section in report.sections() {
                await reporter.found(section, subject: .device(target: device.name), address: address)
            }
            await reporter.ended([DeviceService.receipt(report, device.name)])
        }
    }

    /// A device that takes no credential is no device that is silent.
    private static func refusal(_ error: SNMPError, _ name: String) -> Receipt {
        Receipt(source: "probe/\(name)", outcome: .failure, found: 0, milliseconds: 0, message: error.description)
    }

    private static func receipt(_ report: DeviceReport, _ name: String) -> Receipt {
        let gone = report.receipt.notAnswered.sorted { $0.key.rawValue < $1.key.rawValue }
        let missing = gone.map { "\($0.key.rawValue): \($0.value)" }.joined(separator: "; ")
        let failure = report.receipt.failure
        return Receipt(
            source: "probe/\(name)", outcome: failure != nil ? .failure : missing.isEmpty ? .success : .truncated,
            found: report.receipt.rows, milliseconds: Int64(min(report.receipt.seconds, 1e6) * 1000),
            message: failure ?? missing)
    }
}
