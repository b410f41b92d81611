package import Revisions
internal import Schema

/// An error of the database or of an operation, with the place of the call that caused it.
package struct ActionFailure: Error, CustomStringConvertible {
  /// The place of the call.
  package var location: Revision.Location
  /// What the action threw.
  package var cause: any Error

  /// What the action threw, in words.
  package var description: String { String(describing: cause) }

  static func located(at location: Revision.Location, _ body: () throws -> Void) throws {
    try value(at: location, body)
  }

  static func value<Result>(
    at location: Revision.Location,
    _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as SchemaError {
      throw Evaluator.scriptError(error, at: location)
    } catch var error as ScriptError {
      error.location = error.location ?? location
      throw error
    } catch let error as ActionFailure {
      throw error
    } catch {
      throw ActionFailure(location: location, cause: error)
    }
  }
}
