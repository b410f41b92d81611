internal import AlembicScripts
internal import DatabaseURLs

/// The settings of one connection, and the database that XManager's connectors make of them.
struct DatabaseSettings {
  var backend: String
  var database: String
  var driver: String?
  var user: String?
  var password: String?
  var host: String?
  var port: UInt16?
  /// Makes an error with the place of the settings.
  var error: (String) -> ScriptError

  /// The one driver that each backend has on Cloud SQL.
  private static let cloudDrivers = ["mysql": "pymysql", "postgresql": "pg8000"]

  /// Where the database is.
  func location(_ connector: Connector) throws -> DatabaseLocation {
    switch connector {
    case .sqlite:
      guard backend == "sqlite" else {
        throw error("the connector 'sqlite' takes the backend 'sqlite' alone")
      }
      return .sqlite(try sqlitePath())
    case .generic: return try generic()
    case .cloudsql: return .server(try cloud())
    }
  }

  /// What XManager does and people may not expect.
  func warnings(_ connector: Connector) -> [String] {
    guard connector != .cloudsql, backend.hasPrefix("sqlite"), database.hasPrefix("~") else {
      return []
    }
    return [
      "XManager does not expand '~' in db_name: it is a directory of that name in the working directory"
    ]
  }

  /// The name is no URL: nothing in it is decoded.
  private func sqlitePath() throws -> String {
    guard user == nil, password == nil, host == nil, port == nil else {
      throw error("an SQLite database has no username, password, host or port")
    }
    guard driver == nil || driver == "pysqlite" else {
      throw error("SQLite's driver is pysqlite")
    }
    guard database != ":memory:" else {
      throw error(
        "a database in memory is gone when its program ends: there is nothing to keep safe"
      )
    }
    return database
  }

  private func generic() throws -> DatabaseLocation {
    let parts = SQLAlchemyURL(
      driverName: backend + (driver.map { "+" + $0 } ?? ""),
      username: user,
      password: password.map { Password($0) },
      host: host,
      port: port,
      database: database
    )
    guard parts.backend == "sqlite" else { return .server(try ServerAddress(parts)) }
    return .sqlite(try sqlitePath())
  }

  private func cloud() throws -> ServerAddress {
    guard let only = Self.cloudDrivers[backend] else {
      guard backend == "mssql" else {
        throw error("Cloud SQL's backends are mysql and postgresql")
      }
      throw ServerAddress.unsupported(backend)
    }
    guard driver == nil || driver == only else {
      throw error("the driver of \(backend) on Cloud SQL is \(only)")
    }
    // project:region:instance, where the project may be one of a domain, domain.example:project.
    guard let host, host.wholeMatch(of: /[^:]+(?::[^:]+)?:[^:]+:[^:]+/) != nil else {
      throw error("'host' must be the instance's connection name, project:region:instance")
    }
    return ServerAddress(
      dialect: backend == "mysql" ? .mysql : .postgresql,
      driver: only,
      instance: host,
      user: user,
      password: password.map { Password($0) },
      database: database
    )
  }
}
