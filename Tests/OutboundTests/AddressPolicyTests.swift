import Outbound
import Testing

@Suite struct AddressPolicyTests {
    @Test(
        "public IPv4 addresses pass, special ones do not",
        arguments: [
            ([8, 8, 8, 8], true), ([1, 1, 1, 1], true), ([172, 32, 0, 1], true), ([100, 128, 0, 1], true),
            ([127, 0, 0, 1], false), ([127, 255, 0, 1], false), ([10, 0, 0, 1], false), ([172, 16, 0, 1], false),
            ([172, 31, 255, 255], false), ([192, 168, 1, 1], false), ([169, 254, 169, 254], false),
            ([100, 64, 0, 1], false), ([0, 0, 0, 0], false), ([224, 0, 0, 1], false), ([255, 255, 255, 255], false),
            ([240, 0, 0, 1], false), ([198, 19, 0, 1], false),
        ] as [([UInt8], Bool)])
    func ipv4(octets: [UInt8], isPublic: Bool) {
        #expect(AddressPolicy.publicOnly.allows(octets: octets) == isPublic)
        #expect(AddressPolicy.any.allows(octets: octets))
    }

    @Test(
        "of IPv6 only global unicast without an IPv4 address inside passes",
        arguments: [
            ([0x26, 0x06, 0x47, 0x00], true), ([0x20, 0x02, 0x7f, 0x00], false), ([0x20, 0x01, 0x00, 0x00], false),
            ([0x20, 0x01, 0x0d, 0xb8], false), ([0xfe, 0x80, 0, 0], false), ([0xfd, 0, 0, 0], false),
            ([0xff, 0x02, 0, 0], false), ([0, 0, 0, 0], false), ([0, 0x64, 0xff, 0x9b], false),
        ] as [([UInt8], Bool)])
    func ipv6(start: [UInt8], isPublic: Bool) {
        let octets = start + [UInt8](repeating: 0, count: 11) + [1]
        #expect(AddressPolicy.publicOnly.allows(octets: octets) == isPublic)
    }

    @Test("octets of another count are never public")
    func otherCounts() {
        #expect(!AddressPolicy.publicOnly.allows(octets: []))
        #expect(!AddressPolicy.publicOnly.allows(octets: [8, 8, 8]))
    }
}
