import TestKit
import Testing

/// A history of revisions, for the drawings.
struct GraphCase: CustomTestStringConvertible, Sendable {
  /// One script.
  struct Script: Sendable {
    var id: String
    var parents: [String]
    var message: String
    var needs: [String] = []
    var labels: [String] = []

    init(
      _ id: String,
      _ parents: [String] = [],
      _ message: String? = nil,
      needs: [String] = [],
      labels: [String] = []
    ) {
      self.id = id
      self.parents = parents
      self.message = message ?? "Step \(id)."
      self.needs = needs
      self.labels = labels
    }
  }

  /// The golden file's name.
  var name: String
  var scripts: [Script]
  /// Where the database is; none for no table of versions.
  var current: [String] = []
  var arguments: [String] = []
  var testDescription: String { name }

  /// Writes the scripts.
  func write(into scratch: Scratch) throws {
    try scratch.write("", to: "migrations/versions/README")
    for script in scripts {
      let message = script.message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      try scratch.write(
        """
        \"\"\"\(message)\"\"\"
        revision = "\(script.id)"
        down_revision = \(Self.tuple(script.parents))
        branch_labels = \(Self.tuple(script.labels))
        depends_on = \(Self.tuple(script.needs))


        def upgrade():
            pass
        """,
        to: "migrations/versions/\(script.id).py"
      )
    }
    let rows = current.map { "INSERT INTO alembic_version VALUES ('\($0)')" }
    try SampleDatabases.create(
      scratch.file("a.db"),
      ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"] + rows
    )
  }

  private static func tuple(_ values: [String]) -> String {
    values.isEmpty ? "None" : "(" + values.map { "\"\($0)\", " }.joined() + ")"
  }

  static let all = [
    GraphCase(name: "nothing", scripts: []),
    GraphCase(name: "one", scripts: [Script("a1")]),
    GraphCase(
      name: "line",
      scripts: [Script("a1"), Script("a2", ["a1"]), Script("a3", ["a2"])],
      current: ["a2"],
      arguments: ["-i"]
    ),
    GraphCase(
      name: "branch",
      scripts: [
        Script("a1"), Script("b1", ["a1"], labels: ["left"]), Script("b2", ["b1"]),
        Script("c1", ["a1"], labels: ["right"]),
      ],
      current: ["b1", "c1"],
      arguments: ["-i"]
    ),
    GraphCase(
      name: "merge",
      scripts: [
        Script("a1"), Script("b1", ["a1"]), Script("b2", ["b1"]), Script("c1", ["a1"]),
        Script("d1", ["b2", "c1"], "Merge b and c."), Script("d2", ["d1"]),
      ]
    ),
    GraphCase(
      name: "three at once",
      scripts: [
        Script("a1"), Script("b1", ["a1"]), Script("c1", ["a1"]), Script("d1", ["a1"]),
        Script("e1", ["b1", "c1", "d1"]),
      ]
    ),
    GraphCase(
      name: "branches in branches",
      scripts: [
        Script("a1"), Script("b1", ["a1"]), Script("c1", ["a1"]), Script("d1", ["b1"]),
        Script("e1", ["b1"]), Script("f1", ["d1", "e1"]), Script("g1", ["c1"]),
        Script("h1", ["f1", "g1"]), Script("i1", ["c1"]),
      ]
    ),
    GraphCase(
      name: "several roots",
      scripts: [
        Script("a1", labels: ["accounts"]), Script("a2", ["a1"]),
        Script("b1", labels: ["billing"]), Script("b2", ["b1"], needs: ["accounts"]),
        Script("c1", labels: ["catalogue"]),
      ]
    ),
    GraphCase(
      name: "roots merged",
      scripts: [Script("a1"), Script("b1"), Script("c1", ["a1", "b1"]), Script("c2", ["c1"])]
    ),
    GraphCase(
      name: "a part",
      scripts: [
        Script("a1"), Script("a2", ["a1"]), Script("a3", ["a2"]), Script("a4", ["a3"]),
      ],
      arguments: ["--rev-range", "a2:a3"]
    ),
    GraphCase(
      name: "names that break careless programs",
      scripts: [
        Script("a1", [], "Say \"x\" & <b>; #1 [y] {z} \\n | `q` --> é"),
        Script("graph", ["a1"], "end"),
      ]
    ),
  ]
}
