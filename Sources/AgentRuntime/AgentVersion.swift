/// The version of this build.
public enum AgentVersion {
    /// `MAJOR.MINOR.PATCH`
    public static let text = "0.1.0"
}
