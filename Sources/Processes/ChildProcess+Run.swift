/// Running a program from its beginning to its end in one call.
extension ChildProcess {
  /// What a program did.
  package struct Result: Hashable, Sendable {
    /// How it has ended.
    package var ending: Ending
    /// What it wrote to standard output, if nobody else took it.
    package var output: BoundedCapture
    /// What it wrote to standard error.
    package var errors: BoundedCapture
  }

  /// Runs a program to its end.
  ///
  /// The closures are called on this thread, as the program reads and writes: one that is slow makes the program wait, and nothing
  /// piles up in between. When one of them throws, or the run is stopped, the program is ended.
  ///
  /// - Parameters:
  ///   - program: What to run. Its `output` and `errors` should be piped, and its `input` is if there is something to feed it with.
  ///   - deadline: When to give up; nil for never.
  ///   - bound: How many bytes are kept of what it writes.
  ///   - input: Asked for the next piece of the standard input; nil ends it.
  ///   - output: Told each piece of standard output; without it, it is captured.
  /// - Returns: How it has ended, whatever that means for the caller, and what it said.
  /// - Throws: `ProcessError`, `Stopped`, and what the closures throw.
  package static func run(
    _ program: Program,
    until deadline: ContinuousClock.Instant? = nil,
    capturing bound: Int = 64 << 10,
    feeding input: (() throws -> [UInt8]?)? = nil,
    receiving output: ((ArraySlice<UInt8>) throws -> Void)? = nil
  ) throws -> Result {
    var program = program
    if input != nil { program.input = .piped }
    let kept = Kept(bound: bound)
    let child = try ChildProcess(program)
    child.nextInput = input
    child.onOutput = output ?? { kept.output.append($0) }
    child.onErrors = { kept.errors.append($0) }
    let ending = try child.finish(until: deadline)
    return Result(ending: ending, output: kept.output, errors: kept.errors)
  }

  private final class Kept {
    var output: BoundedCapture
    var errors: BoundedCapture

    init(bound: Int) {
      output = BoundedCapture(bound: bound)
      errors = BoundedCapture(bound: bound)
    }
  }
}
