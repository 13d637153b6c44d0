import AgentRuntime
import ArgumentParser
import Terminal

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Read a device over SNMP once and print what it is.")
    @Argument(help: "IPv4 or IPv6 address.") var address: String?
    @Option(
        help: "A recording that answers in the device's place: snmprec, or the text of snmpwalk -On.",
        completion: .file())
    var replay: String?
    @Option(
        help: "Record the device into this file instead, without contact, location and community.", completion: .file())
    var record: String?
    @Flag(help: "Record without serial numbers, too.") var hideSerials = false
    @Option(help: "UDP port, 1 to 65535.") var port = 161
    @Option(
        name: .customLong("snmp-version"),
        help: "SNMP version: 1, 2c or 3; without it 3 when a user is given, else 2c.",
        completion: .list(["1", "2c", "3"]))
    var snmpVersion: String?
    @Option(help: "Community; shows in the list of processes, so prefer the file. Without both: public.")
    var community: String?
    @Option(help: "File with the community, readable by its owner only.", completion: .file())
    var communityFile: String?
    @Option(help: "SNMPv3 user.") var user: String?
    @Option(help: "SNMPv3 context; empty for the default one.") var context = ""
    @Option(
        help: "Authentication of SNMPv3: md5, sha1, sha224, sha256, sha384 or sha512; needs --auth-file.",
        completion: .list(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]))
    var auth: String?
    @Option(help: "File with the passphrase of authentication.", completion: .file()) var authFile: String?
    @Option(
        help: "Privacy of SNMPv3: des, aes128, aes192, aes256 or aes256c (Cisco); needs --priv-file.",
        completion: .list(["des", "aes128", "aes192", "aes256", "aes256c"]))
    var priv: String?
    @Option(help: "File with the passphrase of privacy.", completion: .file()) var privFile: String?
    @Option(help: "Directory of device profiles; without it those of this installation.", completion: .directory)
    var profileDir: String?
    @Option(help: "Seconds to wait for the first answer, 0.05 to 60.") var timeout = 2.0
    @Option(help: "How to write the answer.") var format = ListingFormat.table

    func run() async throws {
        var request = ProbeRequest(address: address)
        request.replay = replay
        request.record = record
        request.hidesSerials = hideSerials
        request.port = port
        request.version = snmpVersion
        request.community = community
        request.communityFile = communityFile
        request.user = user
        request.context = context
        request.authentication = auth
        request.authenticationFile = authFile
        request.privacy = priv
        request.privacyFile = privFile
        request.profileDirectory = profileDir
        request.timeout = timeout
        let asked = address ?? replay ?? "nobody"
        let text = try await withProgress("asking \(asked)") { progress in
            try await request.run(json: format == .json) { requests, rows in
                progress.update("asking \(asked): \(requests) requests, \(rows) rows")
            }
        }
        print(text, terminator: "")
    }
}
