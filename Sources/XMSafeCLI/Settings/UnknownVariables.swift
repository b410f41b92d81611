internal import XMSafe

/// Variables that look like ours and are not.
enum UnknownVariables {
  /// What all commands know beside their options.
  private static let known: Set<String> = [
    "XM_SAFE_PASSWORD", "XM_SAFE_SETTINGS", "XM_SAFE_PROFILE",
  ]

  /// Warnings for the variables whose names are nearly those of options.
  ///
  /// - Parameters:
  ///   - environment: The variables.
  ///   - command: The command that runs; others are only looked at where its options do not explain a variable.
  /// - Returns: One sentence for each.
  /// - Throws: `Failure` where the options of the program cannot be told.
  static func warnings(
    _ environment: [String: String],
    _ command: DeclaredCommand
  ) throws(Failure) -> [String] {
    let own = known.union(command.options.flatMap(\.variables))
    let others = environment.keys.filter { $0.hasPrefix("XM_SAFE_") && !own.contains($0) }.sorted()
    guard !others.isEmpty else { return [] }
    let all = try own.union(DeclaredCommand.program().allOptions.flatMap(\.variables))
    return others.compactMap { name in
      guard !all.contains(name), !name.hasPrefix("XM_SAFE_HOOK"),
        let meant = NearName.find(name, among: all)
      else { return nil }
      return "The variable \(name) is not known, and does nothing; \(meant) is"
    }
  }
}
