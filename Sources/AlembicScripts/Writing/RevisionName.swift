/// How the file of a revision is named: alembic's slug of the message, and the project's `file_template`.
package struct RevisionName {
  private let settings: RevisionSettings

  /// Takes the settings of a project.
  ///
  /// - Parameter settings: The settings.
  package init(_ settings: RevisionSettings) {
    self.settings = settings
  }

  /// The path of a new file, relative to its versions directory.
  ///
  /// - Parameters:
  ///   - id: The revision.
  ///   - message: Its message; nil for none.
  ///   - date: When it is made.
  /// - Returns: The path; it may have directories if the template has.
  /// - Throws: `ScriptError` if the template is not understood, or leads out of the directory.
  package func path(id: String, message: String?, date: LocalDate) throws(ScriptError) -> String {
    let slug = slug(message ?? "")
    let path = try filled { name in
      switch name {
      case "rev": .text(id)
      case "slug": .text(slug)
      case "epoch": .number(date.epoch)
      default: date.part(name).map(Token.number)
      }
    }
    guard !path.split(separator: "/").contains(".."), !path.hasPrefix("/"), !path.contains("\0")
    else { throw refusal("it leads out of the versions directory") }
    return path + ".py"
  }

  /// alembic's slug: the words of a message in lower case, joined by `_` and cut to a length.
  ///
  /// - Parameter message: The message.
  /// - Returns: The slug.
  package func slug(_ message: String) -> String {
    let words = message.unicodeScalars.split { !Self.isWordPart($0) }
    let slug = words.map { String($0) }.joined(separator: "_").lowercased()
    guard slug.unicodeScalars.count > settings.slugLength else { return slug }
    let cut = slug.unicodeScalars.prefix(settings.slugLength)
    let kept = cut.lastIndex(of: "_").map { cut[..<$0] } ?? cut[...]
    return String(String.UnicodeScalarView(kept)) + "_"
  }

  /// Python's `\w`.
  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: scalar == "_"
    }
  }

  private enum Token {
    case text(String)
    case number(Int64)
  }

  /// Fills Python's `%` notation in: `%(name)s`, `%(name)d`, `%(name).2d`, `%(name)02d`, `%%`.
  private func filled(_ token: (String) -> Token?) throws(ScriptError) -> String {
    var output = ""
    var rest = settings.fileTemplate[...]
    while let percent = rest.firstIndex(of: "%") {
      output += rest[..<percent]
      rest = rest[rest.index(after: percent)...]
      if rest.first == "%" {
        output += "%"
        rest = rest.dropFirst()
        continue
      }
      guard rest.first == "(", let end = rest.firstIndex(of: ")") else {
        throw refusal("'%' must be followed by '%' or '('")
      }
      let name = String(rest[rest.index(after: rest.startIndex)..<end])
      guard let value = token(name) else { throw refusal("there is no '\(name)'") }
      rest = rest[rest.index(after: end)...]
      output += try formatted(value, name, &rest)
    }
    return output + rest
  }

  private func formatted(
    _ value: Token,
    _ name: String,
    _ rest: inout Substring
  ) throws(ScriptError) -> String {
    let isPadded = rest.first == "0"
    let width = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest[width.endIndex...]
    var digits: Substring = ""
    if rest.first == "." {
      digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      rest = rest[digits.endIndex...]
    }
    let kind = rest.popFirst()
    guard width.count < 3, digits.count < 3 else { throw refusal("the format is too long") }
    switch (kind, value) {
    case ("s", .text(let text)) where width.isEmpty && digits.isEmpty: return text
    case ("s", .number(let number)) where width.isEmpty && digits.isEmpty: return String(number)
    case ("d", .number(let number)), ("i", .number(let number)):
      let zeros = max(Int(digits) ?? 0, isPadded ? Int(width) ?? 0 : 0)
      let text = String(number)
      let filled = String(repeating: "0", count: max(0, zeros - text.count)) + text
      return String(repeating: " ", count: max(0, (Int(width) ?? 0) - filled.count)) + filled
    default: throw refusal("the format of '\(name)' is not read")
    }
  }

  private func refusal(_ message: String) -> ScriptError {
    ScriptError(
      .configuration,
      "file_template '\(settings.fileTemplate)': \(message)",
      hint: "correct file_template in the alembic.ini"
    )
  }
}
