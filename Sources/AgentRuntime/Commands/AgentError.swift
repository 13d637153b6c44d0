/// The errors of the agent whose description is the whole story: one line, what, where, what to do.
public protocol AgentError: Error, CustomStringConvertible {}

extension FileError: AgentError {}
extension IdentityError: AgentError {}
extension EnrolmentError: AgentError {}
extension CommandError: AgentError {}
