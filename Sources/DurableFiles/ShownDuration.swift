extension Duration {
  /// The duration in seconds, for people: `0.5 s`, `30 s`.
  package var shownInSeconds: String {
    let tenths = (components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000) / 100
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }
}
