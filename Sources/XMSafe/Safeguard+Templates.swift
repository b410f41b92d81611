internal import AlembicScripts
internal import DurableFiles

/// What xm-safe can make of alembic's own choice, and where alembic itself is needed.
extension Safeguard {
  /// The templates of `initialize`.
  ///
  /// - Returns: The templates, by name.
  public func templates() -> [TemplateRecord] {
    NewScriptDirectory.Template.allCases
      .map { TemplateRecord(name: $0.rawValue, synopsis: $0.synopsis) }
      .sorted { $0.name < $1.name }
  }

  func template(_ name: String) throws -> NewScriptDirectory.Template {
    guard let template = NewScriptDirectory.Template(rawValue: name) else {
      throw Failure(
        .refused,
        "there is no template '\(name.shownOnOneLine)'",
        next:
          "'xm-safe list_templates' shows what there is; 'alembic init -t' has others, which xm-safe reads as well"
      )
    }
    return template
  }

  /// Refuses what compares the database with the project's models.
  ///
  /// - Parameter command: The command of alembic that does it.
  /// - Throws: `Failure`, always.
  public func autogenerate(by command: String) throws(Failure) {
    let ini = options.configuration.map { "-c \($0.shownOnOneLine) " } ?? ""
    throw Failure(
      .refused,
      "--autogenerate compares the database with the project's models, and xm-safe imports none",
      next: "'alembic \(ini)\(command)' of the project does that; what it writes, xm-safe runs"
    )
  }
}
