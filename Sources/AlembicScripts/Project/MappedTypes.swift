internal import Schema

/// What column types of other packages are on SQLite, as the user says: their `impl` is in modules that are not read.
package struct MappedTypes: Sendable {
  /// A type, or a module that leads to one.
  enum Found {
    case type(ColumnType)
    case module
  }

  private var types: [String: ColumnType] = [:]

  /// None.
  package init() {}

  /// Takes what the user says.
  ///
  /// - Parameter pairs: Each as `package.module.Name=SQL`.
  /// - Throws: `ScriptError` for what is no such pair.
  package init(_ pairs: [String]) throws(ScriptError) {
    for pair in pairs {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, Self.isDotted(parts[0]), Self.isType(parts[1]) else {
        throw ScriptError(
          .configuration,
          "'\(pair)' does not say what a type is",
          hint: "write --type package.module.Name=SQL, for example --type my_types.Id='CHAR(32)'"
        )
      }
      do {
        var type = try ColumnType.reflected(parts[1]).written(as: parts[1])
        // What it makes of values only its package knows.
        type.changesValues = true
        types[parts[0]] = type
      } catch {
        throw ScriptError(
          .configuration,
          "'\(parts[1])' is no type of a column on SQLite: \(error)",
          hint: "write it as CREATE TABLE has it, for example CHAR(32)"
        )
      }
    }
  }

  /// What a dotted name leads to; nil if the user has not named it.
  func find(_ name: String) -> Found? {
    if let type = types[name] { return .type(type) }
    return types.keys.contains { $0.hasPrefix(name + ".") } ? .module : nil
  }

  /// The value of a dotted name in a script; nil if the user has not named it.
  func value(_ name: String) -> PythonValue? {
    switch find(name) {
    case .type(let type): .object(MappedType(type))
    case .module: .object(MappedModule(name, self))
    case nil: nil
    }
  }

  private static func isDotted(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1
      && parts.allSatisfy { part in
        !part.isEmpty && !(part.first?.isNumber ?? true)
          && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      }
  }

  /// Words, and one or two numbers in parentheses.
  private static func isType(_ sql: String) -> Bool {
    sql.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_ ]*(\([0-9]+(, ?[0-9]+)?\))?/) != nil
  }
}

/// A column type of another package.
final class MappedType: PythonCallable {
  /// What it is on SQLite, whatever its arguments.
  let type: ColumnType

  init(_ type: ColumnType) {
    self.type = type
  }

  var typeName: String { "type" }
  func attribute(_ name: String) -> PythonValue? { nil }
  func call(_ arguments: CallArguments) throws -> PythonValue { .schema(.type(type)) }
}

/// A module of another package, of which nothing but the types is known that the user has named.
final class MappedModule: PythonObject {
  private let name: String
  private let types: MappedTypes

  init(_ name: String, _ types: MappedTypes) {
    self.name = name
    self.types = types
  }

  var typeName: String { "module '\(name)'" }
  func attribute(_ name: String) -> PythonValue? { types.value("\(self.name).\(name)") }
}
