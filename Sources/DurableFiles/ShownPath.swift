/// How a file name is put into a message: in quotes, with everything a terminal could act on escaped.
///
/// File names may hold newlines and escape sequences; a message must stay one line and must not steer the reader's
/// terminal.
extension String {
  /// The path in single quotes, with control characters, quotes and backslashes escaped.
  package var shownAsPath: String {
    "'" + escapingControls(also: ["'", "\\"]) + "'"
  }

  /// The text with control characters (line ends and tabs included) escaped, for use inside one line.
  package var shownOnOneLine: String {
    escapingControls(also: [])
  }

  private func escapingControls(also quoted: Set<Unicode.Scalar>) -> String {
    // Nearly every text is plain ASCII, and looking up what Unicode says of a scalar is slow.
    let isPlain = utf8.allSatisfy { 0x20...0x7e ~= $0 && !quoted.contains(Unicode.Scalar($0)) }
    guard !isPlain else { return self }
    var shown = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case "\t": shown += "\\t"
      case _ where quoted.contains(scalar):
        shown += "\\"
        shown.unicodeScalars.append(scalar)
      case _ where Self.steersTerminals(scalar):
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      default:
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Control and format characters: C0, C1, DEL, and those that reorder or hide text (bidirectional marks).
  private static func steersTerminals(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
