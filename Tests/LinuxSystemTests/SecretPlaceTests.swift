import Testing

@testable import LinuxSystem

@Suite("SecretPlace") struct SecretPlaceTests {
    @Test("an absolute path is itself, a name is a credential of this service")
    func places() throws {
        let path = try SecretPlace("/etc/muster/secret", credentials: "/run/credentials/x")
        #expect(path.path == "/etc/muster/secret")
        #expect(path.forbiddenBits == 0o077)
        let credential = try SecretPlace("core", credentials: "/run/credentials/x")
        #expect(credential.path == "/run/credentials/x/core")
        // systemd gives the right to read through an access list, which shows in the group's bits.
        #expect(credential.forbiddenBits & 0o040 == 0)
        #expect(credential.forbiddenBits & 0o037 == 0o037)
    }

    @Test("what leads elsewhere is refused", arguments: ["", ".", "..", "a/b", "../key.pem", "a\0b"])
    func refused(setting: String) {
        #expect(throws: SecretPlaceError.notAPlace(setting)) {
            try SecretPlace(setting, credentials: "/run/credentials/x")
        }
    }

    @Test("a name without credentials says how to give them")
    func none() {
        let error = #expect(throws: SecretPlaceError.self) { try SecretPlace("core", credentials: nil) }
        #expect(error?.description.contains("LoadCredential=core:") == true)
    }
}
