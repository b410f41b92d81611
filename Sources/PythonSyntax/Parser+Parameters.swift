/// The parameters of functions and lambdas.
extension Parser {
  /// Reads parameters up to the mark that ends them, which is not passed.
  mutating func parameters(
    until end: Punctuator,
    areAnnotated: Bool
  ) throws(PythonSyntaxError) -> Parameters {
    var result = Parameters()
    var hasStar = false
    var hasSlash = false
    while !isAt(end) {
      if result.keywordVariadic != nil {
        throw error("arguments cannot follow var-keyword argument")
      }
      switch token.kind {
      case .punctuator(.slash):
        guard !hasStar else { throw error("/ must be ahead of *") }
        guard !hasSlash else { throw error("/ may appear only once") }
        guard !result.positional.isEmpty else {
          throw error("at least one argument must precede /")
        }
        hasSlash = true
        advance()
        result.positionalOnly = result.positional
        result.positional = []
      case .punctuator(.star):
        guard !hasStar else { throw error("* argument may appear only once") }
        hasStar = true
        try readStar(into: &result, until: end, areAnnotated: areAnnotated)
      case .punctuator(.doubleStar):
        advance()
        result.keywordVariadic = try parameter(.keywordVariadic, isAnnotated: areAnnotated)
      default:
        let parameter = try parameter(.plain, isAnnotated: areAnnotated)
        if hasStar {
          result.keywordOnly.append(parameter)
        } else {
          let previous = result.positional.last ?? result.positionalOnly.last
          guard parameter.defaultValue != nil || previous?.defaultValue == nil else {
            throw PythonSyntaxError(
              "non-default argument follows default argument",
              at: parameter.position
            )
          }
          result.positional.append(parameter)
        }
      }
      guard accept(.comma) else { break }
    }
    return result
  }

  /// Reads `*args` or a bare `*`.
  private mutating func readStar(
    into result: inout Parameters,
    until end: Punctuator,
    areAnnotated: Bool
  ) throws(PythonSyntaxError) {
    let star = advance().position
    guard isAt(.comma) || isAt(end) else {
      result.variadic = try parameter(.variadic, isAnnotated: areAnnotated)
      return
    }
    let next = peek(1)
    guard isAt(.comma), next != .punctuator(end), next != .punctuator(.doubleStar) else {
      throw PythonSyntaxError("named arguments must follow bare *", at: star)
    }
  }

  /// How a parameter is marked.
  private enum ParameterMark {
    case plain
    case variadic
    case keywordVariadic
  }

  /// Reads a parameter from its name.
  private mutating func parameter(
    _ mark: ParameterMark,
    isAnnotated: Bool
  ) throws(PythonSyntaxError) -> Parameter {
    let position = token.position
    let name = try expectName("a parameter")
    var annotation: Expression?
    if isAnnotated, accept(.colon) {
      annotation = mark == .variadic ? try starExpression() : try expression()
    }
    var defaultValue: Expression?
    if isAt(.equal) {
      switch mark {
      case .plain:
        advance()
        defaultValue = try expression()
      case .variadic: throw error("var-positional argument cannot have default value")
      case .keywordVariadic: throw error("var-keyword argument cannot have default value")
      }
    }
    return Parameter(
      position: position,
      name: name,
      annotation: annotation,
      defaultValue: defaultValue
    )
  }
}
