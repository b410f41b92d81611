/// A value of a TOML document.
package enum TOMLValue: Hashable, Sendable {
  /// Text.
  case string(String)
  /// `true` or `false`.
  case boolean(Bool)
  /// A number, a date or a time, as it is written: nothing here needs more of it.
  case other(String)
  /// A list.
  case array([TOMLValue])
  /// A table.
  case table([String: TOMLValue])

  /// What a path of keys leads to.
  ///
  /// - Parameter keys: The keys, the outermost first.
  /// - Returns: The value; nil if one of the keys is not there.
  package subscript(_ keys: String...) -> TOMLValue? {
    keys.reduce(self as TOMLValue?) { value, key in
      guard case .table(let table) = value else { return nil }
      return table[key]
    }
  }
}

/// Why a text is no TOML document, and in which line.
package struct TOMLError: Error, Hashable, Sendable {
  /// What is wrong, as a clause in lower case.
  package var message: String
  /// The line, from 1.
  package var line: Int
}
