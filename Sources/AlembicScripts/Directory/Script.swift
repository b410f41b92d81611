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

  /// Reads a script.
  ///
  /// - Parameters:
  ///   - path: The file's path, for locations.
  ///   - bytes: The file's content.
  /// - Throws: `ScriptError` with the place.
  package init(path: String, bytes: [UInt8]) throws(ScriptError) {
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
    revision = try IdentifierReader(path: path, module: module).revision()
  }
}
