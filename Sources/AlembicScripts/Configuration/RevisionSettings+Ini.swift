/// What the settings of a project say of new revisions.
extension RevisionSettings {
  mutating func read(_ settings: AlembicSettings) throws(ScriptError) {
    isRecursive = try settings.flag("recursive_version_locations")
    if let template = try settings.text("file_template") { fileTemplate = template }
    if let text = try settings.text("truncate_slug_length") {
      guard let length = Int(text), length >= 0 else {
        throw ScriptError(
          .configuration,
          "truncate_slug_length is '\(text)', and must be a number",
          hint: "correct the file"
        )
      }
      slugLength = length == 0 ? 40 : length
    }
    timezone = try settings.text("timezone").flatMap { $0.isEmpty ? nil : $0 }
    if let encoding = try settings.text("output_encoding"),
      !["utf-8", "utf8"].contains(encoding.lowercased())
    {
      throw ScriptError.notRead("the output_encoding '\(encoding)' is not read", at: nil)
    }
    if let named = try settings.hooks() {
      hooks = named.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }
  }
}
