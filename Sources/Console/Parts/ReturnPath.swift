import CollectorServices

extension PageRequest {
    /// The page a form was sent from, else `standard`: browsers name it for our own pages (RFC 9110, 10.1.3). Only a
    /// path of this site is gone back to.
    func back(else standard: String) -> String {
        guard let referrer = request.fields["referer"], let host = request.fields["host"] else { return standard }
        let origin = "https://" + host
        guard referrer.utf8.starts(with: origin.utf8) else { return standard }
        let path = String(decoding: referrer.utf8.dropFirst(origin.utf8.count), as: UTF8.self)
        return path.utf8.first == UInt8(ascii: "/") ? Site.local(path) : standard
    }

    /// The positive number in a placeholder of the path.
    func number(_ name: String) throws -> Int64 {
        guard let number = Int64(request.parameter(name)), number > 0 else {
            throw ServiceRefusal.notFound("\(name) must be a positive number")
        }
        return number
    }
}
