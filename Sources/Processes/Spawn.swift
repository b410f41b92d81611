internal import CSpawn

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// One call of posix_spawn(3): a program, and the descriptors that it gets.
struct Spawn {
  /// The child's descriptors, and ours that they are made of; what is not named is closed, except for 0, 1 and 2.
  var descriptors: [(child: Int32, ours: Int32)] = []
  /// The child's descriptors that are `/dev/null`.
  var nothing: [Int32] = []

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - program: Its arguments, environment and directory.
  /// - Returns: The child's process id, which is the number of its group as well, unless it shares this process's.
  /// - Throws: `ProcessError`.
  func start(_ path: String, _ program: Program) throws(ProcessError) -> pid_t {
    #if canImport(Glibc)
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    #else
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }

    for number in nothing {
      posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
    }
    var last: Int32 = 2
    for (child, ours) in descriptors {
      posix_spawn_file_actions_adddup2(&actions, ours, child)
      last = max(last, child)
    }
    if let directory = program.workingDirectory {
      posix_spawn_file_actions_addchdir_np(&actions, directory)
    }
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    if !program.sharesGroup { flags |= POSIX_SPAWN_SETPGROUP }
    #if canImport(Glibc)
    posix_spawn_file_actions_addclosefrom_np(&actions, last + 1)
    #else
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    posix_spawnattr_setpgroup(&attributes, 0)
    // What we ignore, exec(2) would hand on; what `nohup` has ignored for all of us stays ignored.
    var broken = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &broken)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)

    var id: pid_t = 0
    let environment = program.environment.map { "\($0.key)=\($0.value)" }
    let code = Self.withCStrings([program.path] + program.arguments) { arguments in
      Self.withCStrings(environment) { environment in
        posix_spawn(&id, path, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else {
      throw ProcessError(
        code == ENOENT ? .notFound : .notStarted,
        program: program.path,
        reason: SystemCalls.reason(code)
      )
    }
    return id
  }

  /// Lends an array of C strings, ended by a null pointer.
  private static func withCStrings<Result>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
