internal import PythonSyntax
package import Revisions

/// One file of a versions directory: parsed, its identifiers read, nothing of it executed that could have an effect.
package struct Script: Sendable {
  /// The revision that it is.
  package let revision: Revision
  /// The file's path.
  package let path: String
  /// Its syntax tree.
  let module: Module
  /// Where the modules of its project are.
  let project: ProjectFiles
  /// Where the names come from that the project gives to constraints; nil where there is no env.py.
  var metadata: TargetMetadata?

  /// Where the script asks whether there is a database; nil if it does not.
  package var offlineQuestion: Revision.Location? {
    for statement in module.body {
      if let place = statement.mention(of: ["as_sql", "is_offline_mode"]) {
        return Revision.Location(path: path, line: place.line, column: place.column)
      }
    }
    return nil
  }

  /// Reads a script.
  ///
  /// - Parameters:
  ///   - path: The file's path, for locations.
  ///   - bytes: The file's content.
  /// - Throws: `ScriptError` with the place.
  package init(path: String, bytes: [UInt8]) throws(ScriptError) {
    try self.init(path: path, bytes: bytes, project: .none)
  }

  init(path: String, bytes: [UInt8], project: ProjectFiles) throws(ScriptError) {
    let module: Module
    do {
      module = try Module.parse(bytes: bytes)
    } catch {
      throw ScriptError(
        .syntax,
        error.message,
        at: Revision.Location(path: path, line: error.position.line, column: error.position.column),
        hint:
          "correct the script; if Python takes it as it is, report this"
      )
    }
    self.path = path
    self.module = module
    self.project = project
    revision = try IdentifierReader(path: path, module: module, project: project).revision()
  }
}
