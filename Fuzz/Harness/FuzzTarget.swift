/// What is fuzzed: everything that reads what somebody else may have written.
enum FuzzTarget: String, CaseIterable {
  /// An archive: opened, verified, its image read.
  case archive
  /// A manifest's JSON.
  case manifest
  /// Python source: decoded, split, parsed.
  case python
  /// A migration script: identifiers, check, and its run with actions that are only written down.
  case script
  /// A migration script that is run against a database in memory.
  case migration
  /// An alembic.ini, as far as it leads without a project around it.
  case ini
  /// An env.py.
  case environment
  /// The URL of a database.
  case url
  /// A bug that was put there to be found: a run that does not find it is worth nothing.
  case planted

  /// Runs the target on an input.
  func run(_ input: [UInt8]) {
    switch self {
    case .archive: ArchiveTarget.run(input)
    case .manifest: ArchiveTarget.readManifest(input)
    case .python: ScriptTarget.parse(input)
    case .script: ScriptTarget.run(input)
    case .migration: MigrationTarget.run(input)
    case .ini: ConfigurationTarget.readIni(input)
    case .environment: ConfigurationTarget.readEnvironment(input)
    case .url: ConfigurationTarget.readURL(input)
    case .planted: PlantedBug.run(input)
    }
  }
}

/// Runs what may refuse its input; that it does is not of interest here.
func attempt(_ body: () throws -> Void) {
  do {
    try body()
  } catch {
    // A message is made of the input too, and must not trap either.
    precondition(!String(describing: error).isEmpty, "an error without a word")
  }
}
