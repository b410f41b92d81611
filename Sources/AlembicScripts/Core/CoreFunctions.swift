internal import Schema

/// `sa.func`: any function of SQL, by name.
final class FunctionModule: SharedModule {
  var typeName: String { "func" }

  func attribute(_ name: String) -> PythonValue? {
    // `func.some.package.name` would be two names.
    guard !name.hasPrefix("_"), !Self.refused.contains(name.lowercased()) else { return nil }
    return .native(
      NativeFunction(name: "func.\(name)") { arguments in
        guard arguments.keywords.isEmpty else {
          throw ScriptError.notRead("keywords of func.\(name) are not read", at: arguments.location)
        }
        return .core(try Self.call(name, arguments))
      }
    )
  }

  /// Functions for which SQLAlchemy writes something of its own.
  private static let refused: Set<String> = [
    "concat", "user", "session_user", "current_user", "localtime", "localtimestamp", "sysdate",
    "rank", "dense_rank", "row_number", "percent_rank", "cume_dist", "array_agg",
    "aggregate_strings",
    "next_value", "cube", "rollup", "grouping_sets", "mode", "percentile_cont", "percentile_disc",
  ]

  private static func call(_ name: String, _ arguments: CallArguments) throws -> CoreExpression {
    let operands = try arguments.positional.map {
      try CoreExpression.operand($0, beside: .null, at: arguments.location)
    }
    switch name.lowercased() {
    case "now" where operands.isEmpty, "current_timestamp" where operands.isEmpty:
      return .function("CURRENT_TIMESTAMP", [], CoreTypes.dateTime)
    case "current_date" where operands.isEmpty:
      return .function("CURRENT_DATE", [], CoreTypes.date)
    case "current_time" where operands.isEmpty:
      return .function("CURRENT_TIME", [], CoreTypes.time)
    case "count":
      return .function(name, operands.isEmpty ? [.star] : operands, CoreTypes.integer)
    case "char_length": return .function("length", operands, CoreTypes.integer)
    case "coalesce", "max", "min", "sum":
      return .function(name, operands, operands.first?.type ?? .null)
    default: return .function(name, operands, .null)
    }
  }
}
