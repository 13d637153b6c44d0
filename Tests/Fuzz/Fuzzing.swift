#if FUZZING
    import Foundation

    /// The driver of libFuzzer, which the build with `-sanitize=fuzzer` brings along (llvm.org/docs/LibFuzzer.html).
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<Int32>,
        _ values: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
        _ read: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32

    /// What this process has had of processors, tasks on other threads included: unlike the time on the wall the same on a busy
    /// machine.
    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Set once before the driver is started; a function of C can hold nothing.
    nonisolated(unsafe) private var chosen: FuzzTarget?

    /// Looks for inputs that trap or take long; `arguments` are those of the program, with the target's name left out.
    func fuzz(_ target: FuzzTarget, _ arguments: [String]) -> Int32 {
        chosen = target
        let words = [arguments[0]] + arguments[2...]
        var count = Int32(words.count)
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        return pointers.withUnsafeMutableBufferPointer { buffer in
            var values = buffer.baseAddress
            return runDriver(&count, &values) { start, length in
                let begun = processorSeconds()
                chosen?.read(Array(UnsafeBufferPointer(start: start, count: length)))
                let took = processorSeconds() - begun
                if took > 1 { fatalError("\(length) octets took \(took) s of processor time") }
                return 0
            }
        }
    }
#endif
