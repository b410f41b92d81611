internal import AlembicScripts
internal import Revisions
internal import YAML

/// Reads the entries of XManager's YAML file: what must be there, and of what kind.
struct SettingsReader {
  let path: String

  private static let keys = [
    "backend", "db_name", "driver", "username", "password", "host", "port",
  ]

  /// The connector and the settings of a document.
  func settings(
    _ document: YAMLNode?
  ) throws -> (connector: Connector, values: DatabaseSettings) {
    guard let document, document.meaning != .null else { throw error("the file is empty", 1, 1) }
    let entries = try document.entries() ?? []
    guard let connector = entries.value("sql_connector") else {
      throw error("there is no 'sql_connector'", at: document)
    }
    guard case .text(let name) = connector.meaning, let kind = Connector(rawValue: name) else {
      throw error(
        "'sql_connector' must be sqlite, generic or cloudsql, in small letters",
        at: connector
      )
    }
    guard let settings = entries.value("sql_connection_settings") else {
      throw error("there is no 'sql_connection_settings'", at: document)
    }
    guard let values = try settings.entries() else {
      throw error("'sql_connection_settings' must be a mapping of names and values", at: settings)
    }
    return (kind, try self.values(values, in: settings))
  }

  private func values(_ entries: [YAMLNode.Entry], in node: YAMLNode) throws -> DatabaseSettings {
    var texts: [String: String] = [:]
    var port: UInt16?
    for entry in entries {
      guard case .text(let key) = entry.key.meaning, Self.keys.contains(key) else {
        let known = Self.keys.joined(separator: ", ")
        throw error("there is no such setting; XManager knows \(known)", at: entry.key)
      }
      if key == "port" {
        port = try self.port(entry.value)
      } else if let text = try text(entry.value, of: key) {
        texts[key] = text
      }
    }
    for key in ["backend", "db_name"] where texts[key]?.isEmpty != false {
      let isThere = entries.value(key)
      throw error("'\(key)' is \(isThere == nil ? "missing" : "empty")", at: isThere ?? node)
    }
    return DatabaseSettings(
      backend: texts["backend"] ?? "",
      database: texts["db_name"] ?? "",
      driver: texts["driver"].nonEmpty,
      user: texts["username"].nonEmpty,
      password: texts["password"].nonEmpty,
      host: texts["host"].nonEmpty,
      port: port,
      error: { message in self.error(message, at: node) }
    )
  }

  /// A text; nil for null, and never shown, as it may be the password.
  private func text(_ node: YAMLNode, of key: String) throws -> String? {
    switch node.meaning {
    case .null: return nil
    case .text(let text):
      guard !text.unicodeScalars.contains(where: { $0 == "\0" || $0 == "\u{fffd}" }) else {
        throw error("'\(key)' holds a character that no name has", at: node)
      }
      return text
    // A driver makes the same text of a number; elsewhere SQLAlchemy wants text.
    case .number(let number) where key == "password": return String(number)
    case .number: throw error("'\(key)' is a number to YAML: put it in quotes", at: node)
    case .merge: throw error("'\(key)' is '<<' to YAML: put it in quotes", at: node)
    case .other(let kind): throw error("'\(key)' is \(kind) to YAML: put it in quotes", at: node)
    }
  }

  private func port(_ node: YAMLNode) throws -> UInt16? {
    let number: Int?
    switch node.meaning {
    case .null: return nil
    case .number(let value): number = value
    case .text(let text): number = Int(text)
    case .merge, .other: number = nil
    }
    // XManager hands a port of 0 on as none.
    if number == 0 { return nil }
    guard let number, let port = UInt16(exactly: number) else {
      throw error("'port' must be a number from 1 to 65535", at: node)
    }
    return port
  }

  private func error(_ message: String, at node: YAMLNode) -> ScriptError {
    error(message, node.line, node.column)
  }

  /// An error with its place.
  func error(_ message: String, _ line: Int, _ column: Int) -> ScriptError {
    ScriptError(
      .configuration,
      "XManager's YAML file: " + message,
      at: Revision.Location(path: path, line: line, column: column),
      hint: "correct the file; XManager would not start with it either"
    )
  }
}

extension [YAMLNode.Entry] {
  /// The value of a key.
  fileprivate func value(_ key: String) -> YAMLNode? {
    first { $0.key.meaning == .text(key) }?.value
  }
}

extension String? {
  /// Nil for an empty text, which counts as not said.
  fileprivate var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}
