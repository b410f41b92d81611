/// One name an `import` statement brings in.
package struct ImportAlias: Sendable, Hashable {
  /// Where the imported name begins.
  package var position: SourcePosition
  /// The imported name, with its dots; "*" for all names of a module.
  package var name: String
  /// The name after `as`.
  package var asName: String?
}
