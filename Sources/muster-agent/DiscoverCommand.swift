import AgentRuntime
import ArgumentParser
import Terminal

struct DiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover", abstract: "Look who is at the addresses of some networks, by SNMP, ICMP, TCP and ARP.",
        discussion: "Every address is asked with all credentials at once, one packet each; a silent one is asked again."
    )
    @Argument(help: "Networks such as 192.0.2.0/24, or addresses.") var networks: [String]
    @Option(
        parsing: .upToNextOption,
        help:
            "How addresses are asked: snmp, icmp, tcp, arp; without it snmp. Those that do not answer it are asked otherwise.",
        completion: .list(["snmp", "icmp", "tcp", "arp"]))
    var methods: [String] = []
    @Option(parsing: .upToNextOption, help: "TCP ports that tcp tries; without it 22, 80 and 443.")
    var tcpPorts: [Int] = []
    @Option(help: "UDP port of SNMP, 1 to 65535.") var port = 161
    @Option(help: "SNMP version of the communities: 1 or 2c.", completion: .list(["1", "2c"]))
    var snmpVersion: String?
    @Option(
        parsing: .upToNextOption,
        help: "Communities; they show in the list of processes, so prefer files. Without any credential: public.")
    var community: [String] = []
    @Option(
        parsing: .upToNextOption, help: "Files with a community each, readable by their owner only.",
        completion: .file())
    var communityFile: [String] = []
    @Option(help: "SNMPv3 user.") var user: String?
    @Option(help: "Authentication of SNMPv3, as for probe; needs --auth-file.") var auth: String?
    @Option(help: "File with the passphrase of authentication.", completion: .file()) var authFile: String?
    @Option(help: "Privacy of SNMPv3, as for probe; needs --priv-file.") var priv: String?
    @Option(help: "File with the passphrase of privacy.", completion: .file()) var privFile: String?
    @Option(help: "Packets a second, 1 to 10000.") var rate = 1000
    @Option(help: "Seconds to wait for the first answer, 0.05 to 60.") var timeout = 0.7
    @Option(help: "How often a silent address is asked again, 0 to 5.") var retries = 1
    @Option(help: "Directory of device profiles; without it those of this installation.", completion: .directory)
    var profileDir: String?
    @Option(help: "How to write the answer.") var format = ListingFormat.table

    func run() async throws {
        var request = DiscoverRequest(networks: networks)
        request.communities = community
        request.communityFiles = communityFile
        request.user.version = snmpVersion
        request.user.user = user
        request.user.authentication = auth
        request.user.authenticationFile = authFile
        request.user.privacy = priv
        request.user.privacyFile = privFile
        request.port = port
        request.methods = methods
        if !tcpPorts.isEmpty { request.tcpPorts = tcpPorts }
        request.rate = rate
        request.timeout = timeout
        request.retries = retries
        request.profileDirectory = profileDir
        let text = try await withProgress("sweeping") { progress in
            try await request.run(json: format == .json) { done, total in
                progress.update("sweeping", done: done, total: total)
            }
        }
        print(text, terminator: "")
    }
}
