import PythonSyntax

/// Writes a tree in the form that `PythonOracle` writes CPython's own.
struct TreeDump {
  /// Whether positions are written; CPython 3.11 has none that are right within f-strings.
  private var hasPositions = true

  /// One line for each statement at the outermost level.
  static func lines(of module: Module) -> [String] {
    let dump = TreeDump()
    return module.body.map { dump.dump($0) }
  }

  private func node(_ name: String, at position: SourcePosition?, _ fields: String...) -> String {
    let place = hasPositions ? position.map { "@\($0)" } ?? "" : ""
    return "\(name)\(place)(\(fields.joined(separator: " ")))"
  }

  private func list(_ items: [String]) -> String { "[\(items.joined(separator: " "))]" }

  private func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if (32..<127).contains(scalar.value), scalar != "\"", scalar != "\\" {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result + "\""
  }

  private func quote(_ text: String?) -> String { text.map { quote($0 as String) } ?? "-" }

  private func dump(_ value: Expression?) -> String { value.map { dump($0 as Expression) } ?? "-" }

  private func dump(_ values: [Expression]) -> String { list(values.map { dump($0) }) }

  private func dump(_ body: [Statement]) -> String { list(body.map { dump($0) }) }

  // MARK: - Statements

  private func dump(_ statement: Statement) -> String {
    let position = statement.position
    switch statement.kind {
    case .expression(let value): return node("Expr", at: position, dump(value))
    case .assign(let targets, let value):
      return node("Assign", at: position, dump(targets), dump(value))
    case .augmentedAssign(let target, let symbol, let value):
      return node("AugAssign", at: position, dump(target), symbol.symbol, dump(value))
    case .annotatedAssign(let target, let annotation, let value, let isSimple):
      let simple = isSimple ? "1" : "0"
      return node(
        "AnnAssign",
        at: position,
        dump(target),
        dump(annotation),
        dump(value),
        simple
      )
    case .typeAlias(let name, let parameters, let value):
      return node(
        "TypeAlias",
        at: position,
        quote(name),
        list(parameters.map(\.name)),
        dump(value)
      )
    case .import(let names): return node("Import", at: position, list(names.map { dump($0) }))
    case .importFrom(let module, let names, let level):
      return node(
        "ImportFrom",
        at: position,
        quote(module),
        list(names.map { dump($0) }),
        "\(level)"
      )
    case .functionDefinition(let definition): return dump(definition, at: position)
    case .classDefinition(let definition): return dump(definition, at: position)
    case .if(let branches, let orElse): return dump(branches, orElse: orElse)
    case .for(let target, let iterable, let body, let orElse, let isAsync):
      return node(
        isAsync ? "AsyncFor" : "For",
        at: position,
        dump(target),
        dump(iterable),
        dump(body),
        dump(orElse)
      )
    case .while(let test, let body, let orElse):
      return node("While", at: position, dump(test), dump(body), dump(orElse))
    case .with(let items, let body, let isAsync):
      let items = items.map { node("withitem", at: nil, dump($0.context), dump($0.target)) }
      return node(isAsync ? "AsyncWith" : "With", at: position, list(items), dump(body))
    case .try(let clauses): return dump(clauses, at: position)
    case .match: return node("Match", at: position)
    case .return(let value): return node("Return", at: position, dump(value))
    case .raise(let exception, let cause):
      return node("Raise", at: position, dump(exception), dump(cause))
    case .assert(let test, let message):
      return node("Assert", at: position, dump(test), dump(message))
    case .delete(let targets): return node("Delete", at: position, dump(targets))
    case .global(let names): return node("Global", at: position, list(names.map { quote($0) }))
    case .nonlocal(let names):
      return node("Nonlocal", at: position, list(names.map { quote($0) }))
    case .pass: return node("Pass", at: position)
    case .break: return node("Break", at: position)
    case .continue: return node("Continue", at: position)
    }
  }

  private func dump(_ alias: ImportAlias) -> String {
    node("alias", at: alias.position, quote(alias.name), quote(alias.asName))
  }

  private func dump(_ definition: FunctionDefinition, at position: SourcePosition) -> String {
    node(
      definition.isAsync ? "AsyncFunctionDef" : "FunctionDef",
      at: position,
      quote(definition.name),
      dump(definition.parameters),
      dump(definition.body),
      dump(definition.decorators),
      dump(definition.returns)
    )
  }

  private func dump(_ definition: ClassDefinition, at position: SourcePosition) -> String {
    node(
      "ClassDef",
      at: position,
      quote(definition.name),
      dump(definition.arguments),
      dump(definition.body),
      dump(definition.decorators)
    )
  }

  private func dump(_ branches: [ConditionalBranch], orElse: [Statement]) -> String {
    var rest = dump(orElse)
    for branch in branches.reversed() {
      let text = node("If", at: branch.position, dump(branch.test), dump(branch.body), rest)
      rest = list([text])
    }
    return String(rest.dropFirst().dropLast())
  }

  private func dump(_ clauses: TryStatement, at position: SourcePosition) -> String {
    let handlers = clauses.handlers.map {
      node("ExceptHandler", at: $0.position, dump($0.type), quote($0.name), dump($0.body))
    }
    return node(
      clauses.isStarred ? "TryStar" : "Try",
      at: position,
      dump(clauses.body),
      list(handlers),
      dump(clauses.orElse),
      dump(clauses.finally)
    )
  }

  // MARK: - Parameters and arguments

  private func dump(_ parameter: Parameter) -> String {
    node("arg", at: parameter.position, quote(parameter.name), dump(parameter.annotation))
  }

