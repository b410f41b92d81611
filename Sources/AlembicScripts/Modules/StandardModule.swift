internal import Schema

/// A module of Python's standard library, as far as what it gives is the same everywhere.
final class StandardModule: SharedModule {
  private let name: String
  private let members: [String: PythonValue]

  private init(_ name: String, _ members: [String: PythonValue]) {
    self.name = name
    self.members = members
  }

  var typeName: String { name }
  func attribute(_ name: String) -> PythonValue? { members[name] }

  /// The module of a dotted name; nil if it is not read.
  static func named(_ name: String) -> (any SharedModule)? {
    switch name {
    case "typing", "collections.abc", "typing_extensions": return TypingModule(name)
    case "logging", "oslo_log.log": return LoggingModule()
    case "warnings": return StandardModule(name, ["warn": silent("warn")])
    case "json":
      return StandardModule(
        name,
        [
          "dumps": dumps, "loads": loads, "JSONDecodeError": .exceptionClass("JSONDecodeError"),
        ]
      )
    case "uuid":
      return StandardModule(
        name,
        [
          "UUID": .object(UUIDClass()),
          "uuid4": .native(NativeFunction(name: "uuid4", call: random)),
        ]
      )
    case "datetime":
      return StandardModule(
        name,
        [
          "datetime": .object(DateTimeClass()), "date": .object(TypeName("date")),
          "time": .object(TypeName("time")), "timezone": .object(TimeZoneClass()),
          "UTC": .object(UTCValue()),
        ]
      )
    case "enum":
      return StandardModule(
        name,
        [
          "Enum": .object(TypeName("Enum")), "StrEnum": .object(TypeName("StrEnum")),
          "IntEnum": .object(TypeName("IntEnum")),
        ]
      )
    case "time":
      return StandardModule(
        name,
        [
          "time": .native(NativeFunction(name: name) { _ in .float(Clock.seconds) }),
          "time_ns": .native(NativeFunction(name: name) { _ in .integer(Clock.nanoseconds) }),
        ]
      )
    case "textwrap": return StandardModule(name, ["dedent": dedent])
    default: return nil
    }
  }

  private static func silent(_ name: String) -> PythonValue {
    .native(NativeFunction(name: name) { _ in .none })
  }

  private static func random(_ arguments: CallArguments) throws -> PythonValue {
    guard let value = UUIDValue.random() else { return .none }
    return .object(value)
  }

  private static var dumps: PythonValue {
    .native(
      NativeFunction(name: "json.dumps") { arguments in
        var sortsKeys = false
        for (name, value) in arguments.keywords {
          guard name == "sort_keys" else {
            throw ScriptError.notRead(
              "the argument '\(name)' of json.dumps is not read",
              at: arguments.location
            )
          }
          sortsKeys = value.isTrue
        }
        guard arguments.positional.count == 1,
          let text = JSONText.text(of: arguments.positional[0], sortsKeys: sortsKeys)
        else {
          throw ScriptError.notRead(
            "json.dumps() of this value is not read",
            at: arguments.location
          )
        }
        return .string(text)
      }
    )
  }

  private static var loads: PythonValue {
    .native(
      NativeFunction(name: "json.loads") { arguments in
        guard arguments.positional.count == 1, arguments.keywords.isEmpty else {
          throw ScriptError.notRead(
            "the arguments of json.loads are not read",
            at: arguments.location
          )
        }
        switch arguments.positional[0] {
        case .string(let text):
          switch JSONText.reading(of: text) {
          case .value(let value): return value
          // Python's message is not made here, and asking for it is refused.
          case .invalid: throw arguments.raised("JSONDecodeError", "")
          case .unknown:
            throw ScriptError.notRead(
              "json.loads() of this text is not read",
              at: arguments.location
            )
          }
        case let value:
          throw arguments.raised(
            "TypeError",
            "the JSON object must be str, bytes or bytearray, not \(value.typeName)"
          )
        }
      }
    )
  }

  private static var dedent: PythonValue {
    .native(
      NativeFunction(name: "textwrap.dedent") { arguments in
        guard case .string(let text)? = arguments.positional.first, !text.contains("\t") else {
          throw ScriptError.notRead(
            "textwrap.dedent() of this value is not read",
            at: arguments.location
          )
        }
        let lines = PythonText.pieces(of: text, at: "\n", limit: -1)
        let full = lines.filter { line in line.contains { $0 != " " } }
        let margin = full.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        let cut = lines.map { line in
          line.contains { $0 != " " } ? String(line.dropFirst(margin)) : ""
        }
        return .string(cut.joined(separator: "\n"))
      }
    )
  }
}

/// `typing`: its names stand in annotations, which are not evaluated.
final class TypingModule: SharedModule {
  private let name: String

  init(_ name: String) {
    self.name = name
  }

  var typeName: String { name }

  func attribute(_ name: String) -> PythonValue? {
    if name == "TYPE_CHECKING" { return .boolean(false) }
    return name.first?.isUppercase == true ? .object(TypeName(name)) : nil
  }
}

/// The name of a type that values of Python's own are never of, unless they say so.
final class TypeName: PythonObject {
  let name: String

  init(_ name: String) {
    self.name = name
  }

  var typeName: String { "type" }
  func attribute(_ name: String) -> PythonValue? { name == "__name__" ? .string(self.name) : nil }
  func element(at index: PythonValue) -> PythonValue? { .object(self) }
}

/// `logging`: what a script says there changes no database.
final class LoggingModule: SharedModule {
  private static let levels = ["DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50]

  var typeName: String { "logging" }

  func attribute(_ name: String) -> PythonValue? {
    if let level = Self.levels[name] { return .integer(Int64(level)) }
    if name == "getLogger" {
      return .native(NativeFunction(name: name) { _ in .object(LoggerObject()) })
    }
    return LoggerObject().attribute(name)
  }
}

/// OpenStack's `oslo_log`, whose `log` stands for `logging`.
final class OsloLogModule: SharedModule {
  var typeName: String { "oslo_log" }
  func attribute(_ name: String) -> PythonValue? { name == "log" ? .object(LoggingModule()) : nil }
}

/// A logger, which says nothing.
final class LoggerObject: PythonObject {
  static let methods: Set<String> = [
    "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "setLevel",
    "addHandler",
  ]

  var typeName: String { "Logger" }

  func attribute(_ name: String) -> PythonValue? {
    guard Self.methods.contains(name) else { return nil }
    return .native(NativeFunction(name: name) { _ in .none })
  }
}

/// `uuid.UUID`.
final class UUIDClass: PythonCallable, SharedModule {
  var typeName: String { "type" }
  func attribute(_ name: String) -> PythonValue? { nil }

  func call(_ arguments: CallArguments) throws -> PythonValue {
    let given = arguments.positional.first ?? arguments.keywords.first { $0.name == "hex" }?.value
    guard case .string(let text)? = given else {
      throw ScriptError.notRead("a UUID of anything but a text is not read", at: arguments.location)
    }
    guard let value = UUIDValue(text) else {
      throw arguments.raised("ValueError", "badly formed hexadecimal UUID string")
    }
    return .object(value)
  }
}
