internal import PythonSyntax
internal import Schema

/// Classes, as far as they are read: exceptions, enumerations, and types of columns.
extension Evaluator {
  func classValue(
    _ definition: ClassDefinition,
    at position: SourcePosition,
    in scope: Scope
  ) throws -> PythonValue {
    if let model = ModelClass(definition) { return .object(model) }
    guard definition.decorators.isEmpty, !definition.arguments.isEmpty,
      definition.arguments.allSatisfy({ $0.kind == .positional })
    else { throw notRead("a class of this kind is not read", at: position) }
    let bases = try definition.arguments.map { try evaluate($0.value, in: scope) }
    switch bases[0] {
    case .exceptionClass(let parent):
      guard modules.exceptions.add(definition.name, kindOf: parent) else {
        throw notRead("an exception named '\(definition.name)' is not read", at: position)
      }
      if !definition.isBare { modules.exceptions.noteOpaque(definition.name) }
      return .exceptionClass(definition.name)
    case .object(let base as TypeName):
      switch base.name {
      case "TypeDecorator", "UserDefinedType":
        return .object(try TypeClass(definition, at: position, self))
      case "Enum", "StrEnum", "IntEnum":
        return .object(try EnumClass(definition, bases, at: position, self))
      case "DeclarativeBase": return .object(try declarativeBase(definition, at: position))
      default: break
      }
    case .schema(.typeName), .schema(.dialectType):
      if bases.count == 1 {
        return .object(try TypeSubclass(definition, of: bases[0], at: position, self))
      }
    case .builtinType("str"), .builtinType("int"):
      if bases.count == 2, case .object(let base as TypeName) = bases[1], base.name == "Enum" {
        return .object(try EnumClass(definition, bases, at: position, self))
      }
    default: break
    }
    throw notRead("a class of this kind is not read", at: position)
  }

  /// `class Base(DeclarativeBase): metadata = ...`.
  private func declarativeBase(
    _ definition: ClassDefinition,
    at position: SourcePosition
  ) throws -> DeclarativeBase {
    var metadata: PythonValue?
    for statement in definition.body {
      switch statement.kind {
      case .assign(let targets, let value)
      where targets.count == 1 && targets[0].kind == .name("metadata"):
        metadata = try evaluate(value, in: globals)
      case .annotatedAssign(let target, _, let value?, _) where target.kind == .name("metadata"):
        metadata = try evaluate(value, in: globals)
      default: continue
      }
    }
    return DeclarativeBase(metadata)
  }
}

extension ClassDefinition {
  /// Whether there is nothing in it but a docstring or `pass`.
  fileprivate var isBare: Bool {
    body.allSatisfy { statement in
      switch statement.kind {
      case .pass: true
      case .expression(let value): value.stringLiteral != nil
      default: false
      }
    }
  }
}

/// An enumeration of a script or of the project.
final class EnumClass: PythonObject {
  let name: String
  private let members: [EnumMember]

  init(
    _ definition: ClassDefinition,
    _ bases: [PythonValue],
    at position: SourcePosition,
    _ evaluator: Evaluator
  ) throws {
    name = definition.name
    var mixin: String?
    if case .builtinType(let type) = bases[0] { mixin = type }
    if case .object(let base as TypeName) = bases[0], base.name == "StrEnum" { mixin = "StrEnum" }
    var members: [EnumMember] = []
    for statement in definition.body {
      switch statement.kind {
      case .pass, .functionDefinition: continue
      case .expression(let value) where value.stringLiteral != nil: continue
      case .assign(let targets, let value):
        guard targets.count == 1, case .name(let member) = targets[0].kind, !member.hasPrefix("_")
        else {
          throw evaluator.notRead(
            "this member of an enumeration is not read",
            at: statement.position
          )
        }
        let value = try evaluator.evaluate(value, in: evaluator.globals)
        guard !members.contains(where: { $0.value.equals(value) != false }) else {
          throw evaluator.notRead("an alias in an enumeration is not read", at: statement.position)
        }
        members.append(EnumMember(member, value, of: definition.name, mixin: mixin))
      default:
        throw evaluator.notRead("this part of an enumeration is not read", at: statement.position)
      }
    }
    self.members = members
  }

  var typeName: String { "EnumMeta" }
  var memberNames: [String] { members.map(\.name) }
  var elements: [PythonValue]? { members.map { .object($0) } }

  func attribute(_ name: String) -> PythonValue? {
    if name == "__name__" { return .string(self.name) }
    return members.first { $0.name == name }.map { .object($0) }
  }

  func element(at index: PythonValue) -> PythonValue? {
    guard case .string(let name) = index else { return nil }
    return attribute(name)
  }
}

/// A member of an enumeration.
final class EnumMember: PythonObject {
  let name: String
  let value: PythonValue
  private let owner: String
  private let mixin: String?

  init(_ name: String, _ value: PythonValue, of owner: String, mixin: String?) {
    self.name = name
    self.value = value
    self.owner = owner
    self.mixin = mixin
  }

  var typeName: String { owner }

  /// `str()` of a member of `class X(str, Enum)` changed with Python 3.11 in formats: only StrEnum is clear.
  var text: String? { mixin == "StrEnum" ? value.text : nil }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "name": .string(self.name)
    case "value": value
    default: nil
    }
  }

  func equals(_ other: PythonValue) -> Bool? {
    if case .object(let member as EnumMember) = other {
      return member.owner == owner && member.name == name
    }
    return mixin == nil ? false : value.equals(other)
  }
}

/// A model of an application, of which only the name of its table is read.
final class ModelClass: PythonObject {
  private let name: String
  private let table: String

  /// Reads a class; nil if it names no table.
  init?(_ definition: ClassDefinition) {
    let tables = definition.body.compactMap { statement -> String? in
      switch statement.kind {
      case .assign(let targets, let value)
      where targets.count == 1 && targets[0].kind == .name("__tablename__"):
        value.stringLiteral
      case .annotatedAssign(let target, _, let value?, _)
      where target.kind == .name("__tablename__"):
        value.stringLiteral
      default: nil
      }
    }
    guard tables.count == 1 else { return nil }
    name = definition.name
    table = tables[0]
  }

  var typeName: String { "model '\(name)'" }
  func attribute(_ name: String) -> PythonValue? { name == "__tablename__" ? .string(table) : nil }
}
