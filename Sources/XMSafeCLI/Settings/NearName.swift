/// Finds what somebody may have meant by a name that is not known.
enum NearName {
  /// The name that is nearest, if one is near.
  ///
  /// - Parameters:
  ///   - name: What was written.
  ///   - names: What is known.
  /// - Returns: The nearest one; nil if it would take more than two letters, or more than a third of them, to get there.
  static func find(_ name: String, among names: some Sequence<String>) -> String? {
    let written = Array(name.lowercased())
    let near = names.map { (name: $0, distance: distance(written, Array($0.lowercased()))) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let near, near.distance <= max(1, min(2, written.count / 3)) else { return nil }
    return near.name
  }

  /// `; did you mean 'x'?`, or nothing.
  static func question(_ name: String, among names: some Sequence<String>) -> String {
    find(name, among: names).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// How many letters must be put in, left out, changed or swapped with the next one.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(
          last[column] + (letter == other ? 0 : 1),
          last[column + 1] + 1,
          current[column] + 1
        )
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          best = min(best, before[column - 1] + 1)
        }
        current.append(best)
      }
      (before, last) = (last, current)
    }
    return last[right.count]
  }
}
