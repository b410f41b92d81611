internal import DatabaseURLs
internal import Processes
internal import Snapshots

/// The named lock that keeps other runs of xm-safe off a database, on whatever machine they are.
///
/// The server gives it back when the connection ends, so it is never stale (https://mariadb.com/kb/en/get_lock/).
final class MariaDBHold: ServerHold {
  private let child: ChildProcess
  private let client: ServerClient
  private let name: String
  let identity: String

  init(_ client: ServerClient, database: String? = nil) throws {
    self.client = client
    let database = database ?? client.address.database
    var program = try client.program(
      "mariadb",
      [
        "--batch", "--skip-column-names", "--unbuffered", "--skip-reconnect",
        "--database=\(database)",
      ]
    )
    program.input = .piped
    child = try ChildProcess(program)
    let name = Self.name(for: database)
    self.name = name
    var output: [UInt8] = []
    var errors = BoundedCapture()
    child.onOutput = { output += $0 }
    child.onErrors = { errors.append($0) }
    child.write(
      // The connection is idle as long as the run takes; the longest time there is is a year.
      Array(
        "SET SESSION wait_timeout = 31536000; SELECT GET_LOCK('\(name)', 0), IS_USED_LOCK('\(name)'), CONNECTION_ID();\n"
          .utf8
      )
    )
    let isAnswered = try child.talk { output.last == UInt8(ascii: "\n") }
    let words = String(decoding: output, as: UTF8.self).split { $0 == "\t" || $0 == "\n" }
      .map(String.init)
    guard isAnswered, words.count == 3 else {
      throw MariaDBMessage.failure(errors.text, "mariadb ended", client)
    }
    identity = words[2]
    guard words[0] == "1" else {
      child.end()
      throw ServerError(
        .locked,
        "another xm-safe works on \(client.shown): connection \(words[1])",
        hint: "run the same command again when it has ended"
      )
    }
    child.onOutput = { _ in }
    child.onErrors = { _ in }
    if database == client.address.database { client.holder = identity }
  }

  func check() throws { try Self.check(name, is: identity, client) }

  /// The lock's name: names are the whole server's, and have at most 64 characters.
  private static func name(for database: String) -> String {
    "xm-safe:" + Store.key(for: database)
  }

  /// Makes sure that this run still has the lock that it works under, if it works under one.
  static func check(_ client: ServerClient) throws {
    guard let own = client.holder else { return }
    try check(name(for: client.address.database), is: own, client)
  }

  private static func check(_ name: String, is own: String, _ client: ServerClient) throws {
    let row = try MariaDBServer(client, versionTable: "").query(
      "SELECT COALESCE(IS_USED_LOCK('\(name)'), '')"
    ).first
    let holder = row?.first.flatMap { $0.isEmpty ? nil : $0 }
    guard holder != own else { return }
    throw ServerError.lostLock(client, holder: holder)
  }

  /// A session has no name that a program gives it, and to others than its own user it need not even show.
  func others(but application: String) throws -> [String]? { nil }

  deinit { release() }

  func release() {
    if client.holder == identity { client.holder = nil }
    child.endInput()
    child.end(grace: .seconds(1))
  }
}

extension MariaDBServer {
  package func hold() throws -> any ServerHold { try MariaDBHold(client) }
}
