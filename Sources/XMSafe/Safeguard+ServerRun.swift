internal import Archive
internal import DurableFiles
internal import GuardedCommands
internal import Processes
internal import Servers
internal import Snapshots

/// The guard of any other command, for a server's database.
extension Safeguard {
  func run(
    _ command: [String],
    _ work: ServerWork,
    _ safety: RunSafety
  ) throws -> RunResult {
    guard !safety.keepsFailed else {
      throw Failure(
        .refused,
        "--keep-on-failure is for databases that are files",
        next: "leave it out: what a failed command leaves on a server is saved as a snapshot"
      )
    }
    let program = try program(command)
    let target = try target(safety)
    return try locking(work, "run") { hold, lock, _ in
      var held = program
      // Whoever runs xm-safe here while the command outlives this process is told that it is there.
      held.held = lock.shared
      var request = ServerCommandRequest(
        server: work.server,
        store: work.store,
        key: work.key,
        program: held,
        versionProblem: { versionProblem($0, $1, safety) },
        take: { purpose in
          switch purpose {
          case .before: try take(.preUpgrade, work, target: target)
          case .left(let heads): try take(.preRestore, work, target: heads)
          }
        },
        holder: holder("run"),
        logger: context.logger,
        progress: progress
      )
      request.guarding = safety.guardsRows ? .rows(allowed: safety.allowedLosses) : .off
      request.isAlone = safety.isAlone
      do {
        let report = try ServerCommandRunner(request).run(hold, context.cancellation.stop)
        return result(report, of: work.key, program, in: work.store)
      } catch let error as ProcessError where error.program == program.path {
        throw notBegun(error)
      }
    }
  }
}
