internal import DatabaseURLs
internal import Processes

/// One connection to a PostgreSQL server, held by a `psql` that we talk to: it can hold a transaction open.
///
/// Rows come through `COPY ... TO STDOUT`, whose text no value can break; after each statement `psql` is asked to say a word of
/// ours and how the statement ended.
final class PostgresSession {
  private let client: ServerClient
  private let psql: ChildProcess
  private var output: [UInt8] = []
  private var errors = BoundedCapture()
  // A line of it cannot be a row: rows do not know it.
  private let mark = "xm-safe-" + String(UInt64.random(in: .min ... .max), radix: 36)

  /// Connects.
  ///
  /// - Parameters:
  ///   - client: Where to.
  ///   - database: Another database on the same server.
  ///   - stopsAtErrors: Whether `psql` ends with the first error: for scripts that are not ours.
  /// - Throws: `ServerError`, `ProcessError`, `FileError`, `Stopped`.
  init(_ client: ServerClient, database: String? = nil, stopsAtErrors: Bool = false) throws {
    self.client = client
    var program = try client.program(
      "psql",
      [
        "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password",
        "--set=ON_ERROR_STOP=\(stopsAtErrors ? 1 : 0)",
      ],
      database: database
    )
    program.input = .piped
    psql = try ChildProcess(program)
    psql.onOutput = { [unowned self] in output += $0 }
    psql.onErrors = { [unowned self] in errors.append($0) }
    try prepare()
  }

  /// Sets what our own statements rely on.
  ///
  /// - Throws: `ServerError`, `ProcessError`, `Stopped`.
  func prepare() throws {
    // What a row looks like as text must not depend on the server's settings, and what is quoted must be quoted.
    let settings = [
      "standard_conforming_strings=on", "client_min_messages=warning", "search_path=pg_catalog",
      "DateStyle=ISO", "IntervalStyle=postgres", "TimeZone='UTC'", "extra_float_digits=3",
      "bytea_output=hex", "statement_timeout=0", "idle_in_transaction_session_timeout=0",
      "lock_timeout=\(max(1, client.lockTimeout.milliseconds))", "row_security=off",
    ]
    for setting in settings { try execute("SET \(setting)") }
    // Newer servers have these as well: a session of ours holds a lock while scripts run, however long that takes.
    _ = try query(
      "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('idle_session_timeout', 'transaction_timeout')"
    )
  }

  /// Ends the connection; an open transaction is rolled back by the server.
  func close() {
    psql.endInput()
    psql.end(grace: .seconds(1))
  }

  /// Runs a statement.
  ///
  /// - Parameter sql: One statement: of several, only the last one would be asked how it ended.
  /// - Throws: `ServerError`, `ProcessError`, `Stopped`.
  func execute(_ sql: String) throws {
    _ = try answer(sql)
  }

  /// Runs a query.
  ///
  /// - Parameter sql: The query.
  /// - Returns: The rows; nil for NULL.
  /// - Throws: `ServerError`, `ProcessError`, `Stopped`.
  func query(_ sql: String) throws -> [[String?]] {
    try answer("COPY (\(sql)) TO STDOUT").map { line in
      line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map(Self.value)
    }
  }

  /// Runs a query with one value.
  ///
  /// - Parameter sql: The query.
  /// - Returns: The value of its first row; nil for NULL, or without a row.
  /// - Throws: `ServerError`, `ProcessError`, `Stopped`.
  func value(_ sql: String) throws -> String? {
    try query(sql).first?.first ?? nil
  }

  /// Hands a script to `psql` as it is, piece by piece, and waits until it has been run.
  ///
  /// - Parameter next: The next piece; nil at the end.
  /// - Throws: `ServerError`, `ProcessError`, `Stopped`, and what `next` throws.
  func run(script next: @escaping () throws -> [UInt8]?) throws {
    output = []
    errors = BoundedCapture()
    psql.nextInput = { [unowned self] in
      if let piece = try next() { return piece }
      // What is written from here on is ours again.
      psql.nextInput = nil
      return Array("\nSELECT WHERE false;\n\(question)".utf8)
    }
    _ = try awaitAnswer()
  }

  private func answer(_ sql: String) throws -> [ArraySlice<UInt8>] {
    output = []
    errors = BoundedCapture()
    psql.write(Array("\(sql);\n\(question)".utf8))
    return try awaitAnswer()
  }

  private var question: String { "\\echo \(mark) :ERROR :SQLSTATE\n" }

  private func awaitAnswer() throws -> [ArraySlice<UInt8>] {
    let end = Array("\n".utf8)
    let start = Array((mark + " ").utf8)
    let isAnswered = try psql.talk {
      output.suffix(1) == end[...] && lastLine.starts(with: start)
    }
    guard isAnswered else { throw ended() }
    let state = String(decoding: lastLine, as: UTF8.self).split(separator: " ")
    guard state.count == 3, state[1] == "false" else {
      throw failure(code: state.count == 3 ? String(state[2]) : "", text: errors.text)
    }
    let text = output.dropLast(lastLine.count + 1)
    return Array(
      text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    )
  }

  private var lastLine: ArraySlice<UInt8> {
    let line = output.dropLast()
    guard let before = line.lastIndex(of: UInt8(ascii: "\n")) else { return line }
    return line[(before + 1)...]
  }

  /// A value of `COPY`'s text format (https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.2).
  private static func value(_ text: ArraySlice<UInt8>) -> String? {
    if text.elementsEqual([UInt8(ascii: "\\"), UInt8(ascii: "N")]) { return nil }
    guard text.contains(UInt8(ascii: "\\")) else { return String(decoding: text, as: UTF8.self) }
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch escaped {
      case UInt8(ascii: "b"): bytes.append(8)
      case UInt8(ascii: "f"): bytes.append(12)
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "v"): bytes.append(11)
      default: bytes.append(escaped)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: - Failures

  /// Why `psql` has ended.
  private func ended() -> ServerError {
    let text = PostgresMessage.line(errors.text)
    if let failure = PostgresMessage.connectionFailure(text, client) { return failure }
    if psql.ending == .exited(3) { return failure(code: "", text: errors.text) }
    return ServerError(
      .lost,
      "the connection to \(client.shown) was lost: \(text.isEmpty ? "psql \(psql.ending.map { "\($0)" } ?? "")" : text)",
      hint: "look at the server's log, then run the same command again"
    )
  }

  private func failure(code: String, text: String) -> ServerError {
    let text = PostgresMessage.line(text)
    // A psql that stops at errors says no code.
    switch code.isEmpty ? PostgresMessage.code(text) : code {
    case "55P03", "40P01":
      return ServerError(
        .locked,
        "somebody else uses what is needed in \(client.shown): \(text)",
        hint: "end the other sessions, or wait longer with --busy-timeout"
      )
    case "42501":
      return ServerError(
        .refused,
        "the user of \(client.shown) may not do this: \(text)",
        hint: "use the owner of the database"
      )
    case "53100":
      return ServerError(
        .failed,
        "the disk of the server of \(client.shown) is full: \(text)",
        hint: "make room there, then run the same command again"
      )
    default:
      return ServerError(
        .failed,
        "a statement failed in \(client.shown): \(text)",
        hint: "correct the cause, then run the same command again"
      )
    }
  }
}

extension PostgresSession {
  /// A name in double quotes.
  static func quoted(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  /// A text in single quotes.
  static func literal(_ text: String) -> String {
    "'" + text.replacing("'", with: "''") + "'"
  }
}

extension Duration {
  /// The whole milliseconds.
  package var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
