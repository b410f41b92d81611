/// The line of a dump that makes an event.
enum DumpedEvent {
  /// What is done to events.
  enum Change {
    /// Nothing.
    case none
    /// All are switched off.
    case disabling
    /// Those with these names, as they stand between backticks, are switched on.
    case enabling(Set<String>)
  }

  private static let mark = Array("/*!50106 CREATE*/ ".utf8)

  /// Changes such a line.
  ///
  /// - Parameters:
  ///   - bytes: A line, or its beginning.
  ///   - change: What is to be done.
  /// - Returns: The line, and the event's name as it stands between backticks; nil if there is nothing to change.
  static func changed(_ bytes: [UInt8], _ change: Change) -> (line: [UInt8], name: String)? {
    if case .none = change { return nil }
    guard bytes.starts(with: mark) else { return nil }
    let line = String(decoding: bytes, as: UTF8.self)
    guard
      let head = line.prefixMatch(
        of:
          #/\/\*!50106 CREATE\*\/ \/\*!50117 DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`\*\/ \/\*!50106 EVENT `(?<name>(?:[^`]|``)+)` ON SCHEDULE (?:'(?:[^'\\]|''|\\.)*'|[^'])*? ON COMPLETION (?:NOT )?PRESERVE (?<state>ENABLE|DISABLE) (?=DO |COMMENT )/#
      )
    else { return nil }
    let name = String(head.name)
    let isEnabled = head.state == "ENABLE"
    let state: String
    switch change {
    case .none: return nil
    case .disabling:
      guard isEnabled else { return nil }
      state = "DISABLE"
    case .enabling(let names):
      guard !isEnabled, names.contains(name) else { return nil }
      state = "ENABLE"
    }
    let before = line[..<head.state.startIndex].utf8.count
    let rest = bytes.dropFirst(before + head.state.utf8.count)
    return (Array(bytes.prefix(before)) + Array(state.utf8) + rest, name)
  }
}
