import Schema
import Testing

/// The rebuild of XManager's legacy tables by its one alembic revision.
@Suite struct LegacyRebuildTests {
  static let bigInteger = sa("BigInteger")
  static let string = sa("String", [.integer(255)])

  @Test func `the legacy Experiment is rebuilt as alembic does it`() throws {
    let table = try ReflectedTable.parse(
      name: "Experiment",
      sql: """
        CREATE TABLE Experiment (
          Id INTEGER,
          Title TEXT,
          PRIMARY KEY(Id)
        )
        """,
      columns: [
        PragmaColumn(name: "Id", type: "INTEGER", primaryKeyPosition: 1),
        PragmaColumn(name: "Title", type: "TEXT"),
      ]
    )
    let batch = BatchAlteration(
      "Experiment",
      changes: [
        .alterColumn(
          ColumnAlteration(
            "Id",
            newName: "experiment_id",
            type: Self.bigInteger,
            existingType: sa("Integer")
          )
        ),
        .alterColumn(
          ColumnAlteration("Title", newName: "experiment_title", type: Self.string)
        ),
      ]
    )
    let rebuild = try TableRebuild(of: table, applying: batch)
    let tmp = "\"_alembic_tmp_Experiment\""
    #expect(
      rebuild.statements == [
        "\nCREATE TABLE \(tmp) (\n\texperiment_id BIGINT, \n\texperiment_title VARCHAR(255), "
          + "\n\tPRIMARY KEY (experiment_id)\n)\n\n",
        "INSERT INTO \(tmp) (experiment_id, experiment_title) "
          + "SELECT \"Experiment\".\"Id\", \"Experiment\".\"Title\" \nFROM \"Experiment\"",
        "\nDROP TABLE \"Experiment\"",
        "ALTER TABLE \(tmp) RENAME TO \"Experiment\"",
      ]
    )
    #expect(rebuild.losses == [])
  }

  @Test func `the legacy Job keeps its column order and its three-column key`() throws {
    let batch = BatchAlteration(
      "Job",
      changes: [
        .alterColumn(
          ColumnAlteration("ExperimentId", newName: "experiment_id", type: Self.bigInteger)
        ),
        .alterColumn(ColumnAlteration("WorkUnitId", newName: "work_unit_id")),
        .alterColumn(ColumnAlteration("Name", newName: "job_name", type: Self.string)),
        .alterColumn(ColumnAlteration("Data", newName: "job_data", type: Self.string)),
      ]
    )
    let rebuild = try TableRebuild(of: Self.job(), applying: batch)
    #expect(
      rebuild.statements == [
        created(
          "\"_alembic_tmp_Job\"",
          [
            "experiment_id BIGINT", "work_unit_id INTEGER", "job_name VARCHAR(255)",
            "job_data VARCHAR(255)", "PRIMARY KEY (experiment_id, work_unit_id, job_name)",
          ]
        ),
        "INSERT INTO \"_alembic_tmp_Job\" (experiment_id, work_unit_id, job_name, job_data) "
          + "SELECT \"Job\".\"ExperimentId\", \"Job\".\"WorkUnitId\", \"Job\".\"Name\", "
          + "\"Job\".\"Data\" \nFROM \"Job\"",
        "\nDROP TABLE \"Job\"",
        "ALTER TABLE \"_alembic_tmp_Job\" RENAME TO \"Job\"",
      ]
    )
    #expect(rebuild.losses == [])
  }

  @Test func `a legacy Experiment without Title fails by its key`() throws {
    let table = try ReflectedTable.parse(
      name: "Experiment",
      sql: "CREATE TABLE Experiment (\n  Id INTEGER,\n  PRIMARY KEY(Id)\n)",
      columns: [PragmaColumn(name: "Id", type: "INTEGER", primaryKeyPosition: 1)]
    )
    let change = ColumnAlteration("Title", newName: "experiment_title", type: Self.string)
    #expect(throws: SchemaError(.key, "'Title'")) {
      try TableRebuild(
        of: table,
        applying: BatchAlteration("Experiment", changes: [.alterColumn(change)])
      )
    }
  }

  @Test func `tables are renamed in two steps`() throws {
    let first = try SQLiteDDL.statements(for: .renameTable(from: "Job", to: "tmp_job"))
    let second = try SQLiteDDL.statements(for: .renameTable(from: "tmp_job", to: "job"))
    #expect(first == ["ALTER TABLE \"Job\" RENAME TO tmp_job"])
    #expect(second == ["ALTER TABLE tmp_job RENAME TO job"])
  }

  private static func job() throws -> ReflectedTable {
    try ReflectedTable.parse(
      name: "Job",
      sql: """
        CREATE TABLE Job (
          ExperimentId INTEGER,
          WorkUnitId INTEGER,
          -- Name of the Job to identify it within the work unit.
          Name TEXT,
          -- Metadata of the Job.
          Data TEXT,
          PRIMARY KEY(ExperimentId, WorkUnitId, Name)
        )
        """,
      columns: [
        PragmaColumn(name: "ExperimentId", type: "INTEGER", primaryKeyPosition: 1),
        PragmaColumn(name: "WorkUnitId", type: "INTEGER", primaryKeyPosition: 2),
        PragmaColumn(name: "Name", type: "TEXT", primaryKeyPosition: 3),
        PragmaColumn(name: "Data", type: "TEXT"),
      ],
      indexes: [
        PragmaIndex(
          name: "sqlite_autoindex_Job_1",
          isUnique: true,
          origin: "pk",
          columns: ["ExperimentId", "WorkUnitId", "Name"],
          sql: nil
        )
      ]
    )
  }
}
