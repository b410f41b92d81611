/// One value of a YAML document, with its place, and aliases already followed.
package struct YAMLNode: Hashable, Sendable {
  /// What kinds of value there are.
  package enum Kind: Hashable, Sendable {
    /// A single value; a plain one is not in quotes, so that its look decides what it is.
    case scalar(String, isPlain: Bool)
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values in their order; a key may be there more than once.
    case mapping([Entry])
  }

  /// One key of a mapping and its value.
  package struct Entry: Hashable, Sendable {
    /// The key.
    package var key: YAMLNode
    /// The value.
    package var value: YAMLNode
  }

  /// What it is.
  package var kind: Kind
  /// A tag that is written in front of it.
  package var tag: String?
  /// The line where it begins, from 1.
  package var line: Int
  /// The column where it begins, from 1.
  package var column: Int

  /// The entries of a mapping as Python's yaml.safe_load sees them: `<<` filled in, the last of equal keys alone.
  ///
  /// - Returns: The entries; nil for what is no mapping.
  /// - Throws: `YAMLError` for a `<<` that merges no mapping.
  package func entries() throws(YAMLError) -> [Entry]? {
    guard case .mapping(let written) = kind else { return nil }
    var merged: [Entry] = []
    var own: [Entry] = []
    for entry in written {
      guard entry.key.meaning == .merge else {
        own.append(entry)
        continue
      }
      if let entries = try entry.value.entries() {
        merged += entries
      } else if case .sequence(let nodes) = entry.value.kind {
        for node in nodes {
          guard let entries = try node.entries() else { throw Self.unmergeable(node) }
          // Releases of Python's yaml differ in which of two counts.
          for entry in entries
          where merged.contains(where: {
            $0.key.meaning == entry.key.meaning && $0.value.kind != entry.value.kind
          }) {
            throw YAMLError(
              "'<<' merges two values for one key",
              line: node.line,
              column: node.column
            )
          }
          merged += entries
        }
      } else {
        throw Self.unmergeable(entry.value)
      }
    }
    var result: [Entry] = []
    for entry in merged + own {
      let place = result.firstIndex { $0.key.meaning == entry.key.meaning }
      if let place, entry.key.meaning.isSingle {
        result[place] = entry
      } else {
        result.append(entry)
      }
    }
    return result
  }

  private static func unmergeable(_ node: YAMLNode) -> YAMLError {
    YAMLError("'<<' merges what is no mapping", line: node.line, column: node.column)
  }
}
