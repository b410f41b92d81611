import Foundation
import TestKit
import Testing

/// `--type`: what column types of other packages are on SQLite.
@Suite struct TypeMapTests {
  static let package = """
    import sqlalchemy as sa
    class Id(sa.types.TypeDecorator):
        impl = sa.CHAR(32)
        def __init__(self, binary=False): super().__init__()
    class Money(sa.types.TypeDecorator):
        impl = sa.Numeric(10, 2)
        def __init__(self): super().__init__()
    """

  private static func project(
    _ imports: String,
    _ id: String,
    _ money: String
  ) throws
    -> ScriptProject
  {
    let project = try ScriptProject()
    // An installed package, which is not the project's.
    try project.scratch.write(package, to: "lib/site-packages/other_types/kinds.py")
    try project.scratch.write(
      "from .kinds import Id\n",
      to: "lib/site-packages/other_types/__init__.py"
    )
    try project.add(
      "aaaa1111",
      up: [
        imports,
        "op.create_table('t', sa.Column('id', \(id)(binary=True), primary_key=True), sa.Column('m', \(money)), sa.Column('n', \(money)(), nullable=False))",
        "with op.batch_alter_table('t') as b:",
        "    b.alter_column('m', type_=\(id)())",
        "    b.add_column(sa.Column('more', \(id)()))",
      ]
    )
    return project
  }

  static let names = [
    (
      "from other_types import Id\n    from other_types.kinds import Money", "Id", "Money",
      ["other_types.Id=CHAR(32)", "other_types.kinds.Money=NUMERIC(10, 2)"]
    ),
    (
      "import other_types.kinds", "other_types.kinds.Id", "other_types.kinds.Money",
      ["other_types.kinds.Id=CHAR(32)", "other_types.kinds.Money=NUMERIC(10, 2)"]
    ),
    (
      "import other_types.kinds as k", "k.Id", "k.Money",
      ["other_types.kinds.Id=CHAR(32)", "other_types.kinds.Money=NUMERIC(10, 2)"]
    ),
  ]

  @Test func `a type that is named is what alembic makes of it`() throws {
    for (imports, id, money, types) in Self.names {
      let ours = try Self.project(imports, id, money)
      let theirs = try Self.project(imports, id, money)
      let refused = try ours.run(["upgrade", "--engine", "native"], status: 24)
      // A module may be anything; what is imported under a class's name may be a type.
      let isNamed = imports.hasPrefix("from")
      #expect(refused.errors.contains("--type other_types.Id=SQL") == isNamed, "\(refused)")
      let plain = try Command.run(
        [Workshop.python, "-m", "alembic", "upgrade", "head"],
        in: theirs.scratch.path,
        environment: ["PYTHONPATH": theirs.scratch.file("lib/site-packages")]
      )
      try #require(plain.status == 0, "\(plain)")
      try ours.run(["upgrade", "--engine", "native"] + types.flatMap { ["--type", $0] })
      #expect(
        try DatabaseDump.text(ours.database) == DatabaseDump.text(theirs.database),
        "\(imports)"
      )
    }
  }

  @Test func `the file of settings names types as well`() throws {
    let (imports, id, money, types) = Self.names[0]
    let project = try Self.project(imports, id, money)
    let list = types.map { "\"\($0)\"" }.joined(separator: ", ")
    try project.scratch.write("type = [\(list)]\n", to: "xm-safe.toml")
    let outcome = try project.run(["upgrade"])
    #expect(outcome.errors.contains("Engine native: "), "\(outcome)")
  }

  @Test(arguments: ["Id=CHAR(32)", "a.B", "a.B=", "a.B=CHAR(32); DROP TABLE t", "a.1=TEXT"])
  func `what says nothing is refused`(_ pair: String) throws {
    let project = try ScriptProject.line()
    let outcome = try project.run(["upgrade", "--type", pair], status: 24)
    #expect(outcome.errors.contains("does not say what a type is"), "\(outcome)")
    #expect(outcome.errors.contains("write --type package.module.Name=SQL"), "\(outcome)")
  }
}
