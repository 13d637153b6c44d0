import AgentRuntime
import ArgumentParser

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Read a device over SNMP once and print what it is.")
    @Argument(help: "IPv4 or IPv6 address.") var address: String
    @Option(help: "UDP port.") var port = 161
    @Option(name: .customLong("snmp-version"), help: "1, 2c or 3.") var snmpVersion: String?
    @Option(help: "Community; shows in the list of processes, so prefer the file.") var community: String?
    @Option(help: "File with the community, readable by its owner only.") var communityFile: String?
    @Option(help: "SNMPv3 user.") var user: String?
    @Option(help: "SNMPv3 context.") var context = ""
    @Option(help: "md5, sha1, sha224, sha256, sha384 or sha512.") var auth: String?
    @Option(help: "File with the passphrase of authentication.") var authFile: String?
    @Option(help: "des, aes128, aes192, aes256 or aes256c.") var priv: String?
    @Option(help: "File with the passphrase of privacy.") var privFile: String?
    @Option(help: "Directory of device profiles.") var profileDir: String?
    @Option(help: "Seconds to wait for the first answer.") var timeout = 2.0
    @Option(help: "table or json") var format = ListingFormat.table

    func run() async throws {
        var request = ProbeRequest(address: address)
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
        print(try await request.run(json: format == .json), terminator: "")
    }
}
