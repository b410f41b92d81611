#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html): the program's `main` is the library's own.
///
/// One program has all targets, so that the code is built once; `XM_SAFE_FUZZ_TARGET` names the one that runs.
private let target: FuzzTarget = {
  let name = getenv("XM_SAFE_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("XM_SAFE_FUZZ_TARGET must be one of \(names), not '\(name)'")
  }
  return target
}()

/// Runs the target on one input; whatever does not crash, hang or eat memory is fine.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  target.run(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}

/// libFuzzer's own mutation.
@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int

/// Changes an input; an archive is then sealed again every other time, so that the change is not stopped by a checksum.
@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(
  _ data: UnsafeMutablePointer<UInt8>,
  _ count: Int,
  _ limit: Int,
  _ seed: UInt32
) -> Int {
  let changed = mutate(data, count, limit)
  guard target == .archive, seed % 2 == 0 else { return changed }
  let sealed = SealedArchive.sealing(Array(UnsafeBufferPointer(start: data, count: changed)))
  guard let sealed, sealed.count <= limit else { return changed }
  for (index, byte) in sealed.enumerated() { data[index] = byte }
  return sealed.count
}
