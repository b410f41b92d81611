/// A check after the migration and before the commit that found something wrong.
struct VerificationFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
