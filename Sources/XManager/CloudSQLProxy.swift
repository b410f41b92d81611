package import DatabaseURLs
internal import Processes

/// A way to a Cloud SQL instance: Google's Cloud SQL Auth Proxy, one that runs already or one that is started for as long as this lives.
///
/// XManager connects through Google's Python connector; `pg_dump` and its like need a port, and the proxy has one
/// (https://cloud.google.com/sql/docs/postgres/sql-proxy). It listens on loopback, and the password still goes to the server.
package final class CloudSQLProxy {
  /// Where the database is reached.
  package let address: ServerAddress
  private let child: ChildProcess?

  private static let program = "cloud-sql-proxy"

  /// Opens the way to an address that names an instance.
  ///
  /// - Parameters:
  ///   - address: The address.
  ///   - proxy: A proxy that runs, as `HOST:PORT`; nil to start one.
  ///   - environment: The environment variables; `PRIVATE_IP` means the instance's private address, as to XManager.
  /// - Throws: `AddressError`, `Stopped`.
  package init(
    to address: ServerAddress,
    through proxy: String?,
    environment: [String: String]
  ) throws {
    var address = address
    if let proxy {
      let place = try Self.place(proxy)
      (address.host, address.port) = (place.host, place.port)
      child = nil
    } else {
      let started = try Self.start(address, environment)
      (address.host, address.port) = ("127.0.0.1", started.port)
      child = started.child
    }
    self.address = address
  }

  /// Ends the proxy if it was started here.
  package func close() { child?.end() }

  deinit { close() }

  /// Takes `HOST:PORT` apart; an IPv6 address is in brackets.
  private static func place(_ text: String) throws(AddressError) -> (host: String, port: UInt16) {
    if let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      port > 0
    {
      var host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
      if !host.isEmpty { return (String(host), port) }
    }
    throw AddressError(
      "the place of the Cloud SQL Auth Proxy is not HOST:PORT",
      hint: "write it as 127.0.0.1:5432"
    )
  }

  private static func start(
    _ address: ServerAddress,
    _ environment: [String: String]
  ) throws -> (child: ChildProcess, port: UInt16) {
    let instance = address.instance ?? ""
    guard let path = Program.find(program, on: environment["PATH"] ?? "") else {
      throw AddressError(
        "the database is on Cloud SQL (\(instance)), and there is no '\(program)' on PATH",
        hint: "install it, or start it yourself and name it with --cloudsql-proxy HOST:PORT"
      )
    }
    var last = ""
    // Somebody may have the port: then another one is tried.
    for _ in 0..<5 {
      let port = UInt16.random(in: 20_000..<60_000)
      var arguments = ["--address", "127.0.0.1", "--port", String(port)]
      if environment["PRIVATE_IP"].map({ !$0.isEmpty }) == true { arguments.append("--private-ip") }
      let child = try ChildProcess(
        Program(path, arguments + [instance], environment: environment)
      )
      let said = Said()
      child.onOutput = { said.output.append($0) }
      child.onErrors = { said.errors.append($0) }
      do {
        let isReady = try child.talk(until: .now + .seconds(60)) {
          said.output.text.contains("ready for new connections")
        }
        if isReady { return (child, port) }
      } catch let error as ProcessError {
        child.end()
        throw refusal(instance, error.description)
      }
      last = said.errors.text + said.output.text
      if !last.contains("address already in use") { break }
    }
    let line = last.split(separator: "\n").last.map(String.init) ?? "it ended without a word"
    throw refusal(instance, line)
  }

  private static func refusal(_ instance: String, _ reason: String) -> AddressError {
    AddressError(
      "the Cloud SQL Auth Proxy for \(instance) does not start: \(reason)",
      hint:
        "'\(program) \(instance)' shows what it says; 'gcloud auth application-default login' gives it a login"
    )
  }

  private final class Said {
    var output = BoundedCapture()
    var errors = BoundedCapture()
  }
}
