/// The parts of an f-string while they are read: text that meets is joined.
struct FormattedParts {
  /// The text since the last field.
  private(set) var pending: [Unicode.Scalar] = []
  /// The parts before that text.
  private var parts: [FormattedPart] = []

  /// The text since the last field, as a string.
  var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: pending)
    return String(view)
  }

  /// Adds text.
  mutating func append(_ scalars: some Sequence<Unicode.Scalar>) {
    pending.append(contentsOf: scalars)
  }

  /// Adds a field.
  mutating func append(_ field: FormattedField) {
    flush()
    parts.append(.field(field))
  }

  /// Ends the text, and takes all parts.
  mutating func finish() -> [FormattedPart] {
    flush()
    return parts
  }

  private mutating func flush() {
    if !pending.isEmpty { parts.append(.literal(text)) }
    pending = []
  }
}
