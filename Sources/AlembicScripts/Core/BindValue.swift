internal import Revisions
internal import Schema

/// A value of Python on its way into the database, as SQLAlchemy's types and Python's sqlite3 pass it on.
struct BindValue {
  var value: SQLValue

  init(_ value: SQLValue) {
    self.value = value
  }

  /// Converts a value for a column of a type.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - type: The type; nil where SQLAlchemy goes by the value.
  ///   - location: The place of the call.
  /// - Throws: `ScriptError` for what SQLAlchemy does not take, or the reader does not know.
  init(_ value: PythonValue, type: ColumnType?, _ location: Revision.Location) throws(ScriptError) {
    let affinity = (type ?? Self.type(of: value)).affinity
    if type?.changesValues == true {
      throw .notRead(
        "a value for a column whose type changes it in Python is not read",
        at: location
      )
    }
    if case .none = value, type?.storesNoneAsNull == true {
      self.value = .null
      return
    }
    if affinity == .json {
      guard let text = JSONText.text(of: value) else { throw Self.notRead(value, location) }
      self.value = .text(text)
      return
    }
    switch (value, affinity) {
    case (.none, _): self.value = .null
    case (.boolean(let isTrue), .boolean), (.boolean(let isTrue), .integer),
      (.boolean(let isTrue), .null):
      self.value = .integer(isTrue ? 1 : 0)
    case (.integer(let number), .boolean):
      guard number == 0 || number == 1 else {
        throw ScriptError(
          .raised("StatementError"),
          "(builtins.ValueError) Value \(number) is not None, True, or False",
          at: location
        )
      }
      self.value = .integer(number)
    case (_, .boolean):
      throw ScriptError(
        .raised("StatementError"),
        "(builtins.TypeError) Not a boolean value: \(value.representation ?? value.typeName)",
        at: location
      )
    case (.integer(let number), .numeric), (.integer(let number), .float):
      guard let real = Double(exactly: number) else { throw Self.notRead(value, location) }
      self.value = .real(real)
    case (.integer(let number), .integer), (.integer(let number), .null),
      (.integer(let number), .string):
      self.value = .integer(number)
    case (.float(let number), .numeric), (.float(let number), .float), (.float(let number), .null),
      (.float(let number), .integer):
      self.value = .real(number)
    case (.string(let text), .string), (.string(let text), .null), (.string(let text), .integer):
      guard !text.utf8.contains(0) else { throw Self.notRead(value, location) }
      self.value = .text(text)
    case (.schema(.finalName(let text)), .string), (.schema(.finalName(let text)), .null):
      self.value = .text(text)
    case (.string(let text), .uuid) where type?.hasTextUUIDs == true:
      self.value = .text(text.filter { $0 != "-" })
    case (.bytes(let bytes), .binary), (.bytes(let bytes), .null): self.value = .blob(bytes)
    case (.object(let date as DateValue), _):
      guard let text = date.stored(as: affinity) else { throw Self.notRead(value, location) }
      self.value = .text(text)
    case (.object(let uuid as UUIDValue), .uuid): self.value = .text(uuid.hex)
    case (_, .date), (_, .dateTime), (_, .time):
      throw ScriptError(
        .raised("StatementError"),
        "(builtins.TypeError) SQLite \(affinity == .date ? "Date" : affinity == .time ? "Time" : "DateTime") type only accepts Python \(affinity == .date ? "date" : affinity == .time ? "time" : "datetime and date") objects as input.",
        at: location
      )
    default: throw Self.notRead(value, location)
    }
  }

  /// The type that SQLAlchemy gives to a value of Python by itself.
  static func type(of value: PythonValue) -> ColumnType {
    switch value {
    case .boolean: CoreTypes.boolean
    case .integer: CoreTypes.integer
    case .float: CoreTypes.float
    case .string: CoreTypes.string
    case .bytes: CoreTypes.binary
    case .object(let date as DateValue):
      switch date.kind {
      case .dateTime: CoreTypes.dateTime
      case .date: CoreTypes.date
      case .time: CoreTypes.time
      }
    case .object(let object) where object is UUIDValue: CoreTypes.uuid
    default: .null
    }
  }

  private static func notRead(_ value: PythonValue, _ location: Revision.Location) -> ScriptError {
    .notRead(
      "a value of type \(value.typeName) for a column of this type is not read",
      at: location
    )
  }
}

extension BindValue {
  /// What a value that was read becomes in Python, by the type of its column.
  static func python(_ value: SQLValue, type: ColumnType) -> PythonValue {
    if type.changesValues { return unread(value, type) }
    // SQLAlchemy raises LookupError for what is none of an Enum's values.
    if case .text(let text) = value, !type.values.isEmpty, !type.values.contains(text) {
      return unread(value, type)
    }
    switch (value, type.affinity) {
    case (.null, _): return .none
    case (.integer(let number), .boolean): return .boolean(number != 0)
    case (.integer(let number), .float):
      return Double(exactly: number).map { .float($0) } ?? unread(value, type)
    case (.integer(let number), .integer), (.integer(let number), .null),
      (.integer(let number), .string):
      return .integer(number)
    case (.real(let number), .float), (.real(let number), .null), (.real(let number), .integer):
      return .float(number)
    case (.text(let text), .string), (.text(let text), .null), (.text(let text), .integer):
      return .string(text)
    // A column declared as JSON makes a number of a text that is one; SQLAlchemy takes it as it is.
    case (.integer(let number), .json): return .integer(number)
    case (.real(let number), .json): return .float(number)
    case (.text(let text), .json): return JSONText.value(of: text) ?? unread(value, type)
    case (.text(let text), .uuid):
      if type.hasTextUUIDs {
        return UUIDValue(text).map { .string($0.text ?? "") } ?? unread(value, type)
      }
      return UUIDValue(text).map { .object($0) } ?? unread(value, type)
    case (.text(let text), .dateTime), (.text(let text), .date), (.text(let text), .time):
      return DateValue(stored: text, as: type.affinity).map { .object($0) } ?? unread(value, type)
    case (.blob(let bytes), .binary), (.blob(let bytes), .null): return .bytes(bytes)
    default: return unread(value, type)
    }
  }

  /// A value that must not be looked at: what Python would make of it is not known here.
  private static func unread(_ value: SQLValue, _ type: ColumnType) -> PythonValue {
    .unread(.notRead("a value like this in a column of type \(type.name) is not read", at: nil))
  }
}
