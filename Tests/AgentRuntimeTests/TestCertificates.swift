/// A certificate authority made for these tests with openssl(1), and one agent of it. The authority's key was not kept.
enum TestCertificates {
    /// Common name of the agent.
    static let agentID = "agent-0123456789abcdef0123456789abcdef"
    /// SHA-256 of the authority in DER, by sha256sum(1).
    static let authorityHash = "cdfdb87fc9c4ba0516d3d7b149e5a878a1008730990b5e84c2915fc729d72780"

    /// PEM.
    static let authority = Array(
        """
        -----BEGIN CERTIFICATE-----
        MIIBlzCCAT2gAwIBAgIUNCUQ6QUtCYj+GL6JFp4HhN6IxtwwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOTXVzdGVyIHRlc3QgQ0EwHhcNMjYxMTIzMjMxMzI3WhcNMzYx
        MTIwMjMxMzI3WjAZMRcwFQYDVQQDDA5NdXN0ZXIgdGVzdCBDQTBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABNZ9/pqZkya8GwOpGwSxE7CGqUVcYqoj2LwXvk7KllCs
        FMqgi3XrOHqHqypAE+S73p/iU0bLewuC8iK+u98tV+ajYzBhMB0GA1UdDgQWBBRX
        9kfa9yycv6GPCot6GxUu47T7gzAfBgNVHSMEGDAWgBRX9kfa9yycv6GPCot6GxUu
        47T7gzAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAKBggqhkjOPQQD
        AgNIADBFAiEAgvSoysu/8ku+Kjv0MdFAYFhm5megIiUenZcUvIiqzeoCID5TeMED
        iCXByjsda0kZt/4kGclflSgoDxb67SSeIgGi
        -----END CERTIFICATE-----

        """.utf8)

    /// PEM.
    static let agent = Array(
        """
        -----BEGIN CERTIFICATE-----
        MIIBQzCB6wIUEZUgpbHq55VG7aWFj+crHPkuHo8wCgYIKoZIzj0EAwIwGTEXMBUG
        A1UEAwwOTXVzdGVyIHRlc3QgQ0EwHhcNMjYxMTIzMjMxMzI3WhcNMzYxMTEwMjMx
        MzI3WjAxMS8wLQYDVQQDDCZhZ2VudC0wMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4
        OWFiY2RlZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLztIviv2RA5DSGl655M
        h1rRFAB+mpdSAQ79Rgs4Ghmdc92ubtwQ1gguoYZ7TDaMMZiZANqnAH2toWbB95CI
        eqUwCgYIKoZIzj0EAwIDRwAwRAIgH/J5NDDfeCWrfRv4aLF+BkyM4uPMuk0oX/QH
        aInyw2oCIC2Z5sNoel1Er6x3MzShfSfBe9x9QzfB4nmT+IK61RBF
        -----END CERTIFICATE-----

        """.utf8)

    /// PEM, PKCS 8.
    static let agentKey = Array(
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMlVB+a8M7gKHHkBV
        aO61aT0jU/SmCWBqwCIja/3+NMqhRANCAAS87SL4r9kQOQ0hpeueTIda0RQAfpqX
        UgEO/UYLOBoZnXPdrm7cENYILqGGe0w2jDGYmQDapwB9raFmwfeQiHql
        -----END PRIVATE KEY-----

        """.utf8)
}
