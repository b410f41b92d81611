internal import Schema

/// What a SELECT reads: a table, perhaps under another name, or another SELECT.
final class CoreSource {
  enum Base {
    case table(String)
    case select(SelectStatement)
  }

  /// The name by which columns refer to it.
  let name: String
  let base: Base

  init(name: String, base: Base) {
    self.name = name
    self.base = base
  }
}

/// The FROM of a SELECT.
indirect enum CoreFrom {
  case source(CoreSource)
  case join(CoreFrom, CoreFrom, on: CoreExpression, isOuter: Bool)

  /// All that is read.
  var sources: [CoreSource] {
    switch self {
    case .source(let source): [source]
    case .join(let left, let right, _, _): left.sources + right.sources
    }
  }
}

/// A SELECT as it is built.
struct SelectStatement {
  var columns: [CoreExpression]
  var from: [CoreFrom] = []
  var filters: [CoreExpression] = []
  var groups: [CoreExpression] = []
  var having: [CoreExpression] = []
  var order: [CoreExpression] = []
  var limit: CoreExpression?
  var offset: CoreExpression?
  var isDistinct = false

  /// What is read: what `select_from` and `join` say, and the tables of all columns in it.
  var sources: [CoreFrom] {
    var all = from
    var seen = from.flatMap(\.sources)
    for expression in columns + filters {
      for source in expression.sources where !seen.contains(where: { $0 === source }) {
        seen.append(source)
        all.append(.source(source))
      }
    }
    return all
  }
}

extension CoreExpression {
  /// What its columns belong to; what stands in a SELECT inside belongs to that.
  var sources: [CoreSource] {
    switch self {
    case .column(let column): column.source.map { [$0] } ?? []
    case .operation(let left, _, let right): left.sources + right.sources
    case .prefix(_, let operand, _), .suffix(let operand, _), .cast(let operand, _),
      .label(let operand, _), .jsonItem(let operand, _, _):
      operand.sources
    case .function(_, let elements, _), .list(let elements): elements.flatMap(\.sources)
    case .conditional(let subject, let branches, let otherwise):
      (subject?.sources ?? []) + branches.flatMap { $0.0.sources + $0.1.sources }
        + (otherwise?.sources ?? [])
    case .literal, .sql, .text, .scalar, .exists, .star: []
    }
  }
}

extension CoreRenderer {
  mutating func add(_ select: SelectStatement) throws {
    let outer = enclosing
    defer { enclosing = outer }
    write(select.isDistinct ? "SELECT DISTINCT " : "SELECT ")
    let all = select.sources
    // SQLAlchemy leaves out what the statement around reads already, unless nothing would be left.
    let own = all.filter { from in
      !from.sources.allSatisfy { source in
        outer.contains { $0 === source || $0.name == source.name }
      }
    }
    let read = own.isEmpty ? all : own
    enclosing = outer + read.flatMap(\.sources)
    try add(list: select.columns)
    if !read.isEmpty {
      write(" FROM ")
      for (index, from) in read.enumerated() {
        if index > 0 { write(", ") }
        try add(from)
      }
    }
    try add(" WHERE ", select.filters)
    if !select.groups.isEmpty {
      write(" GROUP BY ")
      try add(list: select.groups)
    }
    try add(" HAVING ", select.having)
    if !select.order.isEmpty {
      write(" ORDER BY ")
      try add(list: select.order)
    }
    if let limit = select.limit {
      write(" LIMIT ")
      try add(limit)
    } else if select.offset != nil {
      write(" LIMIT -1")
    }
    if let offset = select.offset {
      write(" OFFSET ")
      try add(offset)
    }
  }

  /// Conditions joined by AND.
  mutating func add(_ word: String, _ conditions: [CoreExpression]) throws {
    guard let first = conditions.first else { return }
    write(word)
    try add(
      conditions.dropFirst().reduce(first) { .operation($0, CoreExpression.and, $1) }
    )
  }

  private mutating func add(_ from: CoreFrom) throws {
    switch from {
    case .source(let source):
      switch source.base {
      case .table(let table):
        write(Identifier.quoted(table))
        if table != source.name { write(" AS \(Identifier.quoted(source.name))") }
      case .select(let select):
        let outer = enclosing
        enclosing = []
        write("(")
        try add(select)
        write(") AS \(Identifier.quoted(source.name))")
        enclosing = outer
      }
    case .join(let left, let right, let condition, let isOuter):
      try add(left)
      write(isOuter ? " LEFT OUTER JOIN " : " JOIN ")
      try add(right)
      write(" ON ")
      try add(condition)
    }
  }
}
