/// What a function or a lambda takes, by the way in which it is passed.
package struct Parameters: Sendable, Hashable {
  /// The parameters before `/`.
  package var positionalOnly: [Parameter] = []
  /// The parameters that are passed by position or by name.
  package var positional: [Parameter] = []
  /// `*args`.
  package var variadic: Parameter?
  /// The parameters after `*` or `*args`.
  package var keywordOnly: [Parameter] = []
  /// `**kwargs`.
  package var keywordVariadic: Parameter?

  /// Every parameter, in the order of the source.
  package var all: [Parameter] {
    var all = positionalOnly + positional
    if let variadic { all.append(variadic) }
    all += keywordOnly
    if let keywordVariadic { all.append(keywordVariadic) }
    return all
  }
}

/// One parameter of a function or a lambda.
package struct Parameter: Sendable, Hashable {
  /// Where its name begins.
  package var position: SourcePosition
  /// Its name.
  package var name: String
  /// The annotation after `:`.
  package var annotation: Expression?
  /// The value after `=`.
  package var defaultValue: Expression?
}
