/// The version of this build, the same for every program.
public enum ProductVersion {
    /// `MAJOR.MINOR.PATCH`
    public static let text = "0.1.0"
}
