import Devices
import Model
import SNMP
import ServiceLifecycle

/// Looks at each device at its own interval, measures its interfaces, and reads it whole now and then.
struct DeviceService: Service {
    let devices: [DeviceSettings]
    let client: SNMPClient
    let probe: DeviceProbe
    let reporter: Reporter
    let board: CheckBoard
    let confirmations: Confirmations
    let wants: SectionWants

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for device in devices {
                    group.addTask { await lookRepeatedly(device) }
                    group.addTask { await readRepeatedly(device) }
                }
                group.addTask { try? await Task.sleep(for: .seconds(366 * 86_400)) }
                await group.next()
            }
        }
    }

    private func lookRepeatedly(_ device: DeviceSettings) async {
        var look = DeviceLook(target: device.name, failures: device.failures)
        let wake = confirmations.signal(for: look.check)
        let probeSignal = wants.signal(device: device.name)
        let clock = ContinuousClock()
        while !Task.isCancelled {
            let isAsked = confirmations.takeRequest(for: look.check)
            let start = clock.now
            let wasDown = look.failuresInRow > 0
            let error = await answer(device)
            guard !Task.isCancelled else { return }
            await board.take(
                look.result(error, milliseconds: (clock.now - start).inMilliseconds), isAsked: isAsked)
            if error == nil {
                // What comes back may be another device, or the same one changed.
                if wasDown { probeSignal.raise() }
                await measure(device)
            }
            let isUnsure = look.failuresInRow > 0 && look.failuresInRow < device.failures
            let pause = isUnsure ? min(device.pollInterval, .seconds(5)) : device.pollInterval
            await wake.wait(atMost: max(start + pause * Double.random(in: 0.95...1.05) - clock.now, .milliseconds(50)))
        }
    }

    /// Whether it answers for sysUpTime (SNMPv2-MIB); nil when it does.
    private func answer(_ device: DeviceSettings) async -> SNMPError? {
        do throws(SNMPError) {
            _ = try await client.get([[1, 3, 6, 1, 2, 1, 1, 3, 0]], from: device.target)
            return nil
        } catch { return error }
    }

    private func measure(_ device: DeviceSettings) async {
        let (samples, receipt) = await probe.counters(client: client, target: device.target)
        guard !Task.isCancelled else { return }
        await reporter.measured(samples, subject: .device(target: device.name))
        let error = receipt.end.error
        await reporter.ended([
            Receipt(
                source: "metric/device/\(device.name)", outcome: error == nil ? .success : .failure,
                found: samples.count, milliseconds: Int64(receipt.seconds * 1000), message: error?.description ?? "")
        ])
    }

    private func readRepeatedly(_ device: DeviceSettings) async {
        let wake = wants.signal(device: device.name)
        await PeriodicLoop.run(every: device.interval, wake: wake) {
            let report = await probe.run(client: client, target: device.target, parts: device.parts)
            guard !Task.isCancelled else { return }
            let address = device.target.address.description
            for section in report.sections() {
                await reporter.found(section, subject: .device(target: device.name), address: address)
            }
            await reporter.ended([DeviceService.receipt(report, device.name)])
        }
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
