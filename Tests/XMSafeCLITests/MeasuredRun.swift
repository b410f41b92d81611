import Foundation
import TestKit

/// What a run of the program has cost, and what it said.
struct MeasuredRun: Decodable {
  var arguments: [String]
  var status: Int32
  var output: String
  var errors: String
  /// The most memory that was resident at any time, as wait4(2) tells it.
  var peakKiB: Int

  /// Runs the program once for each list of arguments; one that takes half a minute is killed.
  ///
  /// A small Python starts them: the memory of whoever forks counts as the child's own until it executes the program.
  static func all(_ commands: [[String]]) throws -> [MeasuredRun] {
    let input = try JSONEncoder().encode(commands.map { [Workshop.program] + $0 })
    let outcome = try Command.run([Workshop.python, "-S", "-c", measure], input: input)
    return try JSONDecoder().decode([MeasuredRun].self, from: Data(outcome.output.utf8))
  }

  private static let measure = """
    import json, os, subprocess, sys, tempfile
    results = []
    for arguments in json.load(sys.stdin):
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            limited = ["timeout", "-s", "KILL", "30"] + arguments
            child = subprocess.Popen(limited, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0); errors.seek(0)
            results.append(dict(arguments=arguments[1:], status=child.returncode,
                peakKiB=usage.ru_maxrss, output=output.read(100000).decode(),
                errors=errors.read(100000).decode()))
    print(json.dumps(results))
    """
}
