internal import DurableFiles
internal import Processes

/// Signs of life to a monitor, in the way of healthchecks.io: `URL/start`, `URL` for success, `URL/EXITCODE` for failure.
///
/// curl sends them, since only it knows TLS. No word of the run is in them.
package struct Ping: Sendable {
  /// What is told.
  package enum Signal: Hashable, Sendable {
    /// A run begins.
    case start
    /// A run has ended with this exit code.
    case end(Int32)
  }

  /// How long one may take: a monitor that hangs holds nobody up for longer.
  package static let patience: Duration = .seconds(5)

  private let url: String

  /// Describes a monitor.
  ///
  /// - Parameter url: Where it is; http or https.
  package init(_ url: String) {
    self.url = url
  }

  /// Whether a text can be the place of a monitor.
  package static func isURL(_ text: String) -> Bool {
    let isWeb = ["http://", "https://"].contains {
      text.lowercased().hasPrefix($0) && text.count > $0.count
    }
    return isWeb && text.utf8.allSatisfy { 0x21...0x7e ~= $0 }
  }

  /// The URL of a signal; a query stays behind it.
  package func url(of signal: Signal) -> String {
    let suffix =
      switch signal {
      case .start: "/start"
      case .end(0): ""
      case .end(let code): "/\(code)"
      }
    let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var base = String(parts[0])
    if !suffix.isEmpty, base.hasSuffix("/") { base.removeLast() }
    return base + suffix + (parts.count > 1 ? "?" + parts[1] : "")
  }

  /// Sends a signal.
  ///
  /// - Parameters:
  ///   - signal: What is told.
  ///   - environment: The variables of this process: where curl is, and which proxy it takes.
  /// - Returns: Why it did not arrive, as a sentence; nil if it did.
  package func send(_ signal: Signal, _ environment: [String: String]) -> String? {
    let seconds = Self.patience.components.seconds
    // The URL is a secret of sorts, and the list of processes is everybody's: curl reads it from its standard input.
    let escaped = url(of: signal).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    var configuration: [UInt8]? = Array("url = \"\(escaped)\"\n".utf8)
    let isSecure = url.lowercased().hasPrefix("https://")
    let program = Program(
      "curl",
      [
        "--disable", "--silent", "--show-error", "--fail", "--proto", "=http,https", "--globoff",
        "--location", "--max-redirs", "5", "--proto-redir", isSecure ? "=https" : "=http,https",
        "--max-time", "\(seconds)", "--output", "/dev/null", "--write-out", "%{http_code}",
        "--config", "-",
      ],
      environment: environment
    )
    do {
      let result = try ChildProcess.run(
        program,
        until: .now + Self.patience + .seconds(1),
        capturing: 1024,
        feeding: {
          defer { configuration = nil }
          return configuration
        }
      )
      if result.ending.isSuccess {
        // A redirection that leads nowhere is no error to curl, and has not told the monitor anything.
        let code = result.output.text
        return code.count == 3 && code.hasPrefix("2")
          ? nil : "The ping did not arrive: the answer was \(code.shownOnOneLine)"
      }
      let said = result.errors.text.split(whereSeparator: \.isNewline).last ?? "curl failed"
      return "The ping did not arrive: \(String(said).shownOnOneLine)"
    } catch let error as ProcessError where error.code == .notFound {
      return "The ping was not sent: there is no curl on PATH"
    } catch {
      return "The ping did not arrive: \(error)"
    }
  }
}
