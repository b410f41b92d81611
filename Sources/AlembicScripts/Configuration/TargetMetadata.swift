internal import DurableFiles
internal import PythonSyntax
internal import Revisions
internal import Schema
internal import Synchronization

/// The naming convention of the `target_metadata` in a project's env.py, which alembic gives to constraints without a name.
///
/// It is looked for only when a script makes something that it could name, and once for all scripts: reading the models of an
/// application takes time.
final class TargetMetadata: Sendable {
  private let directory: String
  private let files: FileSystem
  private let known = Mutex<Result<NamingConvention, ScriptError>?>(nil)

  /// Names the directory of an env.py.
  init(directory: String, files: FileSystem) {
    self.directory = directory
    self.files = files
  }

  private var path: String { directory + "/env.py" }

  /// Whether it was looked for, and found.
  var isFound: Bool {
    known.withLock { known in
      if case .success? = known { true } else { false }
    }
  }

  /// The convention.
  ///
  /// - Throws: `ScriptError` if it cannot be told what it is.
  func convention() throws(ScriptError) -> NamingConvention {
    let outcome = known.withLock { known in
      let outcome = known ?? Result { () throws(ScriptError) in try read() }
      known = outcome
      return outcome
    }
    return try outcome.get()
  }

  private func read() throws(ScriptError) -> NamingConvention {
    let project = ProjectFiles(around: directory, files: files)
    guard let tree = project.tree(path) else { return NamingConvention() }
    let evaluator = Evaluator(path: path, module: tree, context: nil, project: project)
    evaluator.loadModule(isLenient: true)
    var found: Set<NamingConvention> = []
    var isKnown = true
    for expression in Self.expressions(in: tree) {
      let scope = Self.scope(of: tree, evaluator)
      if let assigned = Self.assigned(to: expression, in: tree, scope, evaluator) {
        found.insert(assigned)
        continue
      }
      switch Self.value(of: expression, in: scope, evaluator) {
      case .some(.none), .list?, .tuple?: found.insert(NamingConvention())
      case .object(let object as MetaDataObject)?: found.insert(object.naming)
      default: isKnown = false
      }
    }
    if isKnown, found.count <= 1 { return found.first ?? NamingConvention() }
    // Where nothing in the project speaks of a convention there is none.
    if found.count <= 1, !project.mentions("naming_convention") { return NamingConvention() }
    throw ScriptError.notRead(
      "the naming convention of target_metadata is not read, and it names what this revision makes",
      at: Revision.Location(path: path, line: 1, column: 1)
    )
  }

  /// What stands for `target_metadata=` in the calls of `context.configure`, or the name itself.
  private static func expressions(in tree: Module) -> [Expression] {
    var found: [Expression] = []
    func visit(_ expression: Expression) {
      if case .call(let function, let arguments) = expression.kind,
        case .attribute(_, "configure") = function.kind
      {
        for argument in arguments where argument.kind == .keyword("target_metadata") {
          if !found.contains(where: { $0.kind == argument.value.kind }) {
            found.append(argument.value)
          }
        }
      }
      expression.children.forEach(visit)
    }
    func visit(_ statements: [Statement]) {
      for statement in statements {
        statement.childExpressions.forEach(visit)
        visit(statement.childStatements)
      }
    }
    visit(tree.body)
    guard found.isEmpty else { return found }
    let names = tree.body.flatMap(\.boundNames)
    return names.contains("target_metadata")
      ? [Expression(name: "target_metadata", at: SourcePosition(line: 1, column: 1))] : []
  }

  /// The names of the module, and those that its functions import.
  private static func scope(of tree: Module, _ evaluator: Evaluator) -> Scope {
    let scope = Scope(outer: evaluator.globals)
    func visit(_ statements: [Statement], isTopLevel: Bool) {
      for statement in statements {
        switch statement.kind {
        case .import, .importFrom:
          guard !isTopLevel else { continue }
          do { _ = try evaluator.execute(statement, in: scope) } catch { continue }
        default: visit(statement.childStatements, isTopLevel: false)
        }
      }
    }
    visit(tree.body, isTopLevel: true)
    return scope
  }

  private static func value(
    of expression: Expression,
    in scope: Scope,
    _ evaluator: Evaluator
  ) -> PythonValue? {
    do { return try evaluator.evaluate(expression, in: scope) } catch { return nil }
  }

  /// What the file itself sets as the convention of an expression.
  private static func assigned(
    to expression: Expression,
    in tree: Module,
    _ scope: Scope,
    _ evaluator: Evaluator
  ) -> NamingConvention? {
    for statement in tree.body {
      guard case .assign(let targets, let value) = statement.kind, targets.count == 1,
        case .attribute(let owner, "naming_convention") = targets[0].kind,
        owner.kind == expression.kind,
        let given = self.value(of: value, in: scope, evaluator)
      else { continue }
      let metadata = MetaDataObject(NamingConvention())
      if metadata.set("naming_convention", to: given) { return metadata.naming }
    }
    return nil
  }
}
