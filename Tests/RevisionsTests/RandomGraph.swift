import Revisions

/// A generator that gives the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// A graph made at random: branches, merges, dependencies, labels, and now and then a defect.
struct RandomGraph {
  private(set) var revisions: [Revision] = []
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...14, using: &generator)
    for number in 0..<count { revisions.append(revision(number)) }
    if chance(4) { spoil() }
    revisions.shuffle(using: &generator)
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &generator) < percent
  }

  private mutating func revision(_ number: Int) -> Revision {
    let id = id()
    var downs: [String] = []
    if !revisions.isEmpty, !chance(14) {
      let wanted = chance(22) ? Int.random(in: 2...3, using: &generator) : 1
      for _ in 0..<wanted {
        // Mostly near the end, so that there are long branches too.
        let recent = chance(70) ? revisions.suffix(3) : revisions[...]
        if let parent = recent.randomElement(using: &generator)?.id, !downs.contains(parent) {
          downs.append(parent)
        }
      }
    }
    var depends: [String] = []
    if chance(22) {
      for _ in 0..<Int.random(in: 1...2, using: &generator) {
        guard let other = revisions.randomElement(using: &generator) else { continue }
        let name = other.branchLabels.first.flatMap { chance(50) ? $0 : nil } ?? other.id
        if !depends.contains(name) { depends.append(name) }
      }
    }
    return Revision(
      id: id,
      downRevisions: downs,
      dependsOn: depends,
      branchLabels: chance(18) ? ["lab\(number)"] : [],
      location: Revision.Location(path: "\(id).py", line: 1, column: 1)
    )
  }

  private mutating func id() -> String {
    let letters = Array("abc012")
    while true {
      let length = Int.random(in: 4...6, using: &generator)
      let id = String((0..<length).map { _ in letters.randomElement(using: &generator) ?? "a" })
      if !revisions.contains(where: { $0.id == id }) { return id }
    }
  }

  /// Puts in what makes a directory unusable.
  private mutating func spoil() {
    let place = revisions.indices.randomElement(using: &generator) ?? 0
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: revisions[place].downRevisions.append("nowhere")
    case 1: revisions[place].dependsOn.append("nowhere")
    case 2: revisions[place].downRevisions.append(revisions[place].id)
    case 3: revisions[place].branchLabels = [revisions[0].id]
    default:
      // A circle, if the first revision is not alone.
      revisions[0].downRevisions.append(revisions[revisions.count - 1].id)
    }
  }

  /// A target as a user might write it, right or wrong.
  mutating func target(_ verb: String) -> String {
    let id = revisions.randomElement(using: &generator)?.id ?? ""
    let label =
      revisions.flatMap(\.branchLabels).randomElement(using: &generator)
      ?? revisions.randomElement(using: &generator)?.id ?? ""
    let steps = Int.random(in: 1...3, using: &generator)
    switch Int.random(in: 0..<17, using: &generator) {
    case 0: return "head"
    case 1, 2: return verb == "downgrade" ? "base" : "heads"
    case 3: return "base"
    case 4: return String(id.prefix(Int.random(in: 1...4, using: &generator)))
    case 5: return verb == "downgrade" ? "-\(steps)" : "+\(steps)"
    case 6: return chance(50) ? "-\(steps)" : "+\(steps)"
    case 7: return "\(id)+\(steps)"
    case 8: return "\(id)-\(steps)"
    case 9: return "\(label)@head"
    case 10: return "\(label)@\(id)"
    case 11: return "\(label)@\(verb == "downgrade" ? "-" : "+")\(steps)"
    case 12: return "\(label)@\(id)\(chance(50) ? "-" : "+")\(steps)"
    case 13: return chance(20) ? "nosuch" : label
    case 14: return "\(label)@\(chance(50) ? "base" : "heads")"
    default: return id
    }
  }

  /// One or several targets of a stamp.
  mutating func stampTarget() -> String {
    let count = chance(30) ? 2 : 1
    return (0..<count).map { _ in
      let id = revisions.randomElement(using: &generator)?.id ?? ""
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: return "heads"
      case 1: return count == 1 ? "base" : id
      case 2: return "head"
      default: return id
      }
    }.joined(separator: " ")
  }

  /// A range of the history.
  mutating func range() -> String {
    func end(_ generator: inout SeededGenerator) -> String {
      let id = revisions.randomElement(using: &generator)?.id ?? ""
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: return ""
      case 1: return String(id.prefix(4))
      case 2: return "\(revisions.flatMap(\.branchLabels).first ?? id)@head"
      default: return id
      }
    }
    return "\(end(&generator)):\(end(&generator))"
  }
}
