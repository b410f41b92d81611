import Foundation
import TestKit
import Testing

/// XManager's own code for its YAML file, as the judge: its module `database`, with its heavy imports replaced.
enum XManagerOracle {
  /// The two lines of releases, with the stacks that they pin.
  enum Release: String, CaseIterable, Sendable {
    case old = "0.7.1"
    case new = "0.8.5.post1"

    var python: String {
      Workshop.root + (self == .old ? "/.cache/oracle-oldest" : "/.cache/oracle") + "/bin/python"
    }

    var module: String {
      let wheel = self == .old ? "xmanager-0.7.1" : "xmanager"
      return Workshop.root + "/.cache/\(wheel)/xmanager/xm_local/storage/database.py"
    }
  }

  /// What XManager makes of one file.
  struct Verdict: Decodable, Sendable {
    /// The exception; nil if XManager takes the file.
    var error: String?
    var backend: String?
    var driver: String?
    var username: String?
    var password: String?
    var host: String?
    var port: Int?
    var database: String?
    var instance: String?
  }

  /// What XManager makes of each file, run in a directory.
  static func verdicts(
    on files: [String],
    by release: Release,
    in directory: String
  ) throws -> [Verdict] {
    let outcome = try Command.run(
      [release.python, "-W", "ignore", "-c", script, release.module] + files,
      in: directory
    )
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode([Verdict].self, from: Data(outcome.output.utf8))
  }

  private static let script = #"""
    import importlib.util, json, sys, types
    import sqlalchemy, sqlalchemy.engine
    def module(name, **values):
      sys.modules[name] = m = types.ModuleType(name)
      m.__path__ = []
      m.__dict__.update(values)
      parent, _, last = name.rpartition(".")
      if parent: setattr(sys.modules[parent], last, m)
      return m
    class Flag: value = None
    class Connector:
      def __init__(self, ip): pass
      def connect(self, instance, driver, **values):
        # The real one takes the name of an instance alone.
        if not instance or instance.count(":") not in (2, 3): raise ValueError("no instance")
        seen.update(instance=instance, driver=driver, username=values["user"],
          password=values["password"], database=values["db"])
    for name in ("google", "google.cloud", "google.cloud.sql", "xmanager", "xmanager.generated"):
      module(name)
    module("google.cloud.sql.connector", Connector=Connector,
      IPTypes=types.SimpleNamespace(PRIVATE=1, PUBLIC=2))
    module("google.protobuf", text_format=None)
    module("xmanager.generated.data_pb2", Job=None)
    module("xmanager.xm_flags", DB_YAML_CONFIG_PATH=Flag(), UPGRADE_DB=Flag())
    module("xmanager.xm",
      utils=types.SimpleNamespace(resolve_path_relative_to_launcher=lambda path: path))
    spec = importlib.util.spec_from_file_location("database", sys.argv[1])
    database = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(database)
    real = sqlalchemy.create_engine
    def create_engine(url, creator=None, **rest):
      url.get_dialect
      if creator:
        seen.update(backend=url.drivername.split("+")[0])
        return creator()
      # The dialect must be there; its driver is not installed here, but for SQLite's.
      url._get_entrypoint()
      if url.drivername.startswith("sqlite"): real(url)
      name = url.drivername.split("+")
      seen.update(backend=name[0], driver=name[1] if len(name) > 1 else None,
        username=url.username, host=url.host, port=url.port and int(url.port),
        password=None if url.password is None else str(url.password), database=url.database)
    sqlalchemy.create_engine = sqlalchemy.engine.create_engine = create_engine
    answers = []
    for path in sys.argv[2:]:
      seen = {}
      sys.modules["xmanager.xm_flags"].DB_YAML_CONFIG_PATH.value = path
      for function in (database._db_config, database.db_connector, database.db_settings):
        function.cache_clear()
      try:
        database.db_connector().create_engine(database.db_settings())
        answers.append(seen)
      except Exception as error:
        answers.append({"error": "%s: %s" % (type(error).__name__, error)})
    json.dump(answers, sys.stdout)
    """#
}
