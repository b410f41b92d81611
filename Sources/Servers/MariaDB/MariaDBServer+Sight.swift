internal import DurableFiles

/// What a user may not see is not saved, and mariadb-dump does not say so.
extension MariaDBServer {
  /// Refuses routines of which the user may see the name and not the text, and says where it may not even see the name.
  func checkRoutines() throws {
    let hidden = try query(
      """
      SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES
      WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_DEFINITION IS NULL ORDER BY 1, 2 LIMIT 1
      """
    )
    if let row = hidden.first, row.count == 2 {
      throw ServerError(
        .refused,
        "the user may not see the text of the \(row[0].lowercased()) \(row[1].shownAsPath) of \(client.shown), which would not be saved",
        hint: "use a user with all privileges on the database, and SELECT on mysql.proc"
      )
    }
    let privileges = try self.privileges()
    let kinds = [
      ("procedures and functions", ["EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE"]),
      ("triggers", ["TRIGGER"]),
    ]
    for (kind, any) in kinds where privileges.isDisjoint(with: any + ["ALL PRIVILEGES"]) {
      client.notice(
        "The user may not see \(kind) of \(client.shown): if there are any, they are not saved; use a user with all privileges on the database"
      )
    }
  }

  /// Views that refer to what is not there any more, with their queries: those that the server itself calls invalid (error 1356).
  ///
  /// That a view cannot be opened for another reason, such as a table that somebody has locked, is thrown: it is not broken.
  func brokenViews(of database: String) throws -> [(name: String, text: String)] {
    // The comment tells which may be, but only where the number of rows is asked for, which has the server open them.
    let suspected = try query(
      """
      SELECT TABLE_NAME, COALESCE(VIEW_DEFINITION, '') FROM information_schema.TABLES
      LEFT JOIN information_schema.VIEWS USING (TABLE_SCHEMA, TABLE_NAME)
      WHERE TABLE_SCHEMA = \(Self.literal(database)) AND TABLE_TYPE = 'VIEW'
      AND (TABLE_COMMENT <> 'VIEW' OR COALESCE(TABLE_ROWS, 0) > 0) ORDER BY 1
      """
    )
    return try suspected.compactMap { row in
      guard row.count == 2 else { return nil }
      do {
        try query("SHOW COLUMNS FROM \(Self.quoted(database)).\(Self.quoted(row[0]))")
        return nil
      } catch let error as ServerError where error.message.contains("ERROR 1356 ") {
        return (name: row[0], text: row[1])
      }
    }
  }

  /// The user's privileges on all of the database.
  private func privileges() throws -> Set<String> {
    var found: Set<String> = []
    for line in try query("SHOW GRANTS").compactMap(\.first) {
      // "GRANT SELECT, INSERT ON `app\\_1`.* TO `user`@`host`"
      guard line.hasPrefix("GRANT "), let on = line.firstRange(of: " ON "),
        let end = line[on.upperBound...].firstRange(of: ".* TO ")
      else { continue }
      let scope = String(line[on.upperBound..<end.lowerBound])
      let pattern = scope.dropFirst().dropLast().replacing("``", with: "`")
      let isMeant =
        try scope == "*"
        || query("SELECT DATABASE() LIKE '\(pattern.replacing("'", with: "''"))'").first == ["1"]
      guard isMeant else { continue }
      found.formUnion(
        line[..<on.lowerBound].dropFirst(6).split(separator: ",").map {
          $0.trimmingPrefix(" ").uppercased()
        }
      )
    }
    return found
  }
}
