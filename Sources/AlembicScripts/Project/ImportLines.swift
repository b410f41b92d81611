internal import PythonSyntax

/// The imports and the `@compiles` on the top level of a file, found line by line: an application has many files, and few of
/// them are of interest.
struct ImportLines {
  /// `from module import names`, or `import module`; a relative module has its dots.
  struct Import {
    var module: String
    var names: [String]
    /// The names that it binds.
    var bound: [String]
  }

  private(set) var imports: [Import] = []
  /// What stands between the parentheses of each `@compiles(...)`, and its line.
  private(set) var compiled: [(arguments: String, line: Int)] = []

  /// Looks through a text.
  init(_ text: some Collection<UInt8>) {
    var number = 0
    var pending: (text: String, line: Int)?
    for bytes in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if let open = pending {
        let joined = open.text + " " + Self.plain(bytes)
        pending = joined.contains(")") || joined.utf8.count > 10_000 ? nil : (joined, open.line)
        if pending == nil { take(joined, open.line) }
        continue
      }
      guard Self.starts.contains(where: { bytes.starts(with: $0.utf8) }) else { continue }
      let line = Self.plain(bytes)
      if line.contains("("), !line.contains(")") {
        pending = (line, number)
      } else {
        take(line, number)
      }
    }
  }

  /// Takes the imports of a tree.
  init(_ module: Module) {
    for statement in module.body {
      switch statement.kind {
      case .import(let names):
        for name in names {
          imports.append(
            Import(module: name.name, names: [], bound: [name.asName ?? name.firstPart])
          )
        }
      case .importFrom(let module?, let names, 0):
        imports.append(
          Import(
            module: module,
            names: names.map(\.name),
            bound: names.map { $0.asName ?? $0.name }
          )
        )
      default: continue
      }
    }
  }

  private static let starts = ["from ", "import ", "@compiles("]

  /// A line without its comment.
  private static func plain(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
  }

  private mutating func take(_ line: String, _ number: Int) {
    if line.hasPrefix("@compiles(") {
      compiled.append((String(line.dropFirst(10).prefix { $0 != ")" }), number))
      return
    }
    let words = line.split { " ,()\t\\;".contains($0) }.map(String.init)
    guard words.count > 1 else { return }
    if words[0] == "import" {
      // `import a.b as c, d`
      var index = 1
      while index < words.count {
        let module = words[index]
        let hasAlias = words.indices.contains(index + 2) && words[index + 1] == "as"
        let bound = hasAlias ? words[index + 2] : String(module.prefix { $0 != "." })
        imports.append(Import(module: module, names: [], bound: [bound]))
        index += hasAlias ? 3 : 1
      }
      return
    }
    guard words.count > 3, words[2] == "import" else { return }
    var names: [String] = []
    var bound: [String] = []
    var index = 3
    while index < words.count {
      let hasAlias = words.indices.contains(index + 2) && words[index + 1] == "as"
      names.append(words[index])
      bound.append(hasAlias ? words[index + 2] : words[index])
      index += hasAlias ? 3 : 1
    }
    imports.append(Import(module: words[1], names: names, bound: bound))
  }
}
