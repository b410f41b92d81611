/// A list: shared by all who hold it, as in Python.
final class PythonList {
  private var own: [PythonValue]
  /// What reads the elements anew, of what `items()` and its like gave: Python shows there what the dictionary has by then.
  private var view: ((PythonDictionary) -> [PythonValue])?
  /// The dictionary that it was taken from, by `items()` and its like: Python watches whether that grows while a loop goes on.
  let dictionary: PythonDictionary?

  init(_ elements: [PythonValue]) {
    own = elements
    dictionary = nil
  }

  /// What a dictionary shows of itself.
  init(of dictionary: PythonDictionary, _ view: @escaping (PythonDictionary) -> [PythonValue]) {
    own = []
    self.dictionary = dictionary
    self.view = view
  }

  var elements: [PythonValue] {
    get {
      guard let dictionary, let view else { return own }
      return view(dictionary)
    }
    set { (own, view) = (newValue, nil) }
  }
}

/// A dictionary, in insertion order.
final class PythonDictionary {
  var items: [(key: PythonValue, value: PythonValue)]

  init(_ items: [(key: PythonValue, value: PythonValue)]) {
    self.items = items
  }

  /// Where a key is.
  enum Place {
    case found(Int)
    case absent
    /// The reader cannot tell whether the keys are equal, or Python cannot hash the key.
    case unknown
  }

  func index(of key: PythonValue) -> Place {
    guard key.isHashable else { return .unknown }
    for (index, item) in items.enumerated() {
      switch item.key.equals(key) {
      case true?: return .found(index)
      case nil: return .unknown
      case false?: continue
      }
    }
    return key.equals(key) == true ? .absent : .unknown
  }

  /// The value of a key.
  subscript(_ key: String) -> PythonValue? {
    guard case .found(let place) = index(of: .string(key)) else { return nil }
    return items[place].value
  }

  /// Sets a key; false if the reader cannot tell which.
  func set(_ key: PythonValue, to value: PythonValue) -> Bool {
    switch index(of: key) {
    case .found(let place): items[place].value = value
    case .absent: items.append((key, value))
    case .unknown: return false
    }
    return true
  }
}

/// A set.
final class PythonSet {
  private(set) var elements: [PythonValue] = []
  /// Whether it is a frozenset.
  let isFrozen: Bool

  init(isFrozen: Bool = false) {
    self.isFrozen = isFrozen
  }

  /// A set of some values; nil if the reader cannot tell which of them are equal.
  init?(_ values: [PythonValue], isFrozen: Bool = false) {
    self.isFrozen = isFrozen
    for value in values { guard insert(value) else { return nil } }
  }

  /// Whether a value is in it; nil where the reader cannot tell.
  func contains(_ value: PythonValue) -> Bool? {
    guard value.isHashable else { return nil }
    for element in elements {
      guard let isEqual = element.equals(value) else { return nil }
      if isEqual { return true }
    }
    return false
  }

  /// Adds a value; false if the reader cannot tell whether it is there.
  func insert(_ value: PythonValue) -> Bool {
    guard let isThere = contains(value) else { return false }
    if !isThere { elements.append(value) }
    return true
  }

  /// Takes a value out; nil if the reader cannot tell whether it is there, false if it is not.
  func remove(_ value: PythonValue) -> Bool? {
    guard let isThere = contains(value) else { return nil }
    elements.removeAll { $0.equals(value) == true }
    return isThere
  }

  /// The elements as Python goes through them; nil where its order is another than ours.
  ///
  /// Strings have a new random order in every process of Python, so that ours is as good as any.
  var orderedElements: [PythonValue]? {
    if elements.count < 2 { return elements }
    return elements.allSatisfy(\.isRandomlyOrdered) ? elements : nil
  }
}

extension PythonValue {
  /// Whether its hash is random in Python.
  fileprivate var isRandomlyOrdered: Bool {
    switch self {
    case .string, .bytes: true
    case .tuple(let elements): elements.contains(where: \.isRandomlyOrdered)
    default: false
    }
  }

  /// Whether Python can hash it, as far as the reader knows.
  var isHashable: Bool {
    switch self {
    case .list, .dictionary, .iterator, .core, .unread: false
    case .set(let set): set.isFrozen
    case .tuple(let elements): elements.allSatisfy(\.isHashable)
    default: true
    }
  }
}

/// Values that are gone through once.
final class PythonIterator {
  private var rest: ArraySlice<PythonValue>

  init(_ elements: [PythonValue]) {
    rest = elements[...]
  }

  /// All that is left; afterwards nothing is.
  func drain() -> [PythonValue] {
    defer { rest = [] }
    return Array(rest)
  }

  /// The next one; nil at the end.
  func next() -> PythonValue? { rest.popFirst() }
}
