/// The parser: makes the tree of a file from its tokens, by recursive descent.
///
/// The recursion follows only what nests in the source, and `maximumNesting` bounds it. Chains of
/// operators, calls, attributes and `elif` are read by loops.
struct Parser {
  /// How deep blocks, brackets and lambdas may be nested, all counted together.
  static let maximumNesting = 100
  /// How deep the tree of an expression may become, also by chains that do not nest.
  ///
  /// A build without optimisation takes about 8 KB of stack a level to compare two trees, and some
  /// KB more than 2 MB in all to read what is nested to the limit.
  static let maximumDepth = 500

  /// What the tokens are made of.
  let source: SourceText
  /// The tokens; the last is an `end` token.
  private let tokens: [Token]
  /// The number of the next token.
  private var index = 0
  /// The number of blocks, brackets and lambdas that are open.
  private var nesting = 0
  /// Whether the expression being read is the pattern of a `case`.
  var isReadingPattern = false

  /// Reads a whole file.
  static func module(of source: SourceText) throws(PythonSyntaxError) -> Module {
    let (tokens, lexerError) = Lexer.tokens(of: source)
    guard let first = tokens.first else { return Module(body: []) }
    var parser = Parser(source: source, tokens: tokens, token: first)
    do throws(PythonSyntaxError) {
      let body = try parser.moduleBody()
      guard let lexerError else { return Module(body: body) }
      throw lexerError
    } catch {
      // Of two errors, the first is the likelier cause: a bracket that is never closed makes the
      // lines after it unreadable, not the other way round.
      if let lexerError, lexerError.position < error.position { throw lexerError }
      throw error
    }
  }

  private init(source: SourceText, tokens: [Token], token: Token) {
    self.source = source
    self.tokens = tokens
    self.token = token
  }

  // MARK: - Tokens

  /// The next token.
  private(set) var token: Token

  /// The kind of the token some places after the next.
  func peek(_ offset: Int) -> Token.Kind {
    index + offset < tokens.count ? tokens[index + offset].kind : .end
  }

  /// The text of the token some places after the next.
  func text(at offset: Int) -> String {
    index + offset < tokens.count ? source.text(tokens[index + offset].range) : ""
  }

  /// Passes the next token.
  @discardableResult
  mutating func advance() -> Token {
    let passed = token
    if index + 1 < tokens.count {
      index += 1
      token = tokens[index]
    }
    return passed
  }

  /// Whether the next token is a punctuator.
  func isAt(_ punctuator: Punctuator) -> Bool {
    if case .punctuator(punctuator) = token.kind { true } else { false }
  }

  /// Whether the next token is a keyword.
  func isAt(_ keyword: Keyword) -> Bool {
    if case .keyword(keyword) = token.kind { true } else { false }
  }

  /// Whether the next token is a name of a text: a word that is a keyword only in some places.
  func isAt(word: String) -> Bool {
    guard case .name = token.kind, token.range.count == word.utf8.count else { return false }
    return text == word
  }

  /// The text of the next token.
  var text: String { source.text(token.range) }

  /// Passes a punctuator, if it is next.
  mutating func accept(_ punctuator: Punctuator) -> Bool {
    guard isAt(punctuator) else { return false }
    advance()
    return true
  }

  /// Passes a keyword, if it is next.
  mutating func accept(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  /// Passes a punctuator that must be next.
  mutating func expect(_ punctuator: Punctuator) throws(PythonSyntaxError) {
    guard accept(punctuator) else { throw unexpected("'\(punctuator.rawValue)'") }
  }

  /// Passes a keyword that must be next.
  mutating func expect(_ keyword: Keyword) throws(PythonSyntaxError) {
    guard accept(keyword) else { throw unexpected("'\(keyword.rawValue)'") }
  }

  /// Passes a name that must be next.
  mutating func expectName(_ expected: String = "a name") throws(PythonSyntaxError) -> String {
    guard token.kind == .name else { throw unexpected(expected) }
    let name = text
    advance()
    return name
  }

  // MARK: - Places

  /// A place to return to, if what follows it can be read in two ways.
  struct Checkpoint {
    fileprivate let index: Int
    fileprivate let nesting: Int
  }

  /// The current place.
  var checkpoint: Checkpoint { Checkpoint(index: index, nesting: nesting) }

  /// Goes back to a place.
  mutating func restore(_ checkpoint: Checkpoint) {
    index = checkpoint.index
    nesting = checkpoint.nesting
    token = tokens[index]
  }

  /// Enters a block, bracket or lambda.
  mutating func enter() throws(PythonSyntaxError) {
    nesting += 1
    guard nesting <= Self.maximumNesting else {
      throw PythonSyntaxError("too many nested blocks and brackets", at: token.position)
    }
  }

  /// Leaves what was entered last.
  mutating func leave() { nesting -= 1 }

  /// Makes an expression, unless the tree would become too deep.
  func make(
    _ kind: Expression.Kind,
    at position: SourcePosition
  ) throws(PythonSyntaxError) -> Expression {
    let expression = Expression(position: position, kind: kind)
    guard expression.depth <= Self.maximumDepth else {
      throw PythonSyntaxError("too many nested operations in an expression", at: position)
    }
    return expression
  }
}
