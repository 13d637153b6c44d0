import CMDB
import Model
import Stores
import Wire

extension IngestService {
    /// Takes whole sections that an agent of GLPI said of a subject, in one commit each, `system` first. A section that is stored
    /// already changes nothing, so what is sent again has its effect once.
    ///
    /// - Returns: why sections were not taken, by name.
    func accept(
        _ sections: [InventorySection], of subject: SectionStatement.Subject, from agent: String
    ) async throws -> [SectionName: String] {
        var refused: [SectionName: String] = [:]
        for section in sections {
            let statement = SectionStatement(
                agent: agent, reporter: .glpi, subject: subject, section: section.name, items: section.items,
                isComplete: section.isComplete, digest: SectionDigest.digest(of: section.items).description,
                claimedTime: now())
            refused[section.name] = try await accept(statement)
        }
        return refused
    }

    private func accept(_ statement: SectionStatement) async throws -> String? {
        for attempt in 1...IngestService.attempts {
            do {
                let effects = try await decide(statement)
                if let refusal = effects.refusal { return refusal }
                if !effects.set.isEmpty { _ = try await store.commit(effects.set) }
                return nil
            } catch StoreError.conflict(let what) {
                if attempt == IngestService.attempts { return "cannot be applied: \(what)" }
            } catch StoreError.refused(let what) {
                return what
            } catch ReconcileError.outOfNumbers where attempt < IngestService.attempts {
                continue
            }
        }
        return nil
    }
}
