import Model
import Testing

@Suite("MACAddress")
struct MACAddressTests {
    @Test(
        "reads the usual spellings",
        arguments: ["00:1B:21:aa:bb:cc", "00-1b-21-AA-BB-CC", "001b.21aa.bbcc", "001b21aabbcc"])
    func spellings(text: String) throws {
        #expect(try #require(MACAddress(text)).description == "00:1b:21:aa:bb:cc")
    }

    @Test(
        "refuses what is no MAC address",
        arguments: ["", "00:1b:21:aa:bb", "00:1b:21:aa:bb:cc:dd", "00:1b:21:aa:bb:cg", "::::::::::::::::::"])
    func refused(text: String) { #expect(MACAddress(text) == nil) }

    @Test("tells addresses that are no evidence of identity")
    func evidence() throws {
        #expect(try #require(MACAddress("02:42:ac:11:00:02")).isLocallyAdministered)
        #expect(try !#require(MACAddress("00:1b:21:aa:bb:cc")).isLocallyAdministered)
        #expect(try #require(MACAddress("01:00:5e:00:00:01")).isMulticast)
        #expect(try #require(MACAddress("ff:ff:ff:ff:ff:ff")).isFiller)
        #expect(try #require(MACAddress("000000000000")).isFiller)
    }
}
