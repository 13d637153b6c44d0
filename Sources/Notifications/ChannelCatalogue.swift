import Outbound
import TOML

/// Every kind of channel, by the word that stands for it as `type` in the configuration.
public enum ChannelCatalogue {
    /// One kind: its word, and how its settings become a channel.
    struct Kind: Sendable {
        var type: String
        var make: @Sendable (TOMLTable, String, any OutboundSending) throws(TOMLError) -> any NotificationChannel
    }

    static let kinds: [Kind] = [
        Kind(type: "mail") { table, name, outbound throws(TOMLError) in
            MailChannel(name: name, settings: try MailSettings(from: table), outbound: outbound)
        },
        Kind(type: "webhook") { table, name, outbound throws(TOMLError) in
            WebhookChannel(name: name, settings: try WebhookSettings(from: table), outbound: outbound)
        },
    ]

    /// A channel with what goes through it.
    public struct Entry: Sendable {
        /// What goes through it.
        public var route: ChannelRoute
        /// The channel.
        public var channel: any NotificationChannel
    }

    /// The channels described by `tables` (`[[channel]]`); names must differ.
    /// - Throws: `TOMLError` with file, line and what is accepted.
    public static func channels(
        from tables: [TOMLTable], outbound: any OutboundSending
    ) throws(TOMLError) -> [Entry] {
        var entries: [Entry] = []
        for table in tables {
            let type = try table.requiredWord("type", among: kinds.map(\.type))
            guard let kind = kinds.first(where: { $0.type == type }) else { throw table.missing("type") }
            let route = try ChannelRoute(from: table)
            guard !entries.contains(where: { $0.route.channel == route.channel }) else {
                throw table.refusal("name", found: "\"\(route.channel)\" twice", accepted: "a name of its own")
            }
            entries.append(Entry(route: route, channel: try kind.make(table, route.channel, outbound)))
        }
        return entries
    }
}
