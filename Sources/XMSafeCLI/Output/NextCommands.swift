internal import DurableFiles
internal import XMSafe

/// Completes the commands that messages name, so that they do what they say as they are printed: with the options that say which database
/// is meant.
///
/// Only what was typed has to be typed again: variables and the settings file count for the next command as well.
struct NextCommands: Sendable {
  /// One option that was typed.
  private struct Place: Sendable {
    /// Its names; a command that has one of them already needs it no more.
    var names: [String]
    /// How it is typed.
    var text: String
    /// Whether it is about the scripts.
    var isOfScripts: Bool
  }

  /// What a verb works on.
  private enum Need {
    case database
    case snapshots
    case scripts
  }

  private static let needs: [String: Need] = [
    "check": .database, "current": .database, "doctor": .database, "downgrade": .database,
    "ensure_version": .database, "plan": .database, "run": .database, "stamp": .database,
    "upgrade": .database,
    "diff": .snapshots, "list": .snapshots, "pin": .snapshots, "prune": .snapshots,
    "report": .snapshots, "restore": .snapshots, "show": .snapshots, "snapshot": .snapshots,
    "undo": .snapshots, "verify": .snapshots,
    "branches": .scripts, "edit": .scripts, "heads": .scripts, "history": .scripts,
    "merge": .scripts, "revision": .scripts,
  ]

  private let places: [Place]

  /// What was typed.
  ///
  /// - Parameters:
  ///   - common: The options of the command that runs.
  ///   - settings: Where they come from; nil or empty if all of them were typed.
  init(_ common: CommonOptions, _ settings: Settings?) {
    let elsewhere = (settings?.own ?? []).filter { $0.source != .commandLine }.map(\.option.name)
    let database = common.database.map(Safeguard.withoutPassword)
    let options: [(names: [String], value: String?, isOfScripts: Bool)] = [
      (["db"], database, false),
      (["xm-db-yaml-config-path"], common.xmanagerYAML, false),
      (["password-file"], common.passwordFile, false),
      (["cloudsql-proxy"], common.cloudProxy, false),
      (["store"], common.store, false),
      (["settings"], common.settings, false),
      (["profile"], common.profile, false),
      (["config", "scripts"], common.configuration, true),
      (["scripts", "config"], common.scripts, true),
    ]
    places = options.compactMap { option in
      let name = option.names[0]
      guard let value = option.value, !elsewhere.contains(name) else { return nil }
      let word = Self.shellWord(value)
      let joint = word.hasPrefix("-") ? "=" : " "
      return Place(
        names: option.names.map { "--" + $0 },
        text: name == "config" && joint == " " ? "-c \(word)" : "--\(name)\(joint)\(word)",
        isOfScripts: option.isOfScripts
      )
    }
  }

  /// Completes the commands in a text.
  ///
  /// - Parameters:
  ///   - text: What is about to be printed.
  ///   - isJSON: Whether it is JSON, where they stand in strings.
  /// - Returns: The text with the options behind each verb.
  func completing(_ text: String, isJSON: Bool = false) -> String {
    guard !places.isEmpty else { return text }
    var rest = text[...]
    var completed = ""
    while let name = rest.firstRange(of: "xm-safe ") {
      let isFirst = name.lowerBound == text.startIndex
      let before = isFirst ? "'" : text[text.index(before: name.lowerBound)]
      completed += rest[..<name.upperBound]
      rest = rest[name.upperBound...]
      guard "'\" \n".contains(before) else { continue }
      let verb = rest.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
      guard let need = Self.needs[String(verb)] else { continue }
      let arguments = rest.dropFirst(verb.count)
      // A word of a sentence, such as `xm-safe upgrade's`, is no command.
      guard arguments.first.map({ "' ;,\"\n\\".contains($0) }) ?? true else { continue }
      let own = arguments.prefix { !"';#\n\"".contains($0) }
      let options = self.options(need, besides: own)
      completed += verb + options.map { " " + (isJSON ? Self.inJSON($0) : $0) }.joined()
      rest = arguments
    }
    return completed + rest
  }

  /// What a command needs besides what it has.
  private func options(_ need: Need, besides own: Substring) -> [String] {
    let words = own.split { $0 == " " || $0 == "=" }
    let namesDatabase = places.contains {
      $0.names.contains("--db") || $0.names.contains("--xm-db-yaml-config-path")
    }
    return places.filter { place in
      guard !words.contains(where: { place.names.contains(String($0)) }) else { return false }
      return switch need {
      case .database: true
      // Without a database of its own, it is the one that alembic.ini names.
      case .snapshots: !place.isOfScripts || !namesDatabase
      case .scripts:
        place.isOfScripts || place.names[0] == "--settings" || place.names[0] == "--profile"
      }
    }.map(\.text)
  }

  /// A value as every shell reads it back; with backslashes, because messages put commands in quotes.
  private static func shellWord(_ value: String) -> String {
    var word = ""
    for character in value {
      let isPlain = character.isASCII && (character.isLetter || character.isNumber)
      if !isPlain, !"_./:@%+=,-".contains(character), character.isASCII { word += "\\" }
      word.append(character)
    }
    return word.shownOnOneLine
  }

  private static func inJSON(_ option: String) -> String {
    var escaped = ""
    for character in option {
      if character == "\\" || character == "\"" { escaped += "\\" }
      escaped.append(character)
    }
    return escaped
  }
}
