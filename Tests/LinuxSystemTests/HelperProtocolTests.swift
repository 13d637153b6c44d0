import LinuxSystem
import Testing

@Suite("The helper's protocol") struct HelperProtocolTests {
    @Test("each verb is one word and a newline; anything else is no request", arguments: HelperVerb.allCases)
    func verbs(verb: HelperVerb) {
        #expect(HelperVerb(request: verb.request) == verb)
        #expect(verb.request.count <= HelperVerb.requestBytes)
        for wrong in [
            "\(verb.rawValue)", "\(verb.rawValue)\n\n", "\(verb.rawValue) /etc/shadow\n", " \(verb.rawValue)\n",
        ] {
            #expect(HelperVerb(request: Array(wrong.utf8)) == nil, "\(wrong)")
        }
        #expect(HelperVerb(request: Array("\(verb.rawValue.uppercased())\n".utf8)) == nil)
        #expect(HelperVerb(request: []) == nil)
    }

    @Test("processes come back as they were sent, names with spaces and newlines too")
    func records() {
        let processes = [
            HelperProcess(pid: 1, executable: "/sbin/init", inodes: [7, UInt64.max]),
            HelperProcess(pid: 42, executable: "/srv/a b\nc,1", inodes: []), HelperProcess(pid: 43, executable: nil),
        ]
        #expect(HelperProcess.list(processes.flatMap(\.record)) == processes)
        #expect(HelperProcess.list([]) == [])
    }

    @Test(
        "a list that is not one is refused whole",
        arguments: [
            "1 2 /bin/x", "1 /bin/x\0", "0 1 /bin/x\0", "-4 1 /bin/x\0", "x 1 /bin/x\0", "1 1,,2 /bin/x\0",
            "1 18446744073709551616 /bin/x\0", "99999999999999999999 1 /bin/x\0", "1 1 bin/x\0", "\0",
            "1 2 /bin/x\0junk",
        ])
    func brokenRecords(text: String) {
        #expect(HelperProcess.list(Array(text.utf8)) == nil)
    }

    @Test("an answer must be as long as it says; errors are one printable line")
    func answers() {
        #expect(HelperAnswer(HelperAnswer.ok([1, 2, 3]).bytes) == .ok([1, 2, 3]))
        #expect(HelperAnswer(HelperAnswer.ok([]).bytes) == .ok([]))
        #expect(HelperAnswer(HelperAnswer.error("a\n\u{1b}b").bytes) == .error("a??b"))
        for wrong in ["", "ok 3\nab", "ok 3\nabcd", "ok -1\n", "ok x\n", "ok 0", "error no\nmore", "yes\n"] {
            #expect(HelperAnswer(Array(wrong.utf8)) == nil, "\(wrong)")
        }
    }
}
