internal import DatabaseURLs
internal import Processes
internal import Snapshots

/// The named lock that keeps other runs of xm-safe off a database, on whatever machine they are.
///
/// The server gives it back when the connection ends, so it is never stale (https://mariadb.com/kb/en/get_lock/).
final class MariaDBHold: ServerHold {
  private let child: ChildProcess
  let identity: String

  init(_ client: ServerClient, database: String? = nil) throws {
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
    // Names are the whole server's, and have at most 64 characters.
    let name = "xm-safe:" + Store.key(for: database)
    var output: [UInt8] = []
    var errors = BoundedCapture()
    child.onOutput = { output += $0 }
    child.onErrors = { errors.append($0) }
    child.write(
      Array("SELECT GET_LOCK('\(name)', 0), IS_USED_LOCK('\(name)'), CONNECTION_ID();\n".utf8)
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
  }

  /// A session has no name that a program gives it, and to others than its own user it need not even show.
  func others(but application: String) throws -> [String]? { nil }

  deinit { release() }

  func release() {
    child.endInput()
    child.end(grace: .seconds(1))
  }
}

extension MariaDBServer {
  package func hold() throws -> any ServerHold { try MariaDBHold(client) }
}
