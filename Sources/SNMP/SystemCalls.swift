import Glibc

/// Nanoseconds of the monotonic clock.
func monotonicNow() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension Int64 {
    /// This moment and `seconds` more; saturates, and takes nonsense as nothing.
    func addingSeconds(_ seconds: Double) -> Int64 {
        guard seconds.isFinite, seconds > 0 else { return self }
        let (sum, overflow) = addingReportingOverflow(Int64(Swift.min(seconds, 1e8) * 1e9))
        return overflow ? .max : sum
    }
}

func closeDescriptor(_ descriptor: Int32) {
    if descriptor >= 0 { close(descriptor) }
}

/// The error of the last system call.
func systemError() -> Int32 { errno }
