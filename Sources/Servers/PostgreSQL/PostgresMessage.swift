internal import DurableFiles

/// What PostgreSQL's client programs say when they fail, made one line, and told apart where they have no code for it.
enum PostgresMessage {
  /// What they said, on one line: the errors without the programs' names and positions.
  ///
  /// - Parameter text: Their standard error.
  /// - Returns: One line.
  static func line(_ text: String) -> String {
    let lines = text.split(separator: "\n").filter { line in
      !["WARNING:", "HINT:", "LINE ", "CONTEXT:"].contains { line.contains($0) }
        && !line.allSatisfy { $0 == " " || $0 == "^" }
    }
    let short = lines.prefix(3).map { line -> Substring in
      for word in ["ERROR:  ", "FATAL:  ", "error: "] {
        if let range = line.firstRange(of: word) { return line[range.upperBound...] }
      }
      return line
    }
    return short.joined(separator: "; ").shownOnOneLine
  }

  /// The code of an error that was told without it; empty for one that needs no word of its own.
  ///
  /// - Parameter text: What a program said.
  /// - Returns: The SQLSTATE.
  static func code(_ text: String) -> String {
    if text.contains("lock timeout") { return "55P03" }
    if text.contains("deadlock detected") { return "40P01" }
    if text.contains("permission denied") || text.contains("must be owner") { return "42501" }
    if text.contains("No space left") { return "53100" }
    return ""
  }

  /// What prevents a connection; nil if the text does not speak of one.
  ///
  /// - Parameters:
  ///   - text: What a program said.
  ///   - client: Whose program it was.
  /// - Returns: The failure.
  static func connectionFailure(_ text: String, _ client: ServerClient) -> ServerError? {
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    let server = "the server of \(client.shown)"
    if says("database \"") && says("does not exist") {
      return ServerError(
        .noSuchDatabase,
        "there is no database \(client.shown)",
        hint: "check the name given with --db"
      )
    }
    if says(
      "password authentication failed",
      "no password supplied",
      "authentication failed",
      "pg_hba.conf",
      "is not permitted to log in",
      "permission denied for database"
    ) || (says("role \"") && says("does not exist")) {
      return ServerError(
        .denied,
        "\(server) does not let this user in: \(text)",
        hint: "check the user and the password"
      )
    }
    if says("starting up", "shutting down", "too many", "in recovery mode") {
      return ServerError(
        .unreachable,
        "\(server) takes no connection now: \(text)",
        hint: "run the same command again when it does"
      )
    }
    if says(
      "connection to server",
      "could not connect",
      "could not translate",
      "Connection refused",
      "timeout expired"
    ), !says("server closed the connection unexpectedly") {
      return ServerError(
        .unreachable,
        "\(server) does not answer: \(text)",
        hint: "start the server, or check the address given with --db"
      )
    }
    return nil
  }
}
