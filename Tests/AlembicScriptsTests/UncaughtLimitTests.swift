import AlembicScripts
import Testing

/// What is not read here, and Python would take, no script can catch: it would go on another way than with alembic.
@Suite struct UncaughtLimitTests {
  static let calls = [
    "int('0x1f', 16)", "'abc'.find('c', 1)", "'abc'.startswith('b', 1)", "'a b'.split(maxsplit=1)",
    "'abc'.splitlines(True)", "str(object=5)", "sa.String('10')",
    "sa.Column(sa.Integer, name='c')", "sa.Column('c', sa.Integer, nullable=None)",
    "op.create_index('ix', 't', 'name')",
    "op.add_column('t', sa.Column('c', sa.String(), server_default=sa.cast('1', sa.Integer)))",
    "op.bulk_insert(sa.table('t', sa.column('id')), [{'id': 1, 'other': 2}])",
  ]

  @Test(arguments: calls)
  func `a call that is not read ends the run, whatever the script catches`(_ call: String) throws {
    let body = "try:\n    x = \(call)\nexcept Exception:\n    pass"
    let error = #expect(throws: ScriptError.self) {
      let script = try ScriptTests.script(ScriptTests.source(body))
      try ScriptRunner.check(of: script)
      try ScriptRunner.run(of: script, actions: RecordedActions())
    }
    #expect(error?.code == .notRead, "\(String(describing: error))")
  }
}
