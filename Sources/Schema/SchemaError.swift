/// What SQLAlchemy or alembic refuse to do, or what this package refuses to guess, as one sentence.
///
/// Thrown before anything is sent to a database. `code` names the Python exception a user of
/// alembic would have seen, so that the caller can present a familiar text.
package struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of refusal; an open set, so that kinds can be added without breaking a switch.
  package struct Code: Hashable, Sendable {
    /// The name of the exception that alembic or SQLAlchemy would raise here.
    package let exception: String

    /// Creates a code from the name of a Python exception.
    package init(_ exception: String) {
      self.exception = exception
    }

    /// SQLAlchemy cannot render this as DDL (`CompileError`).
    package static let compile = Code("CompileError")
    /// A column is unknown (`KeyError`); the message is the quoted key, as Python prints it.
    package static let key = Code("KeyError")
    /// A name is missing or unknown in a batch (`ValueError`).
    package static let value = Code("ValueError")
    /// An argument has the wrong type or there are too many (`TypeError`).
    package static let type = Code("TypeError")
    /// An argument has a value that SQLAlchemy rejects (`ArgumentError`).
    package static let argument = Code("ArgumentError")
    /// A table has two columns of one name (`DuplicateColumnError`).
    package static let duplicateColumn = Code("DuplicateColumnError")
    /// A constraint names a column that its table has not (`ConstraintColumnNotFoundError`).
    package static let constraintColumn = Code("ConstraintColumnNotFoundError")
    /// SQLite cannot alter constraints (`NotImplementedError`).
    package static let notImplemented = Code("NotImplementedError")
    /// alembic rejects the combination of options (`CommandError`).
    package static let command = Code("CommandError")
    /// A table to reflect does not exist (`NoSuchTableError`).
    package static let noSuchTable = Code("NoSuchTableError")
    /// The wanted column order contradicts itself (`CircularDependencyError`).
    package static let circularDependency = Code("CircularDependencyError")
    /// alembic would go on, but would damage or lose something: refused by this package alone.
    package static let refused = Code("Refused")
  }

  /// The kind of refusal.
  package let code: Code
  /// One lower-case sentence without a full stop (for `.key`, the quoted key).
  package let message: String

  /// Creates an error from its kind and its sentence.
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The sentence alone.
  package var description: String { message }

  /// Python's KeyError of a column that a batch does not know.
  static func unknownColumn(_ name: String) -> SchemaError {
    SchemaError(.key, "'\(name)'")
  }
}
