import DatabaseURLs
import Foundation
import TestKit
import Testing

/// SQLAlchemy's own `make_url`, as the judge of what a URL means.
enum MakeURL {
  /// The parts of a URL.
  struct Parts: Codable, Hashable, Sendable {
    var name: String
    var username: String?
    var password: String?
    var host: String?
    var port: Int?
    var database: String?
    var query: [String: [String]]

    /// Whether a part holds what only a lenient decoder makes of bytes that are no text.
    var isUndecodable: Bool {
      let texts = [username, password, database].compactMap { $0 } + query.keys
      return (texts + query.values.joined()).contains { text in
        text.unicodeScalars.contains { $0 == "\u{fffd}" || $0 == "\0" }
      }
    }
  }

  /// What SQLAlchemy makes of each URL; nil for one that it refuses.
  static func parts(of urls: [String]) throws -> [Parts?] {
    let script = """
      import json, sys
      from sqlalchemy.engine import make_url
      answers = []
      for text in json.load(sys.stdin):
        try:
          url = make_url(text)
        except Exception:
          answers.append(None)
          continue
        query = {k: list(v) if isinstance(v, tuple) else [v] for k, v in url.query.items()}
        answers.append(dict(name=url.drivername, username=url.username, password=url.password,
          host=url.host, port=url.port, database=url.database, query=query))
      json.dump(answers, sys.stdout)
      """
    let outcome = try Command.run(
      [Workshop.python, "-c", script],
      input: JSONEncoder().encode(urls)
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode([Parts?].self, from: Data(outcome.output.utf8))
  }

  /// Our own parts in the same form.
  static func parts(_ url: SQLAlchemyURL) -> Parts {
    Parts(
      name: url.driverName,
      username: url.username,
      password: url.password?.reveal(),
      host: url.host,
      port: url.port.map(Int.init),
      database: url.database,
      query: Dictionary(grouping: url.query, by: \.name).mapValues { $0.map(\.value) }
    )
  }
}
