#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// How a child process has ended.
package enum Ending: Hashable, Sendable, CustomStringConvertible {
  /// By itself, with this exit code.
  case exited(Int32)
  /// By a signal.
  case signalled(Int32)

  /// Whether it says that all went well.
  package var isSuccess: Bool { self == .exited(0) }

  /// As a clause: "ended with exit code 3", "was ended by signal 9 (Killed)".
  package var description: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let number):
      "was ended by signal \(number)" + (Self.name(number).map { " (\($0))" } ?? "")
    }
  }

  private static func name(_ number: Int32) -> String? {
    strsignal(number).map { String(cString: $0) }
  }
}
