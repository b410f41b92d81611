import Foundation
import TestKit
import Testing

/// A user with a virtual environment that has XManager's scripts, and a home with XManager's database.
struct XManagerWorld {
  let scratch: Scratch
  /// What the user's shell has in its environment.
  var environment: [String: String]

  /// XManager's default database.
  var database: String { scratch.file("home/.xmanager/experiments.sqlite3") }
  /// The virtual environment.
  var venv: String { scratch.file("venv") }

  /// Makes the world.
  ///
  /// XManager's packages in it say when they are imported, by a file that a test looks for.
  init(scripts: String = Workshop.xmanagerScripts, version: String = "0.8.5.post1") throws {
    scratch = try Scratch()
    try scratch.write("", to: "home/.xmanager/README")
    try scratch.write("", to: "work/README")
    let made = try Command.run(
      ["python3", "-m", "venv", "--without-pip", scratch.file("venv")]
    )
    #expect(made.status == 0, "\(made)")
    let asked = try Command.run(
      [
        scratch.file("venv/bin/python"), "-c",
        "import sysconfig; print(sysconfig.get_path('purelib'))",
      ]
    )
    let packages = asked.output.trimmingCharacters(in: .newlines)
    #expect(packages.hasPrefix(scratch.path))
    let relative = String(packages.dropFirst(scratch.path.count + 1))
    let trap = "open('\(scratch.file("imported"))', 'w')\n"
    for package in ["", "/xm_local", "/xm_local/storage"] {
      try scratch.write(trap, to: relative + "/xmanager\(package)/__init__.py")
    }
    try scratch.write("", to: relative + "/xmanager-\(version).dist-info/METADATA")
    try FileManager.default.copyItem(
      atPath: scripts,
      toPath: packages + "/xmanager/xm_local/storage/alembic"
    )
    environment = [
      "HOME": scratch.file("home"), "VIRTUAL_ENV": scratch.file("venv"), "PYTHONPATH": "",
    ]
    try SampleDatabases.legacy(database, hasTitle: true)
  }

  /// Whether a package of XManager was imported.
  var wasImported: Bool { FileManager.default.fileExists(atPath: scratch.file("imported")) }

  /// Runs the program in the working directory, and expects how it ends.
  @discardableResult
  func run(
    _ arguments: [String],
    status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(
      arguments,
      in: scratch.file("work"),
      environment: environment
    )
    #expect(outcome.status == status, "\(arguments): \(outcome)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Writes a YAML file of XManager.
  @discardableResult
  func yaml(_ connector: String, _ settings: String) throws -> String {
    try scratch.write(
      "sql_connector: \(connector)\nsql_connection_settings: {\(settings)}\n",
      to: "work/db.yaml"
    )
  }
}
