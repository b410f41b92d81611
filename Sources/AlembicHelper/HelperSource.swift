/// The helper's Python, which this program carries within itself.
///
/// It never becomes a file: the start is an argument, and hands over to what comes through the channel. So nothing has to be
/// written, made durable, protected from others, and swept after a kill.
package enum HelperSource {
  /// What `python -c` is given.
  static var start: String { text(PackageResources.xm_safe_start_py) }

  /// The modules that a run needs, each with its name and its text, in the order in which they are imported.
  ///
  /// - Parameter guards: The names of the guards.
  /// - Returns: Pairs of a name and a text.
  static func modules(for guards: [String]) -> [[String]] {
    var modules = [["xm_safe_helper", text(PackageResources.xm_safe_helper_py)]]
    for name in guards {
      modules.append(
        name == "sqlite"
          ? ["xm_safe_deletions", text(PackageResources.xm_safe_deletions_py)]
          : ["xm_safe_rehearsal", text(PackageResources.xm_safe_rehearsal_py)]
      )
      if let source = known[name] { modules.append(["xm_safe_\(name)", text(source)]) }
    }
    return modules
  }

  /// The guards by name: one for each kind of database.
  private static var known: [String: [UInt8]] {
    [
      "sqlite": PackageResources.xm_safe_sqlite_py,
      "postgresql": PackageResources.xm_safe_postgresql_py,
      "mysql": PackageResources.xm_safe_mysql_py,
    ]
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
