import CNetSNMP

/// Keys made from passphrases, so that the megabyte of hashing (RFC 3414 A.2) is done once per passphrase.
struct KeyCache {
    private struct Seed: Hashable {
        let authentication: SNMPAuthentication
        let passphrase: String
    }

    private var keys: [Seed: cns_key] = [:]

    /// The key before localisation; nil where the library refuses the passphrase.
    mutating func key(_ authentication: SNMPAuthentication, _ passphrase: String) -> cns_key? {
        let seed = Seed(authentication: authentication, passphrase: passphrase)
        if let key = keys[seed] { return key }
        var key = cns_key()
        let bytes = Array(passphrase.utf8)
        guard cns_make_key(authentication.code, bytes, bytes.count, &key) == 0 else { return nil }
        if keys.count >= 1000 { keys.removeAll() }
        keys[seed] = key
        return key
    }
}

extension SNMPAuthentication {
    /// The shim's number.
    var code: Int32 {
        switch self {
        case .md5: Int32(CNS_MD5.rawValue)
        case .sha1: Int32(CNS_SHA1.rawValue)
        case .sha224: Int32(CNS_SHA224.rawValue)
        case .sha256: Int32(CNS_SHA256.rawValue)
        case .sha384: Int32(CNS_SHA384.rawValue)
        case .sha512: Int32(CNS_SHA512.rawValue)
        }
    }
}

extension SNMPPrivacy {
    /// The shim's number.
    var code: Int32 {
        switch self {
        case .des: Int32(CNS_DES.rawValue)
        case .aes128: Int32(CNS_AES128.rawValue)
        case .aes192: Int32(CNS_AES192.rawValue)
        case .aes256: Int32(CNS_AES256.rawValue)
        case .aes256c: Int32(CNS_AES256_CISCO.rawValue)
        }
    }
}
