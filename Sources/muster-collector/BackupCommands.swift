import ArgumentParser
import CollectorRuntime
import Terminal

extension MusterCollector {
    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the running collector write a backup; it holds the fleet's keys.",
            discussion: """
                Asks over the collector's unix socket, as root or as its user. Reports are taken in meanwhile. \
                The backup is a directory that is made, never replaced; the collector's user writes it.
                """)
        @OptionGroup var options: Config
        @Argument(help: "The directory that the backup becomes; it must not exist.", completion: .directory)
        var target: String

        func run() async throws {
            let lines = try await withProgress("backup") { progress in
                try await CollectorCommands.backup(options.config, to: target, progress: progress.bytes)
            }
            for line in lines { print(line) }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a backup in place of an empty state directory; the collector must be stopped.",
            discussion: """
                Every file's SHA-256 and the database are checked before anything gets its place. Cut off, the same \
                command goes on.
                """)
        @OptionGroup var options: Config
        @Option(help: "The directory of the backup.", completion: .directory)
        var from: String

        func run() async throws {
            let lines = try await withProgress("restore") { progress in
                try await CollectorCommands.restore(options.config, from: from, progress: progress.bytes)
            }
            for line in lines { print(line) }
        }
    }
}

extension Progress {
    /// Shows bytes in MiB.
    fileprivate var bytes: CollectorCommands.BackupProgress {
        { step, done, total in self.update(step, done: Int(clamping: done >> 20), total: Int(clamping: total >> 20)) }
    }
}
