/// An array of what an optional holds.
extension Array {
  /// Makes an array of one element, or of none for nil.
  init(optional: Element?) {
    switch optional {
    case .some(let element): self = [element]
    case .none: self = []
    }
  }
}
