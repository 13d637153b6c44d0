/// Work on each item of a list that changes: what is new begins, what left is ended, what stayed goes on undisturbed.
///
/// A task of its own for each item, because a task group cannot cancel one of its children alone.
enum KeyedWork {
    /// Runs `work` for each item until the task is cancelled, and then waits until all of it has ended.
    ///
    /// - Parameters:
    ///   - lists: The list, whenever it changes.
    ///   - mark: What tells an item from another, and from itself once it has changed.
    ///   - ended: Called once the work on items that left has ended, with all that stay or begin, before anything new begins: a device
    ///     that is asked otherwise now is never asked by two.
    static func run<Item: Sendable, Mark: Hashable & Sendable>(
        _ lists: some AsyncSequence<[Item], Never>, mark: (Item) -> Mark,
        ended: ([Item], [Item]) async -> Void = { _, _ in }, work: @escaping @Sendable (Item) async -> Void
    ) async {
        var running: [Mark: (item: Item, task: Task<Void, Never>)] = [:]
        for await list in lists {
            let wanted = Set(list.map(mark))
            let gone = running.filter { !wanted.contains($0.key) }
            for one in gone.values { one.task.cancel() }
            for (mark, one) in gone {
                await one.task.value
                running[mark] = nil
            }
            await ended(gone.values.map(\.item), list)
            for item in list where running[mark(item)] == nil {
                running[mark(item)] = (item, Task { await work(item) })
            }
        }
        for one in running.values { one.task.cancel() }
        for one in running.values { await one.task.value }
    }
}
