/// Which exception is a kind of which: Python's own, SQLAlchemy's, alembic's, and those of the scripts.
final class ExceptionClasses {
  private var parents = ExceptionClasses.known
  /// Classes that make their message themselves, which is then not known here.
  private var opaque: Set<String> = []

  /// Notes that a class makes its message itself.
  func noteOpaque(_ name: String) { opaque.insert(name) }

  /// Whether a class, or one above it, makes its message itself.
  func isOpaque(_ name: String) -> Bool { opaque.contains { isKind(name, of: $0) } }

  /// Python's own, found without an import.
  static let builtin: Set<String> = [
    "BaseException", "Exception", "ArithmeticError", "AssertionError", "AttributeError",
    "ImportError", "IndexError", "KeyError", "LookupError", "ModuleNotFoundError", "NameError",
    "NotImplementedError", "OSError", "OverflowError", "RecursionError", "RuntimeError",
    "StopIteration", "TypeError", "UnicodeError", "ValueError", "ZeroDivisionError",
    "FileNotFoundError", "PermissionError", "SystemExit", "KeyboardInterrupt", "UserWarning",
    "Warning", "DeprecationWarning", "RuntimeWarning",
  ]

  /// Those of `sqlalchemy.exc`.
  static let sqlalchemy: Set<String> = [
    "SQLAlchemyError", "ArgumentError", "CompileError", "UnsupportedCompilationError",
    "InvalidRequestError", "NoSuchTableError", "NoSuchColumnError", "NoResultFound",
    "MultipleResultsFound", "ResourceClosedError", "ObjectNotExecutableError", "StatementError",
    "DBAPIError", "InterfaceError", "DatabaseError", "DataError", "OperationalError",
    "IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError",
    "CircularDependencyError", "DuplicateColumnError", "ConstraintColumnNotFoundError",
    "NoReferenceError", "NoReferencedTableError", "NoReferencedColumnError", "SAWarning",
  ]

  private static let known: [String: String] = [
    "Exception": "BaseException", "SystemExit": "BaseException",
    "KeyboardInterrupt": "BaseException",
    "ZeroDivisionError": "ArithmeticError", "OverflowError": "ArithmeticError",
    "IndexError": "LookupError", "KeyError": "LookupError",
    "ModuleNotFoundError": "ImportError", "RecursionError": "RuntimeError",
    "NotImplementedError": "RuntimeError", "UnicodeError": "ValueError",
    "FileNotFoundError": "OSError", "PermissionError": "OSError",
    "UserWarning": "Warning", "DeprecationWarning": "Warning", "RuntimeWarning": "Warning",
    "ArgumentError": "SQLAlchemyError", "CompileError": "SQLAlchemyError",
    "UnsupportedCompilationError": "CompileError",
    "InvalidRequestError": "SQLAlchemyError", "NoSuchTableError": "InvalidRequestError",
    "NoSuchColumnError": "InvalidRequestError", "NoResultFound": "InvalidRequestError",
    "MultipleResultsFound": "InvalidRequestError", "ResourceClosedError": "InvalidRequestError",
    "ObjectNotExecutableError": "ArgumentError", "StatementError": "SQLAlchemyError",
    "DBAPIError": "StatementError", "InterfaceError": "DBAPIError",
    "DatabaseError": "DBAPIError", "DataError": "DatabaseError",
    "OperationalError": "DatabaseError", "IntegrityError": "DatabaseError",
    "InternalError": "DatabaseError", "ProgrammingError": "DatabaseError",
    "NotSupportedError": "DatabaseError", "CircularDependencyError": "SQLAlchemyError",
    "DuplicateColumnError": "ArgumentError", "ConstraintColumnNotFoundError": "ArgumentError",
    "NoReferenceError": "InvalidRequestError", "NoReferencedTableError": "NoReferenceError",
    "NoReferencedColumnError": "NoReferenceError", "SAWarning": "RuntimeWarning",
    "CommandError": "Exception", "JSONDecodeError": "ValueError",
  ]

  /// Adds a class of a script; false if there is another one of this name.
  func add(_ name: String, kindOf parent: String) -> Bool {
    if let known = parents[name] { return known == parent }
    guard !Self.builtin.contains(name), !Self.sqlalchemy.contains(name) else { return false }
    parents[name] = parent
    return true
  }

  /// Whether an exception is of a class or of one below it.
  func isKind(_ name: String, of ancestor: String) -> Bool {
    var current = name
    for _ in 0..<50 {
      if current == ancestor { return true }
      guard current != "BaseException" else { return false }
      // Every other class stands right below Exception.
      current = parents[current] ?? (current == "Exception" ? "BaseException" : "Exception")
    }
    return false
  }
}
