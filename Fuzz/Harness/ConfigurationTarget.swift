internal import DatabaseURLs
internal import DurableFiles

@testable internal import AlembicScripts

/// What configures a project: alembic.ini, env.py, the URL of its database.
enum ConfigurationTarget {
  static func readIni(_ input: [UInt8]) {
    attempt {
      let ini = try IniFile(
        path: "a.ini",
        here: "/here",
        text: String(decoding: input, as: UTF8.self)
      )
      for section in ["alembic", "DEFAULT", "a"] {
        for key in ["script_location", "sqlalchemy.url", "version_locations", "a", "b"] {
          attempt { _ = try ini.value(key, in: section) }
        }
      }
    }
    let path = InputFile.write(input, name: "alembic.ini")
    attempt {
      let configuration = try AlembicConfiguration(ini: path, workingDirectory: "/nowhere")
      _ = try configuration.database()
    }
  }

  static func readEnvironment(_ input: [UInt8]) {
    let path = InputFile.write(input, name: "env.py")
    attempt {
      _ = try EnvironmentScript(directory: FileSystem.directory(of: path), files: FileSystem())
    }
  }

  static func readURL(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    guard DatabaseLocation.isURL(text) else { return }
    attempt {
      guard case .sqlite(let path) = try DatabaseLocation(url: text) else { return }
      precondition(!path.isEmpty && !path.utf8.contains(0), "a path that cannot be one")
    }
  }
}
