internal import CSQLite

/// Keeping statements that are not ours from ending our transaction or reaching other files.
extension Connection {
  /// Something that a statement wants to do and that can be refused when it is prepared.
  package enum GuardedAction: Hashable, Sendable {
    /// BEGIN, COMMIT or ROLLBACK.
    case transaction(String)
    /// SAVEPOINT, RELEASE or ROLLBACK TO.
    case savepoint(String)
    /// ATTACH or VACUUM INTO another file.
    case attach
    /// DETACH.
    case detach
    /// A PRAGMA, by name, with its argument.
    case pragma(String, String?)
  }

  /// Runs a body during which guarded actions are refused unless allowed (https://www.sqlite.org/c3ref/set_authorizer.html).
  ///
  /// - Parameters:
  ///   - isAllowed: Decides on an action.
  ///   - observe: Told of every table that a statement may change, when it is prepared; the statement's own target comes first.
  ///   - body: What to run.
  /// - Returns: What the body returned.
  /// - Throws: What the body threw; a refused statement throws `SQLiteError` with `.notAuthorized`.
  package func withGuard<Result>(
    _ isAllowed: @escaping (GuardedAction) -> Bool,
    observe: @escaping (TableChange) -> Void = { _ in },
    _ body: () throws -> Result
  ) rethrows -> Result {
    let outer = authorizer
    install(AuthorizerBox(isAllowed: isAllowed, observe: observe))
    defer { install(outer) }
    return try body()
  }

  private func install(_ box: AuthorizerBox?) {
    guard let box else {
      sqlite3_set_authorizer(handle, nil, nil)
      authorizer = nil
      return
    }
    let context = Unmanaged.passUnretained(box).toOpaque()
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, schema, trigger in
        guard let context else { return SQLITE_OK }
        let box = Unmanaged<AuthorizerBox>.fromOpaque(context).takeUnretainedValue()
        let name = first.map { String(cString: $0) } ?? ""
        let argument = second.map { String(cString: $0) }
        let change = TableChange(
          action: action,
          name: name,
          argument: argument,
          schema: schema.map { String(cString: $0) },
          isByTrigger: trigger != nil
        )
        if let change { box.observe(change) }
        let guarded: GuardedAction? =
          switch action {
          case SQLITE_TRANSACTION: .transaction(name)
          case SQLITE_SAVEPOINT: .savepoint(name)
          case SQLITE_ATTACH: .attach
          case SQLITE_DETACH: .detach
          case SQLITE_PRAGMA: .pragma(name, argument)
          default: nil
          }
        guard let guarded else { return SQLITE_OK }
        return box.isAllowed(guarded) ? SQLITE_OK : SQLITE_DENY
      },
      context
    )
    authorizer = box
  }
}

/// Carries the decision through SQLite's C callback.
final class AuthorizerBox {
  let isAllowed: (Connection.GuardedAction) -> Bool
  let observe: (TableChange) -> Void

  init(
    isAllowed: @escaping (Connection.GuardedAction) -> Bool,
    observe: @escaping (TableChange) -> Void
  ) {
    self.isAllowed = isAllowed
    self.observe = observe
  }
}
