/// The database that a snapshot was taken of, as its manifest describes it.
extension Manifest {
  /// The kinds of database.
  package enum Dialect: String, Encodable, Hashable, Sendable, CaseIterable {
    /// An SQLite file: the payload is its image.
    case sqlite
    /// A database on a PostgreSQL server: the payload is what `pg_dump -Fc` writes.
    case postgresql
    /// A database on a MariaDB server: the payload is SQL.
    case mariadb
    /// A database on a MySQL server: the payload is SQL.
    case mysql
  }

  /// The database that the snapshot was taken of.
  package struct Database: Hashable, Sendable {
    /// What is known of an SQLite file.
    package struct File: Hashable, Sendable {
      /// SQLite's page size in bytes.
      package var pageSize: Int
      /// How many pages the image has.
      package var pageCount: Int
      /// The journal mode at the time, in SQLite's words.
      package var journalMode: String
      /// `PRAGMA user_version`.
      package var userVersion: Int64
      /// `PRAGMA application_id`.
      package var applicationID: Int64
    }

    /// What is known of a database on a server.
    package struct Server: Hashable, Sendable {
      /// The server's version, in its own words.
      package var version: String
      /// The program that wrote the dump, with its version.
      package var client: String
      /// What was said of the database when it was created: its encoding and collation.
      package var encoding: String

      /// Makes a record of its parts.
      ///
      /// - Parameters:
      ///   - version: The server's version, in its own words.
      ///   - client: The program that wrote the dump, with its version.
      ///   - encoding: The database's encoding and collation.
      package init(version: String, client: String, encoding: String) {
        self.version = version
        self.client = client
        self.encoding = encoding
      }
    }

    private enum Details: Hashable, Sendable {
      case file(File)
      case server(Dialect, Server)
    }

    /// The absolute path of the file, or the canonical address of a database on a server: without user and password.
    package var path: String
    private var details: Details

    /// Makes a record of an SQLite file.
    package init(
      path: String,
      pageSize: Int,
      pageCount: Int,
      journalMode: String,
      userVersion: Int64,
      applicationID: Int64
    ) {
      self.path = path
      details = .file(
        File(
          pageSize: pageSize,
          pageCount: pageCount,
          journalMode: journalMode,
          userVersion: userVersion,
          applicationID: applicationID
        )
      )
    }

    /// Makes a record of a database on a server.
    ///
    /// - Parameters:
    ///   - address: Its canonical address.
    ///   - dialect: The kind of server.
    ///   - server: What is known of it.
    package init(address: String, dialect: Dialect, server: Server) {
      path = address
      details = .server(dialect, server)
    }

    /// The kind of database.
    package var dialect: Dialect {
      switch details {
      case .file: .sqlite
      case .server(let dialect, _): dialect
      }
    }

    /// What is known of an SQLite file; nil for a server's database.
    package var file: File? {
      if case .file(let file) = details { file } else { nil }
    }

    /// What is known of a server's database; nil for a file.
    package var server: Server? {
      if case .server(_, let server) = details { server } else { nil }
    }

    /// SQLite's page size in bytes; 0 for a server's database.
    package var pageSize: Int { file?.pageSize ?? 0 }
    /// How many pages the image has; 0 for a server's database.
    package var pageCount: Int { file?.pageCount ?? 0 }
  }
}

extension Manifest.Database: Encodable {
  enum Key: String, CodingKey {
    case path
    case dialect
    case pageSize
    case pageCount
    case journalMode
    case userVersion
    case applicationID
    case server
    case client
    case encoding
  }

  /// Writes the members that this kind of database has.
  package func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(path, forKey: .path)
    try object.encode(dialect, forKey: .dialect)
    switch details {
    case .file(let file):
      try object.encode(file.pageSize, forKey: .pageSize)
      try object.encode(file.pageCount, forKey: .pageCount)
      try object.encode(file.journalMode, forKey: .journalMode)
      try object.encode(file.userVersion, forKey: .userVersion)
      try object.encode(file.applicationID, forKey: .applicationID)
    case .server(_, let server):
      try object.encode(server.version, forKey: .server)
      try object.encode(server.client, forKey: .client)
      try object.encode(server.encoding, forKey: .encoding)
    }
  }
}
