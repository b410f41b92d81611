internal import CYAML

/// The only caller of libyaml: its events as values.
final class EventReader {
  /// What comes next in the text.
  struct Event {
    enum Kind: Equatable {
      case documentStart
      case streamEnd
      case alias(String)
      case scalar(String, isPlain: Bool)
      case sequenceStart
      case mappingStart
      /// The end of a sequence or a mapping.
      case end
      case other
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    var line: Int
    var column: Int
  }

  // libyaml keeps pointers to both for as long as it reads.
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let isReady: Bool

  init(_ bytes: [UInt8]) throws(YAMLError) {
    input = .allocate(capacity: bytes.count)
    _ = input.initialize(from: bytes)
    parser.initialize(to: yaml_parser_t())
    isReady = yaml_parser_initialize(parser) == 1
    guard isReady else { throw YAMLError("there is no memory to read it", line: 1, column: 1) }
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    if isReady { yaml_parser_delete(parser) }
    parser.deallocate()
    input.deallocate()
  }

  /// The next event.
  func next() throws(YAMLError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw error() }
    defer { yaml_event_delete(&event) }
    var result = Event(
      kind: .other,
      line: event.start_mark.line + 1,
      column: event.start_mark.column + 1
    )
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
    case YAML_STREAM_END_EVENT: result.kind = .streamEnd
    case YAML_ALIAS_EVENT: result.kind = .alias(Self.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      result.kind = .scalar(
        String(decoding: bytes, as: UTF8.self),
        isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
      )
      result.anchor = Self.text(scalar.anchor)
      result.tag = Self.text(scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .sequenceStart
      result.anchor = Self.text(event.data.sequence_start.anchor)
      result.tag = Self.text(event.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT:
      result.kind = .mappingStart
      result.anchor = Self.text(event.data.mapping_start.anchor)
      result.tag = Self.text(event.data.mapping_start.tag)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: result.kind = .end
    default: break
    }
    return result
  }

  private func error() -> YAMLError {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "it cannot be read"
    // An error of the encoding has no mark, only the offset of the byte.
    guard state.error != YAML_READER_ERROR else {
      let before = input.prefix(state.problem_offset)
      let line = before.count { $0 == UInt8(ascii: "\n") } + 1
      return YAMLError(problem, line: line, column: 1)
    }
    let mark = state.problem_mark
    return YAMLError(problem, line: mark.line + 1, column: mark.column + 1)
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}
