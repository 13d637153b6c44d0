import Alarms
import Logging
import Model
import ServiceLifecycle
import Stores

/// Tells the alarm rules four times a day in how many days each file system of a host will be full.
public struct GrowthWatch: Service {
    /// Days until a file system is full, by ``mountPoint``; ``never`` where nothing is foreseen, so that an alarm clears.
    public static let metric = "muster.filesystem.days_to_full"
    /// The attribute that names the file system.
    public static let mountPoint = "system.filesystem.mountpoint"
    /// Ten years: longer than anything that is foreseen.
    public static let never = 3650.0

    private static let (first, pause) = (Duration.seconds(300), Duration.seconds(6 * 3600))

    private let store: any CMDBReading
    private let samples: any SampleStoring & SampleTrendReading
    private let sink: any SampleSink
    private let clock: AlarmClock
    private let logger: Logger

    /// A watch over the hosts of `store`, whose values go to `sink`.
    public init(
        store: any CMDBReading, samples: any SampleStoring & SampleTrendReading, sink: any SampleSink,
        clock: AlarmClock, logger: Logger
    ) {
        self.store = store
        self.samples = samples
        self.sink = sink
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await clock.pause(Self.first)
            while !Task.isCancelled {
                await look()
                await clock.pause(Self.pause)
            }
        }
    }

    /// Looks at every host once.
    func look() async {
        do {
            var after: CIID?
            repeat {
                let query = CIQuery(className: .host, states: [.active], after: after, limit: 500)
                let page = try await store.find(query)
                for host in page where !Task.isCancelled { try await look(at: host.id) }
                after = page.last?.id
            } while after != nil && !Task.isCancelled
        } catch {
            logger.error("growth of file systems not looked at", metadata: ["error": "\(error)"])
        }
    }

    private func look(at host: CIID) async throws {
        let forecasts = try await Self.forecasts(of: host, samples, at: clock.now())
        let values = forecasts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { point, forecast in
            // Tenths of a day are more than a line knows.
            let days = forecast.map { ($0.daysLeft * 10).rounded() / 10 } ?? Self.never
            return Sample(SeriesName(Self.metric, [Self.mountPoint: point]), days)
        }
        guard !values.isEmpty else { return }
        await sink.samplesArrived(ci: host, agent: "", values: values, at: clock.now())
    }

    /// What is foreseen of each file system of a host, by its mount point; nil for one of which nothing is.
    public static func forecasts(
        of host: CIID, _ samples: any SampleStoring & SampleTrendReading, at now: Timestamp
    ) async throws -> [String: FillForecast?] {
        let series = try await samples.series(of: host).filter {
            $0.metric == FillForecast.source && $0.attributes[mountPoint] != nil
        }
        guard !series.isEmpty else { return [:] }
        let from = now.adding(seconds: -Int64(FillForecast.window) * 86_400)
        let means = try await samples.dailyMeans(of: host, series: series, from: from, to: now)
        var found: [String: FillForecast?] = [:]
        for one in series {
            guard let point = one.attributes[mountPoint] else { continue }
            found[point] = .some(FillForecast.make(means[one] ?? [], at: now))
        }
        return found
    }
}
