internal import PythonSyntax
internal import Revisions

/// Reads `revision`, `down_revision`, `branch_labels` and `depends_on` out of a script's top level.
struct IdentifierReader {
  let path: String
  let module: Module
  let project: ProjectFiles

  func revision() throws(ScriptError) -> Revision {
    let evaluator = Evaluator(path: path, module: module, context: nil, project: project)
    defer { evaluator.close() }
    evaluator.loadModule()
    guard let id = try value("revision", evaluator), case .string(let name) = id.value else {
      throw ScriptError(
        .configuration,
        "the script does not say which revision it is: no string is assigned to 'revision'",
        at: location(SourcePosition(line: 1, column: 1)),
        hint: "move a file that is no migration out of the versions directory"
      )
    }
    guard let parents = try value("down_revision", evaluator) else {
      throw ScriptError(
        .configuration,
        "the script of revision \(name) has no 'down_revision'",
        at: location(id.position),
        hint: "write 'down_revision = None' for the first revision"
      )
    }
    return Revision(
      id: name,
      downRevisions: try names(parents, "down_revision"),
      dependsOn: try names(try value("depends_on", evaluator), "depends_on"),
      branchLabels: try names(try value("branch_labels", evaluator), "branch_labels"),
      message: Self.message(module.docstring),
      documentation: module.docstring.map(PythonText.stripped) ?? "",
      location: location(id.position),
      parentsLocation: location(parents.position)
    )
  }

  /// The docstring up to its first empty line, as alembic's log shows it.
  static func message(_ docstring: String?) -> String {
    guard let docstring else { return "" }
    let text = PythonText.stripped(docstring)
    // alembic splits at "\n\n": a line with spaces in it is not empty.
    var last: UInt8?
    let end = text.utf8.firstIndex { byte in
      defer { last = byte }
      return byte == UInt8(ascii: "\n") && last == byte
    }
    guard let end else { return text }
    return String(text[..<text.utf8.index(before: end)])
  }

  private struct Assigned {
    var value: PythonValue
    var position: SourcePosition
  }

  private func value(_ name: String, _ evaluator: Evaluator) throws(ScriptError) -> Assigned? {
    guard evaluator.globals.values[name] != nil, let value = evaluator.globals.lookUp(name) else {
      return nil
    }
    if case .unread(let error) = value { throw error }
    return Assigned(value: value, position: position(of: name))
  }

  private func names(_ assigned: Assigned?, _ field: String) throws(ScriptError) -> [String] {
    guard let assigned else { return [] }
    let values: [PythonValue]
    switch assigned.value {
    case .none: return []
    case .string(let name): return [name]
    case .tuple(let elements): values = elements
    case .list(let list): values = list.elements
    default: values = [assigned.value]
    }
    var names: [String] = []
    for value in values {
      guard case .string(let name) = value else {
        throw ScriptError(
          .configuration,
          "\(field) must be None, a string, or several strings",
          at: location(assigned.position),
          hint: "correct the script; alembic cannot read it either"
        )
      }
      names.append(name)
    }
    return names
  }

  private func position(of name: String) -> SourcePosition {
    var found = SourcePosition(line: 1, column: 1)
    for statement in module.body {
      switch statement.kind {
      case .assign(let targets, _) where targets.contains { $0.kind == .name(name) }:
        found = statement.position
      case .annotatedAssign(let target, _, _, _) where target.kind == .name(name):
        found = statement.position
      default: continue
      }
    }
    return found
  }

  private func location(_ position: SourcePosition) -> Revision.Location {
    Revision.Location(path: path, line: position.line, column: position.column)
  }
}
