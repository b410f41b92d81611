internal import CYAML

/// Reads one YAML document through libyaml, the parser that Python's yaml has in C as well.
package enum YAMLParser {
  /// Reads the single document of a text.
  ///
  /// - Parameter bytes: The text, in UTF-8 or with a byte order mark.
  /// - Returns: Its value; nil for an empty text.
  /// - Throws: `YAMLError` for what is not YAML, for more than one document, and for values nested too deep.
  package static func document(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode? {
    let reader = try EventReader(bytes)
    _ = try reader.next()  // the stream begins
    guard try reader.next().kind == .documentStart else { return nil }
    var composer = Composer(reader: reader)
    let node = try composer.node(try reader.next(), depth: 0)
    _ = try reader.next()  // the document ends
    let last = try reader.next()
    guard last.kind == .streamEnd else {
      throw YAMLError("there is more than one document", line: last.line, column: last.column)
    }
    return node
  }
}

/// Makes nodes of events.
private struct Composer {
  let reader: EventReader
  var anchors: [String: YAMLNode] = [:]

  /// The node that begins with an event.
  mutating func node(_ event: EventReader.Event, depth: Int) throws(YAMLError) -> YAMLNode {
    guard depth < 100 else {
      throw YAMLError("values are nested too deep", line: event.line, column: event.column)
    }
    var node = YAMLNode(
      kind: .sequence([]),
      tag: event.tag,
      line: event.line,
      column: event.column
    )
    switch event.kind {
    case .alias(let name):
      guard let target = anchors[name] else {
        throw YAMLError(
          "there is no '&\(name)' for '*\(name)'",
          line: event.line,
          column: event.column
        )
      }
      return target
    case .scalar(let text, let isPlain): node.kind = .scalar(text, isPlain: isPlain)
    case .sequenceStart:
      var children: [YAMLNode] = []
      while true {
        let next = try reader.next()
        if next.kind == .end { break }
        children.append(try self.node(next, depth: depth + 1))
      }
      node.kind = .sequence(children)
    case .mappingStart:
      var entries: [YAMLNode.Entry] = []
      while true {
        let next = try reader.next()
        if next.kind == .end { break }
        let key = try self.node(next, depth: depth + 1)
        let value = try self.node(try reader.next(), depth: depth + 1)
        entries.append(YAMLNode.Entry(key: key, value: value))
      }
      node.kind = .mapping(entries)
    case .documentStart, .streamEnd, .end, .other:
      throw YAMLError("a value is missing", line: event.line, column: event.column)
    }
    if let anchor = event.anchor { anchors[anchor] = node }
    return node
  }
}
