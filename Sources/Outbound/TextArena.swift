import CCurl
import Glibc

/// Copies of texts and bytes that live until ``free()``, for a C call that takes many pointers at once.
struct TextArena {
    private var blocks: [UnsafeMutableRawPointer] = []

    /// The text with a terminating NUL.
    mutating func copy(_ text: String) -> UnsafePointer<CChar>? {
        let block = block(of: text.utf8.count + 1)
        let target = block.assumingMemoryBound(to: CChar.self)
        var index = 0
        for byte in text.utf8 {
            target[index] = CChar(bitPattern: byte)
            index += 1
        }
        target[index] = 0
        return UnsafePointer(target)
    }

    /// The bytes.
    mutating func copy(_ bytes: [UInt8]) -> muster_blob {
        let block = block(of: bytes.count)
        bytes.withUnsafeBytes { block.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(block), byteCount: $0.count) }
        return muster_blob(bytes: block.assumingMemoryBound(to: UInt8.self), length: bytes.count)
    }

    /// Pointers to the texts, in order.
    mutating func copyList(_ texts: [String]) -> UnsafePointer<UnsafePointer<CChar>?>? {
        let block = block(of: max(texts.count, 1) * MemoryLayout<UnsafePointer<CChar>?>.stride)
        let target = block.bindMemory(to: UnsafePointer<CChar>?.self, capacity: max(texts.count, 1))
        for (index, text) in texts.enumerated() { target[index] = copy(text) }
        return UnsafePointer(target)
    }

    /// Frees every copy.
    mutating func free() {
        for block in blocks { block.deallocate() }
        blocks = []
    }

    private mutating func block(of count: Int) -> UnsafeMutableRawPointer {
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 16)
        blocks.append(block)
        return block
    }
}