  private func dump(_ parameters: Parameters) -> String {
    let defaults = (parameters.positionalOnly + parameters.positional).compactMap(\.defaultValue)
    return node(
      "arguments",
      at: nil,
      list(parameters.positionalOnly.map { dump($0) }),
      list(parameters.positional.map { dump($0) }),
      parameters.variadic.map { dump($0) } ?? "-",
      list(parameters.keywordOnly.map { dump($0) }),
      list(parameters.keywordOnly.map { dump($0.defaultValue) }),
      parameters.keywordVariadic.map { dump($0) } ?? "-",
      dump(defaults)
    )
  }

  /// The positional arguments and the keywords, which `ast` keeps apart.
  private func dump(_ arguments: [Argument]) -> String {
    var positional: [String] = []
    var keywords: [String] = []
    for argument in arguments {
      let value = dump(argument.value)
      switch argument.kind {
      case .positional: positional.append(value)
      case .unpackedSequence: positional.append(node("Starred", at: argument.position, value))
      case .keyword(let name):
        keywords.append(node("keyword", at: argument.position, quote(name), value))
      case .unpackedMapping:
        keywords.append(node("keyword", at: argument.position, "-", value))
      }
    }
    return list(positional) + " " + list(keywords)
  }

  // MARK: - Expressions

  private func dump(_ expression: Expression) -> String {
    let position = expression.position
    switch expression.kind {
    case .name(let name): return node("Name", at: position, quote(name))
    case .constant(let constant): return node("Constant", at: position, dump(constant))
    case .formattedString(let parts): return dump(parts, at: position)
    case .attribute(let value, let name):
      return node("Attribute", at: position, dump(value), quote(name))
    case .subscript(let value, let index):
      return node("Subscript", at: position, dump(value), dump(index))
    case .slice(let lower, let upper, let step):
      return node("Slice", at: position, dump(lower), dump(upper), dump(step))
    case .call(let function, let arguments):
      return node("Call", at: position, dump(function), dump(arguments))
    case .starred(let value): return node("Starred", at: position, dump(value))
    case .tuple(let elements): return node("Tuple", at: position, dump(elements))
    case .list(let elements): return node("List", at: position, dump(elements))
    case .set(let elements): return node("Set", at: position, dump(elements))
    case .dictionary(let items):
      let keys = list(items.map { dump($0.key) })
      return node("Dict", at: position, keys, dump(items.map(\.value)))
    case .listComprehension(let element, let clauses):
      return node("ListComp", at: position, dump(element), dump(clauses))
    case .setComprehension(let element, let clauses):
      return node("SetComp", at: position, dump(element), dump(clauses))
    case .generator(let element, let clauses):
      return node("GeneratorExp", at: position, dump(element), dump(clauses))
    case .dictionaryComprehension(let key, let value, let clauses):
      return node("DictComp", at: position, dump(key), dump(value), dump(clauses))
    case .unaryOperation(let symbol, let operand):
      return node("UnaryOp", at: position, symbol.symbol, dump(operand))
    case .binaryOperation(let left, let symbol, let right):
      return node("BinOp", at: position, dump(left), symbol.symbol, dump(right))
    case .booleanOperation(let symbol, let values):
      return node("BoolOp", at: position, symbol.symbol, dump(values))
    case .comparison(let left, let operators, let comparators):
      let symbols = list(operators.map(\.symbol))
      return node("Compare", at: position, dump(left), symbols, dump(comparators))
    case .conditional(let test, let body, let orElse):
      return node("IfExp", at: position, dump(test), dump(body), dump(orElse))
    case .lambda(let parameters, let body):
      return node("Lambda", at: position, dump(parameters), dump(body))
    case .named(let target, let value):
      return node("NamedExpr", at: position, dump(target), dump(value))
    case .await(let value): return node("Await", at: position, dump(value))
    case .yield(let value): return node("Yield", at: position, dump(value))
    case .yieldFrom(let value): return node("YieldFrom", at: position, dump(value))
    case .capture(let pattern, let name):
      return node("MatchAs", at: position, dump(pattern), quote(name))
    }
  }

  private func dump(_ clauses: [Comprehension]) -> String {
    list(
      clauses.map {
        node(
          "comprehension",
          at: nil,
          dump($0.target),
          dump($0.iterable),
          dump($0.conditions),
          $0.isAsync ? "1" : "0"
        )
      }
    )
  }

  private func dump(_ parts: [FormattedPart], at position: SourcePosition?) -> String {
    var inner = self
    inner.hasPositions = false
    let values = parts.map { part in
      switch part {
      case .literal(let text): return inner.node("Constant", at: nil, quote(text))
      case .field(let field):
        let conversion = field.conversion.map { String($0.rawValue) } ?? "-"
        let specification = field.specification.map { inner.dump($0, at: nil) } ?? "-"
        return inner.node(
          "FormattedValue",
          at: nil,
          inner.dump(field.value),
          conversion,
          specification
        )
      }
    }
    return node("JoinedStr", at: position, list(values))
  }

  private func dump(_ constant: Constant) -> String {
    switch constant {
    case .none: "None"
    case .true: "True"
    case .false: "False"
    case .ellipsis: "Ellipsis"
    case .integer(_, let value): value.map { "\($0)" } ?? "beyond"
    case .float(let value): "f" + String(value.bitPattern, radix: 16)
    case .imaginary(let digits):
      "j" + (Double(digits).map { String($0.bitPattern, radix: 16) } ?? digits)
    case .string(let text): quote(text)
    case .bytes(let bytes): "b" + bytes.map { "\($0)" }.joined(separator: ",")
    }
  }
}
