/// An argument of a type in a script, such as the 255 of `sa.String(255)`.
package enum TypeArgument: Hashable, Sendable {
  /// Python's None.
  case none
  /// True or False.
  case boolean(Bool)
  /// An integer.
  case integer(Int)
  /// A string.
  case string(String)
  /// Another type, as in `sa.ARRAY(sa.Integer)`.
  case type(ColumnType)
}
