internal import AlembicScripts
internal import DurableFiles
internal import Logging
internal import Revisions

/// The commands that write scripts.
extension Safeguard {
  /// What `revision` is asked to write.
  public struct RevisionRequest: Sendable {
    /// The message; nil for none.
    public var message: String?
    /// The id; nil for a new one.
    public var id: String?
    /// What it comes after, as targets.
    public var heads: [String]
    /// Whether it may come after a revision that is no head.
    public var splices: Bool
    /// The labels of the branch that begins with it.
    public var branchLabels: [String]
    /// What else must be applied before it.
    public var dependsOn: [String]
    /// The versions directory; nil for that of what it comes after.
    public var versionPath: String?

    /// Makes a request of its parts.
    public init(
      message: String? = nil,
      id: String? = nil,
      heads: [String] = ["head"],
      splices: Bool = false,
      branchLabels: [String] = [],
      dependsOn: [String] = [],
      versionPath: String? = nil
    ) {
      self.message = message
      self.id = id
      self.heads = heads
      self.splices = splices
      self.branchLabels = branchLabels
      self.dependsOn = dependsOn
      self.versionPath = versionPath
    }
  }

  /// Writes the file of a new revision, made of the project's own template.
  ///
  /// - Parameter request: What is to be written.
  /// - Returns: The revision.
  /// - Throws: `Failure`; nothing is written then.
  public func revision(_ request: RevisionRequest) throws(Failure) -> NewRevisionResult {
    try failing {
      // XManager's own scripts are not for users to add to.
      guard let settings = try project.namedConfiguration()?.revisions else {
        throw Failure(
          .refused,
          "there is no alembic.ini here, and no script directory is named",
          next: "'xm-safe init DIRECTORY' makes one; or name the ini file with -c"
        )
      }
      let graph = try project.scripts(mayBeEmpty: true).directory.graph
      var new = NewRevision(id: request.id ?? Self.newID(), message: request.message)
      new.heads = request.heads
      new.splices = request.splices
      new.branchLabels = request.branchLabels
      new.dependsOn = request.dependsOn
      new.versionPath = request.versionPath.map(project.absolute)
      let date = try LocalClock(context).date(in: settings.timezone)
      let file = try RevisionWriter(settings, graph: graph).file(of: new, at: date)
      let directories = try write(file)
      for hook in settings.hooks {
        context.logger("xm_safe.revision").warning(
          "The post write hook '\(hook.shownOnOneLine)' is not run: run it on \(file.path.shownAsPath)"
        )
      }
      let later = try RevisionGraph(graph.revisions + [file.revision])
      return NewRevisionResult(
        revision: RevisionRecords(later).records([file.revision.id])[0],
        directories: directories
      )
    }
  }

  /// alembic's ids: twelve hexadecimal digits.
  private static func newID() -> String {
    let digits = String(UInt64.random(in: 0..<(1 << 48)), radix: 16)
    return String(repeating: "0", count: 12 - digits.count) + digits
  }

  private func write(_ file: RevisionFile) throws -> [String] {
    let files = FileSystem()
    let directories = try files.makeDirectories(FileSystem.directory(of: file.path))
    try files.writeNew(file.text, to: file.path)
    return directories
  }

  /// Writes a new script directory, and an alembic.ini if there is none.
  ///
  /// - Parameters:
  ///   - directory: The directory; it must be empty or not be there.
  ///   - isPackage: Whether it is made a Python package.
  ///   - named: What kind of directory it is, as `templates` names them.
  /// - Returns: What was made.
  /// - Throws: `Failure`; nothing is written then, unless the disk is at fault.
  public func initialize(
    _ directory: String,
    isPackage: Bool = false,
    template named: String = "generic"
  ) throws(Failure) -> InitResult {
    try failing {
      let template = try template(named)
      let files = FileSystem()
      let path = project.absolute(directory)
      guard !directory.isEmpty else {
        throw Failure(.usage, "no directory is named", next: "name it, for example: migrations")
      }
      if let status = try FileStatus.ifPresent(path) {
        guard status.kind == .directory, try files.names(in: path).isEmpty else {
          throw Failure(
            .refused,
            "directory \(directory.shownAsPath) already exists and is not empty",
            next: "name another directory"
          )
        }
      }
      let ini = project.absolute(options.configuration ?? "alembic.ini")
      var made: [InitResult.Made] = []
      func add(_ kind: InitResult.Made.Kind, _ path: String) {
        made.append(InitResult.Made(kind: kind, path: path))
      }
      for path in try files.makeDirectories(path) { add(.directory, path) }
      let versions = path + "/versions"
      try files.makeDirectory(versions, isPrivate: false)
      add(.directory, versions)
      for file in NewScriptDirectory.files(template) {
        try files.writeNew(file.text, to: path + "/" + file.name)
        add(.file, path + "/" + file.name)
      }
      if try FileStatus.ifPresent(ini) == nil {
        try files.writeNew(configuration(for: directory, ini: ini, template), to: ini)
        add(.file, ini)
      } else {
        add(.present, ini)
      }
      for place in isPackage ? [path, versions] : [] {
        try files.writeNew("", to: place + "/__init__.py")
        add(.package, place + "/__init__.py")
      }
      return InitResult(made: made, configuration: ini)
    }
  }

  private func configuration(
    for directory: String,
    ini: String,
    _ template: NewScriptDirectory.Template
  ) throws -> String {
    func doubled(_ text: String) -> String {
      text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }
    let isBeside =
      !directory.hasPrefix("/") && FileSystem.directory(of: ini) == context.workingDirectory
    let location =
      isBeside ? "%(here)s/" + doubled(directory) : doubled(project.absolute(directory))
    let named = options.database.map {
      $0.contains("://") ? $0 : "\(template.driver):///" + project.absolute($0)
    }
    return NewScriptDirectory.configuration(
      location: location,
      url: named.map(doubled) ?? "\(template.driver):///%(here)s/database.sqlite3"
    )
  }
}
