/// How long the machine has been up (/proc/uptime, proc(5)).
public enum Uptime {
    /// Seconds since boot; nil where the file's text is not what proc(5) says.
    public static func seconds(_ root: SystemRoot) throws(SystemReadError) -> Double? {
        try root.content("/proc/uptime", limit: 4096).fields.first.flatMap { decimal($0) }
    }
}
