import Testing

@testable import GLPI

@Suite("XML of GLPI agents")
struct GLPIXMLTests {
    private func read(_ text: String) throws -> (name: String, value: GLPIValue) { try GLPIXML.read(Array(text.utf8)) }

    @Test("Elements, repeated elements, entities, CDATA, comments and attributes are read")
    func wellFormed() throws {
        let (name, value) = try read(
            """
            <?xml version="1.0" encoding="UTF-8" ?>
            <!-- before -->
            <REQUEST kind='x' other = "y&amp;z">
              <A>1 &lt; 2 &amp; 3 &#62; 2 &quot;&apos;&#x20AC;</A>
              <B><![CDATA[<not> & parsed]]></B><B/><B>last</B>
              <C><!-- inside --><D>  kept  </D></C>
            </REQUEST>
            <!-- after -->

            """)
        #expect(name == "request")
        #expect(
            value
                == .object([
                    "a": .text("1 < 2 & 3 > 2 \"'€"),
                    "b": .list([.text("<not> & parsed"), .text(""), .text("last")]),
                    "c": .object(["d": .text("  kept  ")]),
                ]))
    }

    static let refused: [(String, String)] = [
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "document type"),
        ("<a><!DOCTYPE b></a>", "document type"),
        ("<a>&b;</a>", "entity"), ("<a>&amp</a>", "entity"), ("<a>&#0;</a>", "no character"),
        ("<a>&#xD800;</a>", "no character"), ("<a>&#x110000;</a>", "no character"), ("<a>&#+65;</a>", "no character"),
        ("<a>&#;</a>", "no character"), ("<a>&#99999999999;</a>", "no character"), ("<a>&#1;</a>", "no character"),
        ("<a>\u{1}</a>", "control"), ("<a>\u{0}</a>", "control"), ("<a><![CDATA[\u{0}]]></a>", "control"),
        ("<a>", "does not end"), ("<a", "'>'"), ("<a><b></a></b>", "another element"), ("<a></b>", "another element"),
        ("<a/><b/>", "behind"), ("<a/>x", "behind"), ("x<a/>", "element expected"), ("", "element expected"),
        ("<a>text<b/></a>", "beside"), ("<?xml version=\"1.0\"?><?php x?><a/>", "processing"),
        ("<a><?x?></a>", "processing"), ("<a><!ELEMENT b ANY></a>", "declaration"),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>", "encoding"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "encoding"), ("<?xml version='1.0'", "does not end"),
        ("<a><!-- x</a>", "does not end"), ("<a><![CDATA[x</a>", "does not end"), ("<a b></a>", "'='"),
        ("<a b=c></a>", "quotes"), ("<a b='<'></a>", "quotes"), ("<1/>", "name expected"), ("< a/>", "name expected"),
        (String(repeating: "<a>", count: 65), "deeper"),
        ("<" + String(repeating: "a", count: 256) + "/>", "name over"),
        ("<a>" + String(repeating: "x", count: 65_537) + "</a>", "text over"),
    ]

    @Test("What is no plain XML is refused with the place", arguments: refused)
    func malformed(_ text: String, _ word: String) throws {
        let error = try #require(throws: GLPIRefusal.self) { try read(text) }
        #expect(error.description.contains(word), "\(text.prefix(60)): \(error)")
        #expect(error.description.contains("at byte"), "\(error)")
    }

    @Test("Octets that are no UTF-8 are refused")
    func utf8() {
        for bytes: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]] {
            #expect(throws: GLPIRefusal.self) { try GLPIXML.read(Array("<a>".utf8) + bytes + Array("</a>".utf8)) }
        }
    }

    @Test("Every document cut off anywhere is refused and none ends the process")
    func truncated() throws {
        let whole = Array("<?xml version=\"1.0\"?><R a=\"b\"><C>x &#65; &amp;<![CDATA[y]]></C><!-- z --><D/></R>".utf8)
        _ = try GLPIXML.read(whole)
        for count in 0..<whole.count { #expect(throws: GLPIRefusal.self) { try GLPIXML.read(Array(whole[..<count])) } }
    }
}
