internal import DurableFiles

/// What MariaDB's client programs say when they fail: "ERROR 1045 (28000): Access denied for user ...".
enum MariaDBMessage {
  /// The failure that a text means.
  ///
  /// - Parameters:
  ///   - text: The program's standard error.
  ///   - ending: How it ended, for a program that says nothing.
  ///   - client: Whose program it was.
  /// - Returns: The failure.
  static func failure(_ text: String, _ ending: String, _ client: ServerClient) -> ServerError {
    let lines = text.split(separator: "\n").filter {
      !$0.contains("Deprecated program name") && !$0.allSatisfy { $0 == "-" }
    }
    // With --batch the statement, whatever it says, is written before the error.
    let found = lines.compactMap { line in Self.code(of: line).map { (line, $0) } }.last
    let line = found?.0 ?? lines.first { $0.contains("rror") } ?? lines.first ?? ""
    let shown = String(line).shownOnOneLine
    let code = found?.1 ?? 0
    let server = "the server of \(client.shown)"
    switch code {
    case 1044, 1045, 1698, 1130:
      return ServerError(
        .denied,
        "\(server) does not let this user in: \(shown)",
        hint: "check the user and the password"
      )
    case 1049:
      return ServerError(
        .noSuchDatabase,
        "there is no database \(client.shown)",
        hint: "check the name given with --db"
      )
    case 2002, 2003, 2005, 1040, 1203, 1226:
      return ServerError(
        .unreachable,
        "\(server) does not answer: \(shown)",
        hint: "start the server, or check the address given with --db"
      )
    // 1053, 1317, 1927: the server ends, somebody has killed the statement or its connection.
    case 2006, 2013, 2055, 1053, 1317, 1927, 1152, 1158, 1159, 1160, 1161, 4031:
      return ServerError(
        .lost,
        "the connection to \(client.shown) was lost: \(shown)",
        hint: "look at the server's log, then run the same command again"
      )
    case 1205, 1213:
      return ServerError(
        .locked,
        "somebody else uses what is needed in \(client.shown): \(shown)",
        hint: "end the other sessions, or wait longer with --busy-timeout"
      )
    case 1021, 1114:
      return ServerError(
        .lost,
        "\(server) has no room left: \(shown)",
        hint: "make room on the server, then run the same command again"
      )
    case 1142, 1143, 1227, 1290, 1370, 1410, 1419, 1449:
      return ServerError(
        .refused,
        "the user of \(client.shown) may not do this: \(shown)",
        hint: "use a user with all privileges on the database"
      )
    default:
      return ServerError(
        .failed,
        shown.isEmpty ? ending : "\(ending): \(shown)",
        hint: "correct the cause, then run the same command again"
      )
    }
  }

  /// The server's number for an error, in a line that tells one.
  ///
  /// mariadb writes "ERROR 1146 (42S02) at line 1: ...", mariadb-dump "Got error: 1045: ...", "Error 2013: ..." or "... (2013)".
  private static func code(of line: Substring) -> Int? {
    if line.hasPrefix("ERROR ") { return Int(line.dropFirst(6).prefix { $0.isNumber }) }
    guard line.hasPrefix("mariadb") || line.hasPrefix("mysql") else { return nil }
    for mark in ["Got error: ", "Error: ", "Error "] {
      guard let range = line.firstRange(of: mark) else { continue }
      if let code = Int(line[range.upperBound...].prefix { $0.isNumber }) { return code }
    }
    guard line.hasSuffix(")"), let start = line.lastIndex(of: "(") else { return nil }
    return Int(line[line.index(after: start)...].dropLast())
  }
}
