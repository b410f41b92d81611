import Foundation
import Testing

/// CPython itself, as the judge of what a text means.
enum PythonOracle {
  /// What CPython makes of one text or file.
  struct Verdict: Sendable, Codable {
    /// The file, or the text itself.
    var source: String
    /// One line for each statement, or nil if CPython refuses the source.
    var dump: [String]?
    /// Whether there is a `match` statement, which has no form in common.
    var hasMatch: Bool
    /// Whether there is a string that is documented not to be read.
    var hasUnreadableString: Bool
  }

  /// The verdicts on texts.
  static func verdicts(onTexts texts: [String]) throws -> [Verdict] {
    try run(["texts"], input: JSONEncoder().encode(texts))
  }

  /// The verdicts on files of the standard library, the first of which have dumps.
  static func standardLibrary(count: Int, dumped: Int) throws -> [Verdict] {
    try run(["library", "\(count)", "\(dumped)"], input: Data("[]".utf8))
  }

  private static func run(_ arguments: [String], input: Data) throws -> [Verdict] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("python-oracle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let given = folder.appendingPathComponent("input.json")
    let answer = folder.appendingPathComponent("output.json")
    try input.write(to: given)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, given.path, answer.path] + arguments
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try JSONDecoder().decode([Verdict].self, from: Data(contentsOf: answer))
  }

  private static let script = #"""
    import ast, io, json, os, struct, sys, sysconfig, tokenize, warnings
    warnings.simplefilter("ignore")
    SYMBOLS = {
      "Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/", "FloorDiv": "//",
      "Mod": "%", "Pow": "**", "LShift": "<<", "RShift": ">>", "BitOr": "|", "BitXor": "^",
      "BitAnd": "&", "Not": "not", "USub": "-", "UAdd": "+", "Invert": "~", "And": "and",
      "Or": "or", "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=",
      "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
    }
    SKIPPED = {"ctx", "type_comment", "kind", "type_ignores", "type_params"}
    def quote(s):
      return '"' + "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else "\\u{%x}" % ord(c)
                           for c in s) + '"'
    def bits(x):
      return "%x" % struct.unpack(">Q", struct.pack(">d", x))
    def constant(v):
      if v is None or v is True or v is False: return str(v)
      if v is ...: return "Ellipsis"
      if isinstance(v, int): return str(v) if v < 2**63 else "beyond"
      if isinstance(v, float): return "f" + bits(v)
      if isinstance(v, complex): return "j" + bits(v.imag)
      if isinstance(v, str): return quote(v)
      return "b" + ",".join(map(str, v))
    def dump(n, lines, placed=True):
      if n is None: return "-"
      if isinstance(n, str): return quote(n)
      if isinstance(n, list): return "[" + " ".join(dump(x, lines, placed) for x in n) + "]"
      if isinstance(n, int): return str(n)
      name = type(n).__name__
      if name in SYMBOLS: return SYMBOLS[name]
      head = name
      if placed and hasattr(n, "lineno"):
        column = len(lines[n.lineno - 1][:n.col_offset].decode()) + 1
        head += "@%d:%d" % (n.lineno, column)
      if name == "Match": return head + "()"
      if name == "Constant": return head + "(" + constant(n.value) + ")"
      if name == "JoinedStr": placed = False
      if name == "FormattedValue":
        conversion = "-" if n.conversion == -1 else chr(n.conversion)
        return head + "(%s %s %s)" % (dump(n.value, lines, placed), conversion,
                                      dump(n.format_spec, lines, placed))
      fields = [dump(getattr(n, f, None), lines, placed) for f in n._fields if f not in SKIPPED]
      return head + "(" + " ".join(fields) + ")"
    def unreadable(tree, data):
      if b"\\N{" in data: return True
      for n in ast.walk(tree):
        if isinstance(n, ast.Constant) and isinstance(n.value, str):
          if any(0xD800 <= ord(c) < 0xE000 for c in n.value): return True
      return False
    def verdict(source, data, dumped=True):
      result = {"source": source, "hasMatch": False, "hasUnreadableString": False}
      try: tree = ast.parse(data)
      except (SyntaxError, ValueError): return result
      encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
      text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
      lines = text.encode().split(b"\n")
      result["hasMatch"] = any(type(n).__name__ == "Match" for n in ast.walk(tree))
      result["hasUnreadableString"] = unreadable(tree, data)
      result["dump"] = [dump(s, lines) for s in tree.body] if dumped else []
      return result
    def library(count, dumped):
      root = sysconfig.get_paths()["stdlib"]
      paths = []
      for folder, folders, files in os.walk(root):
        skipped = ("test", "tests", "site-packages", "idle_test", "__pycache__", "lib2to3")
        folders[:] = sorted(f for f in folders if f not in skipped)
        paths += [os.path.join(folder, f) for f in sorted(files) if f.endswith(".py")]
      paths = [p for p in paths if os.path.getsize(p) < 30000]
      paths = paths[::max(1, len(paths) // count)][:count]
      for number, path in enumerate(paths):
        data = open(path, "rb").read()
        yield verdict(path, data, number % max(1, count // dumped) == 0)
    given, answer, mode, *rest = sys.argv[1:]
    if mode == "texts":
      results = [verdict(t, t.encode()) for t in json.load(open(given))]
    else:
      results = list(library(*map(int, rest)))
    json.dump(results, open(answer, "w"))
    """#
}
