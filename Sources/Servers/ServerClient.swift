package import DatabaseURLs
package import DurableFiles
internal import Processes

/// What all client programs are started with: where the server is, who asks, and an environment without passwords.
package final class ServerClient {
  /// What sessions of xm-safe itself are called, where a session has a name.
  static let application = "xm-safe"
  /// The database.
  package let address: ServerAddress
  /// Where unfinished files may be, which the next run removes if this one is killed.
  let directory: String
  let files: FileSystem
  /// How long to wait for the locks of others.
  package let lockTimeout: Duration
  /// The connection that holds the lock of this run; nil before there is one.
  var holder: String?
  /// Told, in a sentence, what has not stopped the work and must be known.
  package var notice: (String) -> Void = { _ in }
  /// How many seconds a server may take to let a client in, unless the user says so: one may take the call and never answer.
  private static let connectTimeout = "20"
  private let inherited: [String: String]
  private var secrets: [String: SecretFile] = [:]
  private var versions: [String: String] = [:]

  /// Describes a client.
  ///
  /// - Parameters:
  ///   - address: The database.
  ///   - environment: This program's environment. A password in it is used, and not handed on.
  ///   - directory: A directory that only its owner can read, for files with a password.
  ///   - lockTimeout: How long to wait for the locks of others.
  ///   - files: The file system to use.
  package init(
    _ address: ServerAddress,
    environment: [String: String],
    directory: String,
    lockTimeout: Duration,
    files: FileSystem = FileSystem()
  ) {
    var address = address
    let variable = address.dialect == .postgresql ? "PGPASSWORD" : "MYSQL_PWD"
    if address.password == nil, let text = environment[variable], !text.isEmpty {
      address.password = Password(text)
    }
    self.address = address
    self.directory = directory
    self.lockTimeout = lockTimeout
    self.files = files
    inherited = environment.filter { key, _ in
      // What a library's start-up or another address would change of what we ask for.
      ![
        "PGPASSWORD", "MYSQL_PWD", "XM_SAFE_PASSWORD", "PGOPTIONS", "PGSERVICE", "PGDATABASE",
        "PGCLIENTENCODING",
      ]
      .contains(key)
    }
  }

  /// What the database is called in messages: without a password.
  package var shown: String { "'" + address.display + "'" }

  /// SQLAlchemy's URL of the database, with the password: only for what no other process can see.
  ///
  /// - Parameter database: Another database on the same server.
  /// - Returns: The URL.
  package func url(database: String? = nil) -> String {
    func encoded(_ text: String) -> String {
      text.utf8.map { byte in
        let scalar = Unicode.Scalar(byte)
        let isPlain = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        guard byte < 0x80, isPlain || scalar == "_" || scalar == "-" || scalar == "." else {
          let digits = String(byte, radix: 16, uppercase: true)
          return "%" + (digits.count == 1 ? "0" : "") + digits
        }
        return String(Character(scalar))
      }.joined()
    }
    let scheme = address.isMariaDB ? "mariadb" : address.dialect.rawValue
    var url = scheme + (address.driver.map { "+" + $0 } ?? "") + "://"
    if let user = address.user {
      url += encoded(user) + (address.password.map { ":" + encoded($0.reveal()) } ?? "") + "@"
    }
    if let host = address.host, address.socket == nil {
      url += host.contains(":") ? "[\(host)]" : encoded(host)
    }
    if let port = address.port { url += ":\(port)" }
    url += "/" + encoded(database ?? address.database)
    var query = address.options.map { encoded($0.name) + "=" + encoded($0.value) }
    if let socket = address.socket {
      query.append((address.dialect == .postgresql ? "host=" : "unix_socket=") + encoded(socket))
    }
    return url + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  /// A program to run, with the variables that lead it to the server.
  ///
  /// - Parameters:
  ///   - name: The program.
  ///   - arguments: Its arguments.
  ///   - database: Another database on the same server.
  /// - Returns: The program, with its input and output to be set.
  /// - Throws: `ServerError` if it is not installed; `FileError`.
  func program(
    _ name: String,
    _ arguments: [String],
    database: String? = nil
  ) throws -> Program {
    guard Program.find(name, on: inherited["PATH"] ?? "") != nil else {
      throw ServerError(
        .program,
        "the program '\(name)' is not on PATH, and \(shown) cannot be reached without it",
        hint: "install the client programs of the server's version: \(package)"
      )
    }
    switch address.dialect {
    case .postgresql:
      var environment = inherited
      environment.merge(try postgresEnvironment(database ?? address.database)) { $1 }
      return Program(name, arguments, environment: environment)
    case .mysql:
      return Program(
        name,
        ["--defaults-extra-file=\(try mysqlOptions())"] + arguments,
        environment: inherited
      )
    }
  }

  private var package: String {
    switch address.dialect {
    case .postgresql: "Debian's package postgresql-client"
    case .mysql: "Debian's package mariadb-client"
    }
  }

  /// The version of a program, in its own words.
  ///
  /// - Parameter name: The program.
  /// - Returns: Its first line.
  /// - Throws: `ServerError` if it is not installed or does not work; `ProcessError`.
  func version(of name: String) throws -> String {
    if let known = versions[name] { return known }
    var program = try program(name, [])
    program.arguments = ["--version"]
    let result = try ChildProcess.run(program)
    let line = result.output.text.split(separator: "\n").first.map(String.init) ?? ""
    guard result.ending.isSuccess, !line.isEmpty else {
      throw ServerError(
        .program,
        "'\(name) --version' \(result.ending)",
        hint: "install the client programs again: \(package)"
      )
    }
    versions[name] = line
    return line
  }

  private func postgresEnvironment(_ database: String) throws -> [String: String] {
    var variables = [
      "PGDATABASE": database, "PGCLIENTENCODING": "UTF8", "PGAPPNAME": Self.application,
      // What the server says is matched where it has no code.
      "LC_ALL": "C.UTF-8",
    ]
    if let place = address.socket ?? address.host { variables["PGHOST"] = place }
    if let port = address.port { variables["PGPORT"] = "\(port)" }
    if let user = address.user { variables["PGUSER"] = user }
    for option in address.options {
      if let name = Self.postgresVariables[option.name] { variables[name] = option.value }
    }
    if variables["PGCONNECT_TIMEOUT"] == nil, inherited["PGCONNECT_TIMEOUT"] == nil {
      variables["PGCONNECT_TIMEOUT"] = Self.connectTimeout
    }
    if let password = address.password {
      let text = password.reveal()
      guard !text.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) else {
        throw ServerError(
          .refused,
          "the password for \(shown) has a line end in it, which PostgreSQL's programs cannot be told",
          hint: "give the user another password"
        )
      }
      let line = "*:*:*:*:" + Self.escaped(text, ["\\", ":"]) + "\n"
      variables["PGPASSFILE"] = try secret("postgresql", line)
    }
    return variables
  }

  /// What psycopg's URL options are called in the environment of libpq.
  private static let postgresVariables = [
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY", "sslcrl": "PGSSLCRL", "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS", "gssencmode": "PGGSSENCMODE",
    "channel_binding": "PGCHANNELBINDING", "krbsrvname": "PGKRBSRVNAME",
  ]

  private func mysqlOptions() throws -> String {
    var lines = ["[client]", "default-character-set=utf8mb4"]
    func add(_ name: String, _ value: String) {
      lines.append("\(name)=\"" + Self.escaped(value, ["\\", "\""]) + "\"")
    }
    if let socket = address.socket {
      add("socket", socket)
    } else if let host = address.host {
      add("host", host)
      // Else 'localhost' would be the default socket, which need not be the server that the driver reaches.
      lines.append("protocol=tcp")
    }
    if let port = address.port { lines.append("port=\(port)") }
    if let user = address.user { add("user", user) }
    for option in address.options where option.name.hasPrefix("ssl_") {
      let name = option.name.replacing("_", with: "-")
      if ["ssl-ca", "ssl-cert", "ssl-key", "ssl-capath", "ssl-cipher"].contains(name) {
        add(name, option.value)
      }
    }
    if let password = address.password {
      let text = password.reveal()
      guard !text.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) else {
        throw ServerError(
          .refused,
          "the password for \(shown) has a line end in it, which MariaDB's programs cannot be told",
          hint: "give the user another password"
        )
      }
      add("password", text)
    }
    // Only the client knows it: the programs that dump would refuse it.
    lines += ["[mysql]", "connect-timeout=\(Self.connectTimeout)"]
    // Else the server waits a day for a table that somebody else has in use.
    let seconds = max(1, lockTimeout.milliseconds / 1000)
    lines.append("init-command=\"SET SESSION lock_wait_timeout = \(seconds)\"")
    return try secret("mysql", lines.joined(separator: "\n") + "\n")
  }

  private static func escaped(_ text: String, _ special: Set<Unicode.Scalar>) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if special.contains(scalar) { escaped.append("\\") }
      escaped.append(scalar)
    }
    return String(escaped)
  }

  private func secret(_ name: String, _ content: String) throws(FileError) -> String {
    if let known = secrets[name] { return known.path }
    let file = try SecretFile(content, in: directory, files: files)
    secrets[name] = file
    return file.path
  }
}
