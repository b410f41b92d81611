package import DurableFiles
package import Revisions

/// Decides what the file of a new revision is: where, and with which text.
///
/// The text comes from the project's own `script.py.mako`. It is read again as a script and linked into the graph before it is
/// given out, so that no file is written that would make the directory unusable.
package struct RevisionWriter {
  private let settings: RevisionSettings
  private let graph: RevisionGraph
  private let files: FileSystem

  /// Prepares to write into a project.
  ///
  /// - Parameters:
  ///   - settings: The project's settings.
  ///   - graph: Its revisions.
  ///   - files: The file system to use.
  package init(
    _ settings: RevisionSettings,
    graph: RevisionGraph,
    files: FileSystem = FileSystem()
  ) {
    self.settings = settings
    self.graph = graph
    self.files = files
  }

  /// Decides the file of a revision.
  ///
  /// - Parameters:
  ///   - new: The revision.
  ///   - date: When it is made.
  /// - Returns: The file.
  /// - Throws: `RevisionError`, `ScriptError`, `FileError`.
  package func file(of new: NewRevision, at date: LocalDate) throws -> RevisionFile {
    let downs = try parents(new)
    let depends = try new.dependsOn.map { name throws(RevisionError) in
      graph.revision(labelled: name) == nil ? try graph.resolve(name) : name
    }
    let directory = try directory(new, downs)
    let name = try RevisionName(settings).path(id: new.id, message: new.message, date: date)
    let path = directory + "/" + name
    guard try FileStatus.ifPresent(path, followingLinks: false) == nil else {
      throw ScriptError(
        .configuration,
        "\(path.shownAsPath) is there already",
        hint: "choose another message or another --rev-id"
      )
    }
    let text = try text(new, downs, depends, date)
    return RevisionFile(
      path: path,
      text: text,
      revision: try checked(text, path, new, downs, depends)
    )
  }

  private func parents(_ new: NewRevision) throws(RevisionError) -> [String] {
    var parents: [String] = []
    for head in new.heads {
      for id in try graph.resolveAll(head) {
        guard !parents.contains(id) else {
          throw RevisionError(
            .overlap,
            "duplicate head revisions specified: \(id)",
            hint: "name each revision once"
          )
        }
        guard new.splices || graph.children(of: id).isEmpty else {
          throw RevisionError(
            .notATarget,
            "revision \(id) is not a head revision",
            hint: "add --splice to create a new branch from this revision"
          )
        }
        parents.append(id)
      }
    }
    return parents
  }

  private func directory(_ new: NewRevision, _ downs: [String]) throws -> String {
    let own = try settings.versionDirectories.map { try real($0) }
    if let named = new.versionPath {
      let path = try real(named)
      guard own.contains(path) else {
        throw ScriptError(
          .configuration,
          "path \(named.shownAsPath) is not represented in current version locations",
          hint: "name one of \(own.map(\.shownAsPath).joined(separator: ", "))"
        )
      }
      return path
    }
    if own.count == 1 { return own[0] }
    guard let first = downs.first.flatMap({ graph.revision($0) }) else {
      throw ScriptError(
        .configuration,
        "multiple version locations present",
        hint: "say where with --version-path"
      )
    }
    let home = FileSystem.directory(of: first.location.path)
    guard own.contains(home) else {
      throw ScriptError(
        .configuration,
        "revision \(first.id) is in none of the version locations itself",
        hint: "say where with --version-path"
      )
    }
    return home
  }

  /// The directory with links followed, also where it is yet to be made.
  private func real(_ path: String) throws -> String {
    try FileStatus.ifPresent(path) == nil ? path : FileSystem.realPath(path)
  }

  private func text(
    _ new: NewRevision,
    _ downs: [String],
    _ depends: [String],
    _ date: LocalDate
  ) throws -> String {
    let path = settings.directory + "/script.py.mako"
    let bytes: [UInt8]
    do {
      bytes = try ReadableFile.contents(of: path, limit: 1 << 20, calls: files.calls)
    } catch {
      throw ScriptError(
        .unreadable,
        error.description,
        hint: "every script directory has one: 'xm-safe init' shows what it looks like"
      )
    }
    guard let template = String(validating: bytes, as: UTF8.self) else {
      throw ScriptError(.unreadable, "\(path.shownAsPath) is not UTF-8", hint: "store it as UTF-8")
    }
    func scalar(_ names: [String]) -> MakoValue {
      names.count > 1 ? .list(names, isTuple: true) : names.first.map(MakoValue.text) ?? .none
    }
    return try MakoTemplate(path: path, text: template).filled([
      "message": .text(new.message ?? "empty message"),
      "up_revision": .text(new.id),
      "down_revision": scalar(downs),
      "branch_labels": new.branchLabels.isEmpty
        ? .none : .list(new.branchLabels, isTuple: true),
      "depends_on": depends.count > 1 ? .list(depends, isTuple: false) : scalar(depends),
      "create_date": .date(date),
      "imports": .text(""),
      "upgrades": .text(""),
      "downgrades": .text(""),
    ])
  }

  /// Reads the text as alembic will, and refuses what it would choke on.
  private func checked(
    _ text: String,
    _ path: String,
    _ new: NewRevision,
    _ downs: [String],
    _ depends: [String]
  ) throws -> Revision {
    let revision: Revision
    do {
      revision = try Script(path: path, bytes: Array(text.utf8)).revision
    } catch {
      throw ScriptError(
        .configuration,
        "the file would be no script of revision \(new.id): \(error.description)",
        hint: "a message with quotes or backslashes may break script.py.mako: write another one"
      )
    }
    guard revision.id == new.id, revision.downRevisions == downs, revision.dependsOn == depends
    else {
      throw ScriptError(
        .configuration,
        "the file would be another revision than \(new.id): what script.py.mako says is \(revision.id)",
        hint: "correct the assignments in script.py.mako, or write another message"
      )
    }
    guard revision.branchLabels == new.branchLabels else {
      throw ScriptError(
        .configuration,
        "version \(new.id) specified branch_labels \(new.branchLabels.joined(separator: ", ")), and script.py.mako does not write them",
        hint: "add 'branch_labels = ${repr(branch_labels)}' to script.py.mako"
      )
    }
    do {
      _ = try RevisionGraph(graph.revisions + [revision])
    } catch {
      // The place is in a file that is not written.
      throw RevisionError(error.code, error.message, hint: error.hint)
    }
    return revision
  }
}
