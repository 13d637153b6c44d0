import CollectorServices
import FleetCA

/// Who makes a request, as the listener established it; nothing in headers or body counts.
public enum Caller: Sendable {
    /// Nobody that is known, with the reason.
    case nobody(CertificateProblem)
    /// An agent with a certificate that is good and not revoked.
    case agent(VerifiedAgent)
    /// An agent that is not revoked, with a certificate that was good and has ended: all it may do is ask for the next one.
    case ended(VerifiedAgent)
    /// An agent of GLPI that showed its site's secret.
    case site(GLPISite)
    /// A person or program: the account's name and what it may do.
    case account(name: String, scope: AgentsService.Scope)
    /// A person signed in to the console, with the session that its cookie names.
    case person(SignedInPerson)

    /// The name for audit log and timeline.
    public var name: String {
        switch self {
        case .nobody: "nobody"
        case .agent(let agent), .ended(let agent): agent.id
        case .site(let site): "glpi-site:\(site.name)"
        case .account(let name, _): name
        case .person(let person): person.user.name
        }
    }
}
