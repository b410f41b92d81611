internal import DurableFiles
internal import Jobs
internal import Logging
internal import XMSafe

/// One run of a command that does something, with all who are told of it: hooks, a monitor, the log of runs, Prometheus.
///
/// Only the hook before it can keep it from its work. Whatever else fails is warned of, and changes nothing.
struct JobRun {
  private let verb: String
  private let options: JobOptions
  private let facade: Safeguard
  private let context: Context
  private let tape: RunTape
  private let started: String
  private let clock = ContinuousClock.now
  /// Why the file for numbers is not to be replaced: looked at before the command works, which may have it open itself.
  private let refusal: Failure?

  init(
    _ verb: String,
    _ options: JobOptions,
    _ facade: Safeguard,
    _ context: Context,
    _ tape: RunTape
  ) {
    self.verb = verb
    self.options = options
    self.facade = facade
    self.context = context
    self.tape = tape
    started = context.now()
    do throws(Failure) {
      if let path = options.metricsFile { try facade.requireReplaceable(metrics: path) }
      refusal = nil
    } catch {
      refusal = error
    }
  }

  /// Tells of the start.
  ///
  /// - Throws: `Failure` if the hook before fails, or if the file for numbers holds something else.
  func begin() throws(Failure) {
    if let refusal { throw refusal }
    ping(.start)
    guard let command = options.before, !isInHook else { return }
    let places = facade.places()
    try facade.runBefore(
      Hook(
        .before,
        command,
        timeout: options.timeout.duration,
        facts: ["VERB": verb, "DATABASE": places.database ?? "", "STORE": places.store ?? ""]
      )
    )
  }

  /// Tells of the end.
  func end(_ ending: JobEnding) {
    // A signal that has ended the work does not end what is noted of it.
    let places = facade.unstoppable.places()
    var record = RunRecord(
      verb: verb,
      database: ending.facts.database ?? places.database ?? "",
      started: started,
      ended: context.now(),
      seconds: (ContinuousClock.now - clock) / .seconds(1),
      exitCode: ending.code,
      isDrill: ending.facts.isDrill,
      tool: Safeguard.version,
      log: ending.code == 0 ? tape.log.filter { $0.level != "info" } : tape.log
    )
    record.snapshot = ending.facts.snapshot
    (record.from, record.to) = (ending.facts.revisions?.from, ending.facts.revisions?.to)
    record.message = ending.answers?.message
    record.state = ending.answers?.state
    record.next = ending.answers?.next
    keep(record, in: places.store)
    write(record, places.store)
    runHook(record, places.store)
    ping(.end(record.exitCode))
  }

  // MARK: - Who is told

  /// In a hook, a command of ours is a part of another one's run, which has hooks of its own.
  private var isInHook: Bool { context.environment[Hook.variable] != nil }

  private func keep(_ record: RunRecord, in store: String?) {
    guard let store, RunLog(store).isPossible else { return }
    do {
      try RunLog(store).append(record)
    } catch {
      // What made the run fail is why its log cannot be written either; it need not be said twice.
      if record.isSuccess { warn("This run is not in the log of runs: \(error)") }
    }
  }

  private func write(_ record: RunRecord, _ store: String?) {
    guard let path = options.metricsFile, refusal == nil else { return }
    let absolute = path.hasPrefix("/") ? path : context.workingDirectory + "/" + path
    do {
      // Once more: the command itself may have made it.
      try facade.unstoppable.requireReplaceable(metrics: path)
      let metrics = try facade.unstoppable.metrics(store, last: record)
      let lost = try facade.unstoppable.databases(lostFrom: path, to: metrics)
      try metrics.write(to: absolute)
      guard !lost.isEmpty else { return }
      let shown = lost.prefix(3).map(\.shownAsPath).joined(separator: ", ")
      let more = lost.count > 3 ? " and \(lost.count - 3) more" : ""
      warn(
        "\(path.shownAsPath) had numbers of \(shown)\(more), which this store knows nothing of: they are replaced; each store needs a --metrics-file of its own"
      )
    } catch {
      warn("The numbers for Prometheus are not written: \(error)")
    }
  }

  private func runHook(_ record: RunRecord, _ store: String?) {
    let command = record.isSuccess ? options.after : options.error
    guard let command, !isInHook else { return }
    let facts = [
      "VERB": verb, "DATABASE": record.database, "STORE": store ?? "",
      "EXIT_CODE": "\(record.exitCode)", "SNAPSHOT": record.snapshot ?? "",
      "FROM": record.from?.joined(separator: ",") ?? "",
      "TO": record.to?.joined(separator: ",") ?? "",
      "SECONDS": "\(record.seconds)",
      "MESSAGE": record.message?.shownOnOneLine ?? "",
      "STATE": record.state?.shownOnOneLine ?? "",
    ]
    let hook = Hook(
      record.isSuccess ? .after : .error,
      command,
      timeout: options.timeout.duration,
      facts: facts
    )
    if let failure = facade.runAfter(hook) { warn("\(failure)") }
  }

  private func ping(_ signal: Ping.Signal) {
    guard let url = options.pingURL, !isInHook else { return }
    if let failure = facade.ping(url, signal) { warn(failure) }
  }

  private func warn(_ message: String) {
    Logger(label: "xm_safe.job", factory: context.logHandler).warning("\(message)")
  }
}
