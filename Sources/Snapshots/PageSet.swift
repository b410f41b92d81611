/// Which of some consecutive pages there are: one bit for each.
struct PageSet {
  private let before: UInt32
  private let count: Int
  private var words: [UInt64]

  /// Makes an empty set.
  ///
  /// - Parameters:
  ///   - page: The page before the first one that can be in it.
  ///   - count: How many can be in it.
  init(after page: UInt32, count: Int) {
    before = page
    self.count = count
    words = []
  }

  /// Takes a page; one that cannot be in the set is forgotten.
  mutating func insert(_ page: UInt32) {
    guard let place = place(of: page) else { return }
    // Grown as needed: most logs have few pages that the file does not have.
    if words.count <= place / 64 {
      words.append(contentsOf: repeatElement(0, count: place / 64 + 1 - words.count))
    }
    words[place / 64] |= 1 << UInt64(place % 64)
  }

  /// Whether a page is in it.
  func contains(_ page: UInt32) -> Bool {
    guard let place = place(of: page), place / 64 < words.count else { return false }
    return words[place / 64] & 1 << UInt64(place % 64) != 0
  }

  private func place(of page: UInt32) -> Int? {
    guard page > before, Int(page - before) <= count else { return nil }
    return Int(page - before) - 1
  }
}
