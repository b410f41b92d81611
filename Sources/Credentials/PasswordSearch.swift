package import DatabaseURLs
package import DurableFiles

/// Finds the password of a server's address where people keep passwords.
///
/// The first of these that has one counts: `--password-file`, `XM_SAFE_PASSWORD`, the file that `XM_SAFE_PASSWORD_FILE` names, the
/// URL or XManager's YAML file, `PGPASSWORD` or `MYSQL_PWD`, and `.pgpass` or `.my.cnf`. What is said to xm-safe alone comes first, then
/// what is said of this database, then what is said to all programs.
package struct PasswordSearch: Sendable {
  /// Where a password came from.
  package enum Source: String, Hashable, Sendable {
    /// The file of `--password-file` or `XM_SAFE_PASSWORD_FILE`.
    case passwordFile = "the password file"
    /// A variable.
    case environment = "the environment"
    /// The URL or the YAML file.
    case address = "the address"
    /// `.pgpass`.
    case pgpass = ".pgpass"
    /// `.my.cnf`.
    case optionFile = ".my.cnf"
  }

  /// What was found.
  package struct Finding: Sendable {
    /// The address with its password, if there is one.
    package var address: ServerAddress
    /// Where the password came from; nil if there is none.
    package var source: Source?
    /// Files that were passed over, and why: for the log.
    package var warnings: [String] = []
  }

  private let environment: [String: String]
  private let passwordFile: String?
  private let home: String?
  private let files: FileSystem

  /// Where libpq looks for the server's socket by default: Debian's directory, and the one of the sources.
  private static let defaultSockets: Set<String> = ["/var/run/postgresql", "/tmp"]

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - environment: The environment variables.
  ///   - passwordFile: The absolute path that `--password-file` names.
  ///   - home: The user's home directory; nil if there is none.
  ///   - files: The file system to use.
  package init(
    environment: [String: String],
    passwordFile: String? = nil,
    home: String?,
    files: FileSystem = FileSystem()
  ) {
    self.environment = environment
    self.passwordFile = passwordFile
    self.home = home
    self.files = files
  }

  /// Looks for the password of an address.
  ///
  /// - Parameter address: The address, with the password that it came with.
  /// - Returns: The address with the password that counts.
  /// - Throws: `AddressError` for a password file that is named and cannot be used, `FileError` for one of the usual files that is
  ///   there and cannot be read.
  package func complete(_ address: ServerAddress) throws -> Finding {
    var finding = Finding(address: address)
    func found(_ password: String, _ source: Source) -> Finding {
      finding.address.password = Password(password)
      finding.source = source
      return finding
    }
    if let passwordFile { return found(try firstLine(of: passwordFile), .passwordFile) }
    if let password = variable("XM_SAFE_PASSWORD") { return found(password, .environment) }
    if let path = variable("XM_SAFE_PASSWORD_FILE") {
      return found(try firstLine(of: path), .passwordFile)
    }
    if let password = address.password { return found(password.reveal(), .address) }
    switch address.dialect {
    case .postgresql:
      if let password = variable("PGPASSWORD") { return found(password, .environment) }
      if let password = try pgpass(address, &finding.warnings) { return found(password, .pgpass) }
    case .mysql:
      if let password = variable("MYSQL_PWD") { return found(password, .environment) }
      if let password = try optionFile(address, &finding.warnings) {
        return found(password, .optionFile)
      }
    }
    return finding
  }

  private func firstLine(of path: String) throws -> String {
    func refusal(_ reason: String) -> AddressError {
      AddressError(
        "the password file \(path.shownAsPath) \(reason)",
        hint: "write the password into its first line"
      )
    }
    let bytes: [UInt8]
    do {
      bytes = try ReadableFile.contents(of: path, limit: 64 << 10, calls: files.calls)
    } catch {
      throw AddressError(
        "the password file cannot be used: \(error.description)",
        hint: "check the path given with --password-file"
      )
    }
    var line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    guard let text = String(validating: line, as: UTF8.self), !line.contains(0) else {
      throw refusal("is not UTF-8 text")
    }
    guard !text.isEmpty else { throw refusal("begins with an empty line") }
    return text
  }

  private func pgpass(_ address: ServerAddress, _ warnings: inout [String]) throws -> String? {
    let named = variable("PGPASSFILE")
    guard let path = named ?? home.map({ $0 + "/.pgpass" }) else { return nil }
    guard let status = try FileStatus.ifPresent(path) else { return nil }
    guard status.kind == .file else {
      warnings.append("\(path.shownAsPath) is \(status.kind.rawValue), and no password file")
      return nil
    }
    guard status.mode & 0o077 == 0 else {
      warnings.append(
        "\(path.shownAsPath) is passed over, as others may read or write it; make it right with chmod 600"
      )
      return nil
    }
    let file = PasswordFile(
      try ReadableFile.contents(of: path, limit: 1 << 20, calls: files.calls)
    )
    let place = address.socket ?? address.host ?? variable("PGHOST") ?? "localhost"
    return file.password(
      host: Self.defaultSockets.contains(place) ? "localhost" : place,
      port: address.port ?? variable("PGPORT").flatMap { UInt16($0) }
        ?? address.dialect.defaultPort,
      database: address.database,
      user: address.user ?? variable("PGUSER") ?? variable("USER") ?? variable("LOGNAME") ?? ""
    )
  }

  /// The password of `~/.my.cnf`, unless the file names another user or another host: it is theirs then.
  private func optionFile(_ address: ServerAddress, _ warnings: inout [String]) throws -> String? {
    guard let path = home.map({ $0 + "/.my.cnf" }) else { return nil }
    guard let status = try FileStatus.ifPresent(path), status.kind == .file else { return nil }
    guard status.mode & 0o002 == 0 else {
      warnings.append("\(path.shownAsPath) is passed over, as everybody may write it")
      return nil
    }
    let bytes = try ReadableFile.contents(of: path, limit: 1 << 20, calls: files.calls)
    let file = OptionFile(String(decoding: bytes, as: UTF8.self))
    let groups: Set = ["client", "client-server", "client-mariadb"]
    guard let password = file.value("password", in: groups), !password.isEmpty else { return nil }
    if let user = file.value("user", in: groups), let own = address.user, user != own { return nil }
    if let host = file.value("host", in: groups), let own = address.host, host != own { return nil }
    return password
  }

  private func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
