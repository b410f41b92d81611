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
    let line = lines.first { $0.contains("rror") } ?? lines.first ?? ""
    let shown = String(line).shownOnOneLine
    let code = line.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
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
    case 2002, 2003, 2005, 1040, 1053:
      return ServerError(
        .unreachable,
        "\(server) does not answer: \(shown)",
        hint: "start the server, or check the address given with --db"
      )
    case 2006, 2013, 2055, 1927:
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
    case 1142, 1143, 1227, 1370, 1410:
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
}
