import CCrypto
import LinuxSystem
import Model

/// Certificates that servers of this host show, in the places where their packages and certbot put them; the authorities
/// that the host trusts are not listed.
public struct CertificatesSource: InventorySource {
    /// `certificates`
    public static let name = "certificates"

    private static let directories = [
        "/etc/ssl", "/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/nginx", "/etc/nginx", "/etc/nginx/ssl",
        "/etc/nginx/certs", "/etc/apache2/ssl", "/etc/httpd/ssl", "/etc/haproxy", "/etc/haproxy/certs", "/etc/postfix",
        "/etc/dovecot", "/etc/dovecot/private", "/etc/postgresql", "/etc/mysql/ssl", "/etc/ldap/ssl", "/etc/openvpn",
        "/etc/cockpit/ws-certs.d", "/etc/grafana", "/etc/muster",
    ]
    private static let live = "/etc/letsencrypt/live"
    private static let endings = [".pem", ".crt", ".cer", ".cert"]
    /// Bundles of authorities, which have many certificates.
    private static let bundles: Set<String> = [
        "ca-certificates.crt", "ca-bundle.crt", "ca-bundle.trust.crt", "cert.pem", "ca-bundle.pem",
    ]
    private static let limit = 5_000

    /// A source.
    public init() {}

    /// Reads the first certificate of each file.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        var items: [SectionItem] = []
        var closed: [String] = []
        for directory in CertificatesSource.directories {
            take(directory, root, &items, &closed)
        }
        do throws(SystemReadError) {
            for name in try root.names(CertificatesSource.live, limit: CertificatesSource.limit) {
                let path = "\(CertificatesSource.live)/\(name)/cert.pem"
                if let item = item(path, root) { items.append(item) }
            }
        } catch {
            if case .unreadable = error { closed.append(CertificatesSource.live) }
        }
        let section = InventorySection(name: .certificates, items: items, isComplete: closed.isEmpty)
        if !closed.isEmpty { return .partial([section], "not open to the agent: \(closed.joined(separator: ", "))") }
        return items.isEmpty ? .noData("no certificate in the usual places") : .success([section])
    }

    private func take(_ directory: String, _ root: SystemRoot, _ items: inout [SectionItem], _ closed: inout [String]) {
        do throws(SystemReadError) {
            for name in try root.names(directory) where items.count < CertificatesSource.limit {
                guard CertificatesSource.endings.contains(where: name.hasSuffix),
                    !CertificatesSource.bundles.contains(name),
                    // In /etc/ssl/certs the links are the trusted authorities.
                    root.link("\(directory)/\(name)") == nil
                else { continue }
                if let item = item("\(directory)/\(name)", root) { items.append(item) }
            }
        } catch {
            if case .unreadable = error { closed.append(directory) }
        }
    }

    private func item(_ path: String, _ root: SystemRoot) -> SectionItem? {
        guard let bytes = try? root.bytes(path, limit: 1 << 20) else { return nil }
        var info = muster_certificate()
        guard muster_certificate_read(bytes, bytes.count, &info) == 1 else { return nil }
        var facts = Attributes()
        facts.text("not_before", Timestamp(seconds: info.not_before).rfc3339)
        facts.text("not_after", Timestamp(seconds: info.not_after).rfc3339)
        facts.flag("is_authority", info.is_authority == 1)
        facts.text("sha256", withUnsafeBytes(of: info.sha256) { $0.map { hexadecimal(UInt32($0), 2) }.joined() })
        facts.names(bytes)
        return facts.item(path)
    }
}

extension Attributes {
    /// Subject, issuer, serial number and the names it is for.
    fileprivate mutating func names(_ bytes: [UInt8]) {
        var text = [CChar](repeating: 0, count: 65_536)
        let length = muster_certificate_describe(bytes, bytes.count, &text, text.count)
        var names: [String] = []
        for line in ByteText(text.prefix(length).map { UInt8(bitPattern: $0) }).lines {
            guard let (name, value) = line.cut(at: UInt8(ascii: "=")) else { continue }
            if name == "name" {
                names.append(value.string)
            } else {
                self.text(name.string, value.string)
            }
        }
        list("names", names)
    }
}
