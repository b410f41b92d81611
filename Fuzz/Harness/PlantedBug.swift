/// A trap behind a word that chance alone would need about 2^40 inputs for, and coverage a few thousand.
enum PlantedBug {
  private static let word = Array("found".utf8)

  static func run(_ input: [UInt8]) {
    var matched = 0
    // Each byte is a step of its own, so that coverage shows how far an input has come.
    if input.count > 4, input[0] == word[0] { matched = second(input) }
    // An optimised build keeps the words of a fatal error, and not those of a precondition.
    if matched == word.count { fatalError("the planted bug was found") }
  }

  private static func second(_ input: [UInt8]) -> Int {
    guard input[1] == word[1] else { return 1 }
    guard input[2] == word[2] else { return 2 }
    guard input[3] == word[3] else { return 3 }
    guard input[4] == word[4] else { return 4 }
    return 5
  }
}
