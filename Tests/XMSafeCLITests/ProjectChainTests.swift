import Foundation
import TestKit
import Testing

/// Whole chains of real projects, upgraded with their own alembic under guard: as plain alembic upgrades a copy.
@Suite struct ProjectChainTests {
  /// The Python with MLflow, Langflow's scripts, and what they import.
  static let applications = Workshop.root + "/.cache/applications/bin/python"

  /// One database in two directories, for the two programs.
  private struct Pair {
    // alembic reads a percent sign in the path of an ini file as the beginning of a name.
    let scratch = Result { try Scratch(named: "xm-safe test #1") }
    let python: String
    let configuration: [String]
    let target: String

    /// A database's schema and rows, sorted, without what a script makes up.
    ///
    /// alembic writes constraints and indexes in the order of a Python set; identifiers and times are made up.
    private static func normalised(_ path: String) throws -> [String] {
      try DatabaseDump.text(path)
        .replacing(/[0-9a-f]{32}/, with: "ID")
        .replacing(
          /[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?/,
          with: "TIME"
        )
        .split(separator: "\n")
        .map { line in line.trimmingCharacters(in: CharacterSet(charactersIn: ", \t")) }
        .sorted()
    }

    func expectEqual(
      versions table: String,
      prepare: (String) throws -> Void,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let scratch = try scratch.get()
      for name in ["plain", "guarded"] {
        try FileManager.default.createDirectory(
          atPath: scratch.file(name),
          withIntermediateDirectories: true
        )
        try prepare(scratch.file(name))
      }
      var environment = ["PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"]
      environment["XM_SAFE_PYTHON"] = python
      let plain = try Command.run(
        [python.replacing("/bin/python", with: "/bin/alembic"), "upgrade", target],
        in: scratch.file("plain"),
        environment: environment
      )
      #expect(plain.status == 0, "\(plain)", sourceLocation: sourceLocation)
      let guarded = try Workshop.xmSafe(
        ["upgrade", target, "--db", "app.db", "--engine", "alembic"] + configuration,
        in: scratch.file("guarded"),
        environment: environment
      )
      #expect(guarded.status == 0, "\(guarded)", sourceLocation: sourceLocation)
      let (ours, theirs) = (scratch.file("guarded/app.db"), scratch.file("plain/app.db"))
      #expect(
        try Self.normalised(ours) == Self.normalised(theirs),
        sourceLocation: sourceLocation
      )
      let rows = try Command.run(["sqlite3", ours, "SELECT count(*) FROM \(table)"])
      #expect(rows.output != "0\n" && rows.status == 0, sourceLocation: sourceLocation)
    }
  }

  private static let ini = """
    [alembic]
    script_location = migrations
    sqlalchemy.url = sqlite:///app.db
    """

  @Test func `MLflow's chain, from its own first tables`() throws {
    let pair = Pair(
      python: Self.applications,
      configuration: ["--scripts", "mlflow:store/db_migrations"],
      target: "heads"
    )
    try pair.expectEqual(versions: "alembic_version") { directory in
      let program = """
        import os, sqlalchemy, mlflow
        from mlflow.store.tracking.dbmodels.initial_models import Base
        engine = sqlalchemy.create_engine("sqlite:///app.db")
        Base.metadata.create_all(engine)
        with engine.begin() as connection:
          connection.execute(sqlalchemy.text(
            "INSERT INTO experiments(experiment_id, name, artifact_location, lifecycle_stage)"
            " VALUES (0, 'Default', 'a', 'active'), (7, 'e', 'b', 'active')"))
        print(os.path.dirname(mlflow.__file__))
        """
      let made = try Command.run(
        [Self.applications, "-W", "ignore", "-c", program],
        in: directory
      )
      #expect(made.status == 0, "\(made)")
      let home = made.output.trimmingCharacters(in: .newlines)
      try Self.write(
        """
        [alembic]
        script_location = \(home)/store/db_migrations
        sqlalchemy.url = sqlite:///app.db
        """,
        to: directory + "/alembic.ini"
      )
    }
  }

  @Test func `Langflow's chain, up to the first revision that needs the whole application`() throws
  {
    let pair = Pair(
      python: Self.applications,
      configuration: ["-c", "alembic.ini"],
      target: "e8f1a2b3c4d5"
    )
    try pair.expectEqual(versions: "langflow_versions") { directory in
      let asked = try Command.run(
        [
          Self.applications, "-c",
          "import importlib.util; print(importlib.util.find_spec('langflow').submodule_search_locations[0])",
        ]
      )
      let home = asked.output.trimmingCharacters(in: .newlines)
      try Self.write(Self.ini, to: directory + "/alembic.ini")
      try Self.write(Self.langflowEnvironment, to: directory + "/migrations/env.py")
      try FileManager.default.createSymbolicLink(
        atPath: directory + "/migrations/versions",
        withDestinationPath: home + "/alembic/versions"
      )
    }
  }

  private static func write(_ text: String, to path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}
