internal import Schema

/// One function that a script may call on `op`, on a batch, on `sa`, or on what these hand out: what it takes and what it does.
///
/// The tables of directives serve the check before a run and the run itself. To add one, follow `OpDirectives+Indexes.swift`:
/// name its parameters, and say what it does with them; then add a case to `ConformanceTests`.
struct Directive<Target>: Sendable {
  /// What it takes.
  var signature: Signature
  /// What is known of its value before it is run.
  var result: StaticValue
  /// What it does.
  var run: @Sendable (BoundArguments, Target) throws -> PythonValue

  init(
    _ name: String,
    _ positional: [String] = [],
    required: Int = 0,
    variadic: Bool = false,
    keywords: Set<String> = [],
    ignored: Set<String> = [],
    takesAnyKeyword: Bool = false,
    result: StaticValue = .anything,
    run: @escaping @Sendable (BoundArguments, Target) throws -> PythonValue
  ) {
    signature = Signature(
      name: name,
      positional: positional,
      required: required,
      isVariadic: variadic,
      keywords: keywords,
      ignored: ignored,
      takesAnyKeyword: takesAnyKeyword
    )
    self.result = result
    self.run = run
  }

  /// The directives by the name after the dot.
  static func table(_ directives: [Directive]...) -> [String: Directive] {
    var table: [String: Directive] = [:]
    for directive in directives.joined() {
      table[String(directive.signature.name.drop { $0 != "." }.dropFirst())] = directive
    }
    return table
  }

  /// The directive as a value that can be called.
  ///
  /// While nothing is run there is no target to act on, and calling it is refused.
  func value(on target: Target?) -> PythonValue {
    .native(
      NativeFunction(name: signature.name, signature: signature, result: result) { arguments in
        guard let target else {
          throw ScriptError.notRead(
            "\(signature.name) outside of a function is not read",
            at: arguments.location
          )
        }
        return try run(try arguments.bound(to: signature), target)
      }
    )
  }
}

/// What is known of a value before anything is run.
enum StaticValue: Sendable {
  case anything
  case bind
  case inspector
  case context
  case dialect
  case batch
  /// What `begin_nested()` hands out.
  case savepoint
}
