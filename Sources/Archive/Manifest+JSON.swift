/// The manifest as JSON, read without trust: unknown keys are passed over, known ones must be there once and be right.
extension Manifest {
  /// Reads a manifest.
  ///
  /// - Parameter json: Its JSON text.
  /// - Throws: `JSONScanner.Failure`.
  init(json: [UInt8]) throws {
    var rest = json
    try self.init(length: json.count) {
      defer { rest = [] }
      return rest
    }
  }

  /// Reads a manifest that comes in pieces.
  ///
  /// - Parameters:
  ///   - length: How long the text is.
  ///   - refill: The next piece; empty at the end.
  /// - Throws: `JSONScanner.Failure`, and what `refill` threw.
  init(length: Int, _ refill: @escaping () throws -> [UInt8]) throws {
    var scanner = JSONScanner(refill)
    var format: Int64?
    var id: String?
    var sequence: Int64?
    var created: String?
    var reason: Reason?
    var database: Database?
    var heads: [String]?
    var target: [String]?
    var rowCounts: [String: Int64]?
    var image: Image?
    var members: MemberDigests?
    var tool: String?
    var sqlite: String?
    try scanner.object { scanner, key in
      switch key {
      case "format": try scanner.once(&format, key) { try $0.integer() }
      case "id": try scanner.once(&id, key) { try $0.string() }
      case "sequence": try scanner.once(&sequence, key) { try $0.integer() }
      case "created": try scanner.once(&created, key) { try $0.string() }
      case "reason": try scanner.once(&reason, key) { try Reason(rawValue: $0.string()) }
      case "database": try scanner.once(&database, key) { try Database(&$0) }
      case "heads": try scanner.once(&heads, key) { try $0.strings() }
      case "target":
        if try !scanner.takeNull() { try scanner.once(&target, key) { try $0.strings() } }
      case "rowCounts": try scanner.once(&rowCounts, key) { try $0.counts() }
      case "image": try scanner.once(&image, key) { try Image(&$0) }
      case "members": try scanner.once(&members, key) { try $0.digests(textLength: length) }
      case "tool": try scanner.once(&tool, key) { try $0.string() }
      case "sqlite": try scanner.once(&sqlite, key) { try $0.string() }
      default: try scanner.skip()
      }
    }
    guard try scanner.peek() == nil else { throw scanner.failure("something follows") }
    let file = try scanner.required(database, "database").file
    self.init(
      id: try scanner.required(id, "id"),
      sequence: try scanner.required(sequence, "sequence"),
      created: try scanner.required(created, "created"),
      reason: try scanner.required(reason, "reason"),
      database: try scanner.required(database, "database"),
      heads: try scanner.required(heads, "heads"),
      target: target,
      rowCounts: try scanner.required(rowCounts, "rowCounts"),
      image: try scanner.required(image, "image"),
      members: try scanner.required(members, "members"),
      tool: try scanner.required(tool, "tool"),
      sqlite: file == nil ? nil : try scanner.required(sqlite, "sqlite")
    )
    self.format = Int(try scanner.required(format, "format"))
  }
}

extension Manifest.Database {
  fileprivate init(_ scanner: inout JSONScanner) throws {
    var path: String?
    var dialect: Manifest.Dialect?
    var journalMode: String?
    var server: String?
    var client: String?
    var encoding: String?
    var numbers: [String: Int64] = [:]
    try scanner.object { scanner, key in
      switch key {
      case "path": try scanner.once(&path, key) { try $0.string() }
      case "dialect":
        try scanner.once(&dialect, key) { try Manifest.Dialect(rawValue: $0.string()) }
      case "journalMode": try scanner.once(&journalMode, key) { try $0.string() }
      case "server": try scanner.once(&server, key) { try $0.string() }
      case "client": try scanner.once(&client, key) { try $0.string() }
      case "encoding": try scanner.once(&encoding, key) { try $0.string() }
      case "pageSize", "pageCount", "userVersion", "applicationID":
        try scanner.once(&numbers[key], key) { try $0.integer() }
      default: try scanner.skip()
      }
    }
    let kind = try scanner.required(dialect, "dialect")
    guard kind == .sqlite else {
      self.init(
        address: try scanner.required(path, "path"),
        dialect: kind,
        server: Server(
          version: try scanner.required(server, "server"),
          client: try scanner.required(client, "client"),
          encoding: try scanner.required(encoding, "encoding")
        )
      )
      return
    }
    self.init(
      path: try scanner.required(path, "path"),
      pageSize: Int(try scanner.required(numbers["pageSize"], "pageSize")),
      pageCount: Int(try scanner.required(numbers["pageCount"], "pageCount")),
      journalMode: try scanner.required(journalMode, "journalMode"),
      userVersion: try scanner.required(numbers["userVersion"], "userVersion"),
      applicationID: try scanner.required(numbers["applicationID"], "applicationID")
    )
  }
}

extension Manifest.Image {
  fileprivate init(_ scanner: inout JSONScanner) throws {
    var size: Int64?
    var sha256: String?
    var contentSHA256: String?
    var definitionsSHA256: String?
    var memberSize: Int64?
    try scanner.object { scanner, key in
      switch key {
      case "size": try scanner.once(&size, key) { try $0.integer() }
      case "sha256": try scanner.once(&sha256, key) { try $0.string() }
      case "contentSHA256": try scanner.once(&contentSHA256, key) { try $0.string() }
      case "definitionsSHA256": try scanner.once(&definitionsSHA256, key) { try $0.string() }
      case "memberSize": try scanner.once(&memberSize, key) { try $0.integer() }
      default: try scanner.skip()
      }
    }
    self.init(
      size: try scanner.required(size, "size"),
      sha256: try scanner.required(sha256, "sha256"),
      contentSHA256: try scanner.required(contentSHA256, "contentSHA256"),
      definitionsSHA256: definitionsSHA256,
      memberSize: Int(try scanner.required(memberSize, "memberSize"))
    )
  }
}

extension JSONScanner {
  /// Reads a value that may be there only once: of two, readers could take different ones.
  fileprivate mutating func once<Value>(
    _ value: inout Value?,
    _ key: String,
    _ read: (inout JSONScanner) throws -> Value?
  ) throws {
    guard value == nil else { throw failure("'\(key)' stands twice") }
    value = try read(&self)
    guard value != nil else { throw failure("'\(key)' is none that is known") }
  }

  fileprivate func required<Value>(_ value: Value?, _ key: String) throws -> Value {
    guard let value else { throw failure("'\(key)' is missing") }
    return value
  }

  fileprivate mutating func strings() throws -> [String] {
    var strings: [String] = []
    try array { strings.append(try $0.string()) }
    return strings
  }

  fileprivate mutating func counts() throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    try object { scanner, table in
      try scanner.once(&counts[table], "rowCounts") { try $0.integer() }
    }
    return counts
  }

  fileprivate mutating func digests(textLength: Int) throws -> MemberDigests {
    var digests = MemberDigests()
    // 64 digits, two quotes and a comma each.
    digests.reserve(textLength / 67 + 1)
    try array { scanner in
      guard digests.append(hexadecimal: try scanner.plainBytes(limit: 64)) else {
        throw scanner.failure("a member's SHA-256 is none")
      }
    }
    return digests
  }
}
