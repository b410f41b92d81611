internal import DatabaseURLs
internal import Logging
internal import Snapshots

/// Where things are, for those who only want to know.
extension Safeguard {
  /// The path of a database that a user names; nil for one on a server, and for what is no name.
  package static func path(ofDatabase named: String) -> String? {
    guard DatabaseLocation.isURL(named) else { return named }
    do {
      guard case .sqlite(let path) = try DatabaseLocation(url: named) else { return nil }
      return path
    } catch {
      return nil
    }
  }

  /// What a database on a server is known by; nil for any other name.
  package static func identity(ofServerDatabase named: String) -> String? {
    guard DatabaseLocation.isURL(named) else { return nil }
    do {
      guard case .server(let address) = try DatabaseLocation(url: named) else { return nil }
      return address.identity
    } catch {
      return nil
    }
  }

  /// A text without the password of a URL in it.
  package static func withoutPassword(_ text: String) -> String {
    // Most are paths, and what follows takes a millisecond to begin with.
    guard text.contains("=") || text.contains("://") else { return text }
    return text.replacing(/(?<start>:\/\/[^:\/@]*):.*@/) { "\($0.output.start):***@" }
      .replacing(/(?<start>[?&])(?<name>[^=&]*)=[^&]*/) { found in
        SQLAlchemyURL.isSecret(found.output.name)
          ? "\(found.output.start)\(found.output.name)=***" : String(found.output.0)
      }
  }

  /// The database and the store of the commands; nil for what cannot be told now.
  package func places() -> (database: String?, store: String?) {
    // What there is to say of the configuration is said when it is used.
    var quiet = context
    quiet.logHandler = { _ in SwiftLogNoOpLogHandler() }
    let project = Project(options, quiet, project.python, Remarks())
    do {
      return try failing {
        let location = try project.location()
        let (shown, key) =
          switch location {
          case .sqlite(let path): (path, path)
          case .server(let address): (address.display, address.identity)
          }
        return (shown, try project.store(for: key).path)
      }
    } catch {
      // The command that needs them says why.
      return (nil, options.store.map(project.absolute))
    }
  }
}
