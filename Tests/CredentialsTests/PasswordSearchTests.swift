import Credentials
import DatabaseURLs
import Foundation
import TestKit
import Testing

@Suite struct PasswordSearchTests {
  /// A home directory with all the usual files, and a named one.
  struct World {
    let scratch: Scratch
    var environment: [String: String] = [:]
    var passwordFile: String?

    init() throws {
      scratch = try Scratch()
      let pgpass = try scratch.write("*:*:xm:ada:of-pgpass\n", to: ".pgpass")
      chmod(pgpass, 0o600)
      try scratch.write("[client]\nuser=ada\npassword='of-my.cnf'\n", to: ".my.cnf")
      try scratch.write("of-file\nmore\n", to: "file")
      try scratch.write("of-other-file\r\n", to: "other")
    }

    func find(_ url: String) throws -> PasswordSearch.Finding {
      let search = PasswordSearch(
        environment: environment,
        passwordFile: passwordFile,
        home: scratch.path
      )
      return try search.complete(ServerAddress(SQLAlchemyURL(url)))
    }
  }

  @Test func `the first place that has a password counts`() throws {
    var world = try World()
    let url = "postgresql://ada:of-url@h/xm"
    world.environment = [
      "XM_SAFE_PASSWORD": "of-variable", "XM_SAFE_PASSWORD_FILE": world.scratch.file("other"),
      "PGPASSWORD": "of-libpq", "MYSQL_PWD": "of-mysql",
    ]
    world.passwordFile = world.scratch.file("file")
    func expect(_ password: String?, _ source: PasswordSearch.Source?, _ url: String) throws {
      let finding = try world.find(url)
      #expect(finding.address.password?.reveal() == password)
      #expect(finding.source == source)
      #expect(finding.warnings == [])
    }
    try expect("of-file", .passwordFile, url)
    world.passwordFile = nil
    try expect("of-variable", .environment, url)
    world.environment["XM_SAFE_PASSWORD"] = ""
    try expect("of-other-file", .passwordFile, url)
    world.environment["XM_SAFE_PASSWORD_FILE"] = nil
    try expect("of-url", .address, url)
    try expect("of-libpq", .environment, "postgresql://ada@h/xm")
    try expect("of-mysql", .environment, "mysql://ada@h/xm")
    world.environment = [:]
    try expect("of-pgpass", .pgpass, "postgresql://ada@h/xm")
    try expect("of-my.cnf", .optionFile, "mariadb+pymysql://ada@h/xm")
    try expect(nil, nil, "postgresql://bob@h/xm")
    try expect(nil, nil, "mysql://bob@h/xm")
    world.environment = ["PGUSER": "ada", "PGPASSFILE": world.scratch.file(".pgpass")]
    try expect("of-pgpass", .pgpass, "postgresql://h/xm")
    world.environment = ["PGPASSFILE": world.scratch.file("none")]
    try expect(nil, nil, "postgresql://ada@h/xm")
  }

  @Test func `the default socket is localhost to a password file`() throws {
    let world = try World()
    let path = try world.scratch.write("localhost:*:*:*:local\n/run/pg:*:*:*:own\n", to: ".pgpass")
    chmod(path, 0o600)
    for (url, password) in [
      ("postgresql://u@/xm", "local"), ("postgresql://u@/xm?host=/var/run/postgresql", "local"),
      ("postgresql://u@/xm?host=/run/pg", "own"), ("postgresql://u@localhost/xm", "local"),
    ] {
      #expect(try world.find(url).address.password?.reveal() == password)
    }
    #expect(try world.find("postgresql://u@127.0.0.1/xm").address.password == nil)
  }

  @Test func `files that others may write or read are passed over with a warning`() throws {
    let world = try World()
    chmod(world.scratch.file(".pgpass"), 0o640)
    chmod(world.scratch.file(".my.cnf"), 0o666)
    for url in ["postgresql://ada@h/xm", "mysql://ada@h/xm"] {
      let finding = try world.find(url)
      #expect(finding.address.password == nil)
      #expect(finding.warnings.count == 1)
    }
  }

  @Test func `an option file for another host keeps its password`() throws {
    let world = try World()
    try world.scratch.write("[client]\nhost=a\npassword=secret\n", to: ".my.cnf")
    #expect(try world.find("mysql://ada@b/xm").address.password == nil)
    #expect(try world.find("mysql://ada@a/xm").address.password?.reveal() == "secret")
  }

  @Test(arguments: ["", "\nsecret\n", "a\u{0}b"])
  func `a password file without a password in its first line is refused`(_ text: String) throws {
    var world = try World()
    world.passwordFile = try world.scratch.write(text, to: "file")
    #expect(throws: AddressError.self) { try world.find("postgresql://ada@h/xm") }
    world.passwordFile = world.scratch.file("none")
    #expect(throws: AddressError.self) { try world.find("postgresql://ada@h/xm") }
  }
}
