import Foundation
import SQLite
import TestKit
import Testing

/// Options from the command line, the environment and the settings file.
@Suite struct SettingsTests {
  struct Precedence: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var arguments: [String] = []
    var variables: [String: String] = [:]
    var file = ""
    var expected: String
  }

  static let file = "wait = \"1s\"\n[upgrade]\nwait = \"2s\"\n"
  static let profile = "[profile.p]\nwait = \"3s\"\n[profile.p.upgrade]\nwait = \"4s\"\n"

  static let precedences = [
    Precedence(testDescription: "nothing", expected: "0s from default"),
    Precedence(testDescription: "the file", file: "wait = \"1s\"\n", expected: "1s from file"),
    Precedence(testDescription: "a number", file: "wait = 7\n", expected: "7 from file"),
    Precedence(testDescription: "the command's table", file: file, expected: "2s from file"),
    Precedence(
      testDescription: "a profile",
      arguments: ["--profile", "p"],
      file: file + "[profile.p]\nwait = \"3s\"\n",
      expected: "3s from profile"
    ),
    Precedence(
      testDescription: "the command's table of a profile",
      arguments: ["--profile=p"],
      file: file + profile,
      expected: "4s from profile"
    ),
    Precedence(
      testDescription: "a profile that a variable names",
      variables: ["XM_SAFE_PROFILE": "p"],
      file: file + profile,
      expected: "4s from profile"
    ),
    Precedence(
      testDescription: "a profile that is not chosen",
      file: file + profile,
      expected: "2s from file"
    ),
    Precedence(
      testDescription: "a variable",
      arguments: ["--profile", "p"],
      variables: ["XM_SAFE_WAIT": "5s"],
      file: file + profile,
      expected: "5s from environment"
    ),
    Precedence(
      testDescription: "an empty variable",
      variables: ["XM_SAFE_WAIT": ""],
      file: file,
      expected: "2s from file"
    ),
    Precedence(
      testDescription: "the command line",
      arguments: ["--profile", "p", "--wait", "6s"],
      variables: ["XM_SAFE_WAIT": "5s"],
      file: file + profile,
      expected: "6s from command line"
    ),
    Precedence(
      testDescription: "the command line with an equals sign",
      arguments: ["--wait=6s"],
      variables: ["XM_SAFE_WAIT": "5s"],
      expected: "6s from command line"
    ),
  ]

  @Test(arguments: precedences)
  func `the command line counts before the variable, the profile, the file`(
    _ test: Precedence
  ) throws {
    let world = try SettingsWorld()
    try world.settings(test.file)
    let report = try world.report(["upgrade"] + test.arguments, test.variables)
    #expect(report.line("wait") == test.expected)
  }

  struct Alternative: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var arguments: [String] = []
    var variables: [String: String] = [:]
    var file = ""
    var expected: [String: String]
  }

  static let alternatives = [
    Alternative(
      testDescription: "a YAML file on the command line, a database in the environment",
      arguments: ["--xm-db-yaml-config-path", "x"],
      variables: ["XM_SAFE_DB": "y"],
      expected: ["xm-db-yaml-config-path": "x from command line", "db": " from default"]
    ),
    Alternative(
      testDescription: "both in the environment",
      variables: ["XM_SAFE_DB": "y", "XM_SAFE_XM_DB_YAML": "x"],
      expected: ["xm-db-yaml-config-path": " from default", "db": "y from environment"]
    ),
    Alternative(
      testDescription: "alembic's own variable before the file",
      variables: ["ALEMBIC_CONFIG": "a.ini"],
      file: "scripts = \"/s\"\n",
      expected: ["config": "a.ini from environment", "scripts": " from default"]
    ),
    Alternative(
      testDescription: "a password before a password's file",
      variables: ["XM_SAFE_PASSWORD": "secret"],
      file: "password-file = \"/p\"\n",
      expected: ["password-file": " from default"]
    ),
    Alternative(
      testDescription: "a password's file on the command line before a password",
      arguments: ["--password-file", "p"],
      variables: ["XM_SAFE_PASSWORD": "secret"],
      expected: ["password-file": "p from command line"]
    ),
  ]

  @Test(arguments: alternatives)
  func `of two answers to one question only the higher one counts`(_ test: Alternative) throws {
    let world = try SettingsWorld()
    try world.settings(test.file)
    let report = try world.report(["upgrade"] + test.arguments, test.variables)
    for (option, expected) in test.expected { #expect(report.line(option) == expected) }
    #expect(!"\(report)".contains("secret"))
  }

  struct Mistake: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var file = ""
    var variables: [String: String] = [:]
    var arguments = ["list"]
    var status: Int32 = 24
    var says: String
  }

  static let mistakes = [
    Mistake(
      testDescription: "an unknown option",
      file: "# one\nstroe = \"x\"\n",
      says: "xm-safe.toml:2:1: there is no option 'stroe'; did you mean 'store'?"
    ),
    Mistake(
      testDescription: "nothing near",
      file: "nonsense = \"x\"\n",
      says: "xm-safe.toml:1:1: there is no option 'nonsense'\n"
    ),
    Mistake(
      testDescription: "an underscore",
      file: "keep_daily = 3\n",
      says: "there is no option 'keep_daily'; did you mean 'keep-daily'?"
    ),
    Mistake(
      testDescription: "an option of another command",
      file: "[upgrade]\nkeep-daily = 3\n",
      says: "xm-safe.toml:2:1: there is no option 'keep-daily' of 'upgrade'"
    ),
    Mistake(
      testDescription: "an unknown command",
      file: "[upgarde]\nwait = 3\n",
      says: "xm-safe.toml:1:1: there is no command 'upgarde'; did you mean 'upgrade'?"
    ),
    Mistake(
      testDescription: "a mistake in a profile that is not chosen",
      file: "[profile.x]\nwiat = 3\n",
      says: "xm-safe.toml:2:1: there is no option 'wiat'; did you mean 'wait'?"
    ),
    Mistake(
      testDescription: "a profile that is no table",
      file: "profile = \"x\"\n",
      says: "xm-safe.toml:1:1: a profile is a table of its own: [profile.NAME]"
    ),
    Mistake(
      testDescription: "an unknown profile",
      file: "[profile.tracking]\nwait = 3\n",
      arguments: ["list", "--profile", "traking"],
      says: "there is no profile 'traking' in"
    ),
    Mistake(
      testDescription: "the file's name in the file",
      file: "settings = \"x\"\n",
      says: "xm-safe.toml:1:1: 'settings' cannot be set in a file"
    ),
    Mistake(
      testDescription: "no TOML",
      file: "wait = 3s\na = = 2\n",
      says: "xm-safe.toml:2:1: this is no TOML: "
    ),
    Mistake(
      testDescription: "a text for true or false",
      file: "quiet = \"yes\"\n",
      says: "xm-safe.toml:1:1: 'quiet' is true or false"
    ),
    Mistake(
      testDescription: "true for a text",
      file: "store = true\n",
      says: "xm-safe.toml:1:1: 'store' has a value of its own, and is not just switched on or off"
    ),
    Mistake(
      testDescription: "several values for one",
      file: "store = [\"a\", \"b\"]\n",
      says: "xm-safe.toml:1:1: 'store' has one value"
    ),
    Mistake(
      testDescription: "a value that the option does not take",
      file: "\n\nlog-format = \"xml\"\n",
      says: "xm-safe.toml:3:1: the value 'xml' is invalid for '--log-format"
    ),
    Mistake(
      testDescription: "a value that the command judges",
      file: "busy-timeout = -4\n",
      says: "xm-safe.toml:1:1: --busy-timeout takes a number of seconds from 0 to 86400"
    ),
    Mistake(
      testDescription: "a rule of another command that it cannot read",
      file: "[prune]\nkeep-daily = 7.5\n",
      arguments: ["prune"],
      says: "xm-safe.toml:2:1: \"7.5\" is no number of snapshots"
    ),
    Mistake(
      testDescription: "a profile where there is no file",
      arguments: ["list", "--profile", "zz"],
      says: "there is no settings file that could have a profile 'zz'"
    ),
    Mistake(
      testDescription: "a profile of the environment where there is no file",
      variables: ["XM_SAFE_PROFILE": "zz"],
      says: "there is no settings file that could have a profile 'zz'"
    ),
    Mistake(
      testDescription: "two databases",
      file: "db = \"a\"\nxm-db-yaml-config-path = \"b\"\n",
      says: "xm-safe.toml:2:1: 'db' and 'xm-db-yaml-config-path' are two answers to one question"
    ),
    Mistake(
      testDescription: "a variable that is neither true nor false",
      variables: ["XM_SAFE_QUIET": "perhaps"],
      status: 64,
      says: "the variable XM_SAFE_QUIET must be true or false"
    ),
    Mistake(
      testDescription: "a variable with a value that the option does not take",
      variables: ["XM_SAFE_WAIT": "soon"],
      status: 64,
      says: "the value 'soon' is invalid for '--wait <duration>', from the variable XM_SAFE_WAIT"
    ),
    Mistake(
      testDescription: "a file that is not there",
      arguments: ["list", "--settings", "none.toml"],
      says: "the settings cannot be read: cannot look at"
    ),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told in one sentence, with its place`(_ test: Mistake) throws {
    let world = try SettingsWorld()
    if !test.file.isEmpty { try world.settings(test.file) }
    let outcome = try world.run(test.arguments, test.variables, status: test.status)
    #expect(outcome.errors.contains(test.says), "\(outcome)")
    #expect(outcome.errors.contains("\n  state: the database was not touched\n  next:  "))
    let json = try world.run(test.arguments + ["--json"], test.variables, status: test.status)
    let error = try JSONSerialization.jsonObject(with: Data(json.errors.utf8)) as? [String: Any]
    #expect((error?["error"] as? [String: Any])?["exitCode"] as? Int32 == test.status)
  }

  @Test func `settings of others are not obeyed`() throws {
    let world = try SettingsWorld()
    let path = try world.settings("wait = 3\n")
    #expect(chmod(path, 0o666) == 0)
    let outcome = try world.run(["list"], status: 24)
    #expect(outcome.errors.contains("may be changed by other users"))
    #expect(chmod(path, 0o644) == 0)
    #expect(chown(path, 4711, 4711) == 0)
    try world.run(["list"], status: 24)
  }

  @Test func `the file beside the store or the database comes before the user's own`() throws {
    let world = try SettingsWorld()
    func value(_ arguments: [String] = [], _ variables: [String: String] = [:]) throws -> String {
      try world.report(arguments, variables).line("wait")
    }
    #expect(try value() == "0s from default")
    try world.scratch.write("wait = 1\n", to: "home/.config/xm-safe/xm-safe.toml")
    #expect(try value() == "1 from file")
    try world.scratch.write("wait = 2\n", to: "xdg/xm-safe/xm-safe.toml")
    let xdg = ["XDG_CONFIG_HOME": world.scratch.file("xdg")]
    #expect(try value([], xdg) == "2 from file")
    try world.settings("wait = 3\n")
    #expect(try value([], xdg) == "3 from file")
    try world.scratch.write("wait = 4\n", to: "data/xm-safe.toml")
    #expect(try value(["--db", world.scratch.file("data/x.db")]) == "4 from file")
    #expect(try value(["--db", "sqlite:///../data/x.db"]) == "4 from file")
    #expect(try value([], ["XM_SAFE_STORE": world.scratch.file("data/Backups")]) == "4 from file")
    try world.scratch.write("wait = 5\n", to: "else.toml")
    #expect(try value(["--settings", "../else.toml"]) == "5 from file")
    #expect(try value([], ["XM_SAFE_SETTINGS": world.scratch.file("else.toml")]) == "5 from file")
  }

  @Test func `the profile of a database is found by the database`() throws {
    let world = try SettingsWorld()
    try world.settings(
      """
      [profile.one]
      db = "~/one.db"
      wait = 1
      [profile.two]
      db = "../two.db"
      wait = 2
      [profile.three]
      db = "postgresql://user:geheim@host/three"
      wait = 3
      """
    )
    let here = ["XM_SAFE_SETTINGS": "xm-safe.toml"]
    for (database, expected) in [
      (world.scratch.file("home/one.db"), "1 from profile"), ("../two.db", "2 from profile"),
      ("sqlite:///../two.db", "2 from profile"),
      ("postgresql://user:geheim@host/three", "3 from profile"), ("four.db", "0s from default"),
    ] {
      let report = try world.report(["--db", database], here)
      #expect(report.line("wait") == expected, "\(database)")
      #expect(!"\(report)".contains("geheim"))
    }
    let named = try world.report(["--profile", "three"])
    #expect(named.line("db") == "postgresql://user:***@host/three from profile")
    #expect(named.database == "postgresql://user@host/three")
    #expect(named.profile == "three")
    let one = try world.report(["--profile", "one"])
    #expect(one.database == world.scratch.file("home/one.db"))
    #expect(one.store == world.scratch.file("home/Backups"))
  }

  @Test func `every option of every command may be set, each with its own variable`() throws {
    let world = try SettingsWorld()
    let dump = try Workshop.xmSafe(["--experimental-dump-help"])
    let program = try #require(
      try JSONSerialization.jsonObject(with: Data(dump.output.utf8)) as? [String: Any]
    )
    let root = try #require(program["command"] as? [String: Any])
    let commands = try #require(root["subcommands"] as? [[String: Any]])
    var count = 0
    for command in commands {
      let name = try #require(command["commandName"] as? String)
      guard name != "help", (command["subcommands"] as? [Any] ?? []).isEmpty else { continue }
      var file = "[\(name)]\n"
      var variables: [String: String] = [:]
      var options: [String] = []
      for argument in command["arguments"] as? [[String: Any]] ?? [] {
        let names = argument["names"] as? [[String: String]] ?? []
        guard let long = names.first(where: { $0["kind"] == "long" })?["name"],
          !["help", "version", "settings", "profile"].contains(long)
        else { continue }
        // One of two answers to one question is enough, and the report itself is asked for as JSON.
        guard !["xm-db-yaml-config-path", "config", "mermaid", "dot", "json"].contains(long) else {
          continue
        }
        let isFlag = argument["kind"] as? String == "flag"
        let value = (argument["allValues"] as? [String])?.first ?? "1"
        file += isFlag ? "\(long) = true\n" : "\(long) = \"\(value)\"\n"
        variables["XM_SAFE_" + long.uppercased().replacing("-", with: "_")] =
          isFlag ? "yes" : value
        options.append(long)
      }
      try world.settings(file)
      let fromFile = try world.report([name])
      try world.settings("")
      let fromVariables = try world.report([name], variables)
      for option in options {
        #expect(fromFile.line(option).hasSuffix(" from file"), "\(name) \(option)")
        #expect(fromVariables.line(option).hasSuffix(" from environment"), "\(name) \(option)")
        count += 1
      }
    }
    #expect(count > 250)
  }

  @Test func `what is set is what a command does`() throws {
    let subject = try Subject()
    let scratch = subject.scratch
    try scratch.write(
      """
      store = "other store"
      scripts = "\(Workshop.xmanagerScripts)"
      [prune]
      keep-last = 1
      dry-run = true
      """,
      to: "xm-safe.toml"
    )
    for _ in 1...3 { try subject.run(["snapshot"]) }
    #expect(try scratch.names(in: "other store").filter { $0.hasSuffix(".gz") }.count == 3)
    #expect(!FileManager.default.fileExists(atPath: subject.store))
    let dry = try subject.run(["prune"]).output
    #expect(dry.contains("would remove"))
    let wet = try Workshop.xmSafe(
      ["prune", "--db", subject.path],
      environment: ["XM_SAFE_DRY_RUN": "no"]
    )
    #expect(wet.status == 0 && wet.output.contains("removed"), "\(wet)")
    #expect(try scratch.names(in: "other store").filter { $0.hasSuffix(".gz") }.count == 1)
    try subject.run(["check"], status: 23)
  }

  @Test func `a variable that is nearly one is named`() throws {
    let world = try SettingsWorld()
    let outcome = try world.run(
      ["config"],
      ["XM_SAFE_STROE": "x", "XM_SAFE_TEST_SOMETHING": "y", "XM_SAFE_KEEP_DAILY": "3"]
    )
    #expect(
      outcome.errors
        == "WARNI [xm_safe.config] The variable XM_SAFE_STROE is not known, and does nothing; XM_SAFE_STORE is\n"
    )
    #expect(
      outcome.output.contains(
        "prune --keep-daily             3      environment (XM_SAFE_KEEP_DAILY)"
      )
    )
  }
}
