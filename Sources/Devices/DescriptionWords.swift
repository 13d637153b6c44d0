/// What single words of descriptions say, whoever made the device.
enum DescriptionWords {
    /// Whether the word belongs to a maker's name: `Networks`, `Inc.`
    static func isCompany(_ word: some StringProtocol) -> Bool { company.contains(plain(word)) }

    /// Whether the word says what a device is for, not which one it is: `Switch`, `24-port`, `router/switch`.
    static func isGeneric(_ word: some StringProtocol) -> Bool {
        let word = plain(word)
        if generic.contains(word) { return true }
        let parts = word.split { $0 == "-" || $0 == "/" }
        return parts.count > 1
            && parts.allSatisfy { part in
                generic.contains(String(part)) || units.contains(String(part))
                    || part.utf8.allSatisfy(VersionWord.isDigit)
            }
    }

    /// Whether what follows is no longer about the model: `Version`, `Copyright`, `running`.
    static func endsModel(_ word: some StringProtocol) -> Bool { stops.contains(plain(word)) }

    /// Whether a version behind the word is of something else than the device's software: `Hardware Version 2.0`.
    static func isOtherPart(_ word: some StringProtocol) -> Bool { otherParts.contains(plain(word)) }

    /// Whether the description is that of a host, which tells its operating system, its name and its kernel.
    static func isHost(_ description: String) -> Bool {
        description.split(separator: " ").first.map { hosts.contains(plain($0)) } ?? false
    }

    /// Whether the word is an operating system of hosts, or its kernel.
    static func isHostSystem(_ word: some StringProtocol) -> Bool {
        hosts.contains(plain(word)) || plain(word) == "kernel"
    }

    /// Letters and digits in lower case: `TRIPPLITE` and `Tripp Lite` are one.
    static func squashed(_ text: some StringProtocol) -> String {
        String(
            decoding: text.lowercased().utf8.filter { VersionWord.isDigit($0) || (97...122).contains($0) },
            as: UTF8.self)
    }

    /// In lower case, without the stop behind it.
    private static func plain(_ word: some StringProtocol) -> String {
        var word = word.lowercased()
        while let last = word.last, ".:,=".contains(last) { word.removeLast() }
        return word
    }

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map { String($0) }) }

    private static let company = set(
        "networks network networking inc corp corporation co co.,ltd ltd limited systems technologies technology electronics "
            + "communications gmbh ab llc oy a/s company emc instruments")

    private static let generic = set(
        "switch switches router routers firewall gateway device series ups pdu controller point wireless ethernet managed "
            + "cloud gigabit network camera bridge multipoint application appliance service delivery printer station "
            + "routing layer smart web snmp card management adapter agent system module rack unit server industrial fast ip "
            + "l2 l3 poe access base stackable fibre fiber channel internet product products platform enterprise "
            + "intelligent monitoring monitor sensor power supply storage array print enclosure embedded remote the a an of "
            + "and family model security services unified http smartpro multiservice multilayer core distribution panel clock "
            + "codec modem terminal hardware lan wan manager high-density 10g 40g 100g operating")

    private static let units = set("port ports slot slots bit")

    private static let stops = set(
        "version firmware fw rev revision ver hw sw release rel software sn s/n serial running with by compiled copyright "
            + "attached build bios rom boot bootrom id mac uptime for from on is linux kernel")

    private static let otherParts = set(
        "hw hardware boot bootrom bios rom bootloader kernel mib snmp protocol api agent loader linux fpga cpld")

    private static let hosts = set("linux windows freebsd sunos darwin openbsd netbsd hp-ux hardware")
}
