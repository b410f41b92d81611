import Foundation

/// A database of one test on a server, with a user of its own whose password breaks careless quoting.
public final class TestDatabase: Sendable {
  /// The server.
  public let server: TestServer
  /// The database's name.
  public let name: String
  /// The user.
  public let user: String
  /// The user's password; a test may look for it where it must not be.
  public let password: String

  /// Creates the database and its user.
  ///
  /// - Parameters:
  ///   - server: The server.
  ///   - mayCreate: Whether the user may create further databases.
  /// - Throws: What the client said when it failed.
  public init(on server: TestServer, mayCreate: Bool = true) throws {
    self.server = server
    let unique = UUID().uuidString.prefix(8).lowercased()
    name = "t_\(unique)"
    user = "u_\(unique)"
    password = "s3cr:et/\\'\"#@ \(unique)"
    switch server.kind {
    case .postgresql:
      let secret = password.replacingOccurrences(of: "'", with: "''")
      try server.execute(
        """
        SET standard_conforming_strings = on;
        CREATE ROLE \(user) LOGIN \(mayCreate ? "CREATEDB" : "") PASSWORD '\(secret)';
        """
      )
      try server.execute("CREATE DATABASE \(name) OWNER \(user)")
    case .mariadb:
      let secret = password.replacingOccurrences(of: "\\", with: "\\\\")
        .replacingOccurrences(of: "'", with: "''")
      let scope = mayCreate ? "*.*" : "\(name).*"
      try server.execute(
        """
        CREATE DATABASE \(name);
        CREATE USER \(user)@'%' IDENTIFIED BY '\(secret)';
        GRANT ALL ON \(scope) TO \(user)@'%';
        """
      )
    }
  }

  deinit {
    switch server.kind {
    case .postgresql:
      _ = try? server.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
      _ = try? server.execute("DROP ROLE IF EXISTS \(user)")
    case .mariadb:
      _ = try? server.execute("DROP DATABASE IF EXISTS \(name); DROP USER IF EXISTS \(user)@'%'")
    }
  }

  /// SQLAlchemy's URL of it.
  ///
  /// - Parameters:
  ///   - other: Another password than the right one.
  ///   - driver: Another driver than the usual one.
  /// - Returns: The URL, with the driver that the tests' Python has.
  public func url(password other: String? = nil, driver: String? = nil) -> String {
    let scheme =
      switch server.kind {
      case .postgresql: "postgresql+\(driver ?? "psycopg2")"
      case .mariadb: "mysql+\(driver ?? "pymysql")"
      }
    let secret =
      (other ?? password).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "\(scheme)://\(user):\(secret)@127.0.0.1:\(server.port)/\(name)"
  }

  /// Runs SQL in it as the superuser.
  @discardableResult
  public func execute(_ sql: String) throws -> String {
    try server.execute(sql, in: name)
  }

  /// Everything in it, as its own dump program writes it; two of the same content give the same text.
  public func dump() throws -> String {
    let outcome: Command.Outcome
    switch server.kind {
    case .postgresql:
      outcome = try Command.run(
        ["pg_dump", "--inserts", "-d", name],
        environment: [
          "PGHOST": server.socket, "PGPORT": "\(server.port)", "PGUSER": server.user,
          "PGPASSWORD": server.password,
        ]
      )
    case .mariadb:
      outcome = try Command.run(
        [
          "mariadb-dump", "--no-defaults", "-u", server.user, "-S", server.socket, "--routines",
          "--triggers", "--events", "--hex-blob", "--skip-comments", "--skip-extended-insert",
          "--order-by-primary", name,
        ],
        environment: ["MYSQL_PWD": server.password]
      )
    }
    guard outcome.status == 0 else { throw TestServer.Unavailable(description: "\(outcome)") }
    // What is drawn by lot for each dump, and the order of rows of a table without a key.
    return outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("\\restrict") && !$0.hasPrefix("\\unrestrict") }
      .map(String.init).joined(separator: "\n")
  }
}
