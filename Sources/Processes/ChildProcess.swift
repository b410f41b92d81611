internal import Stopping

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A program that runs: fed, listened to, and ended, by one thread that waits for all of it at once.
///
/// This is our own, and not swift-subprocess, for two reasons, both as of its version 1.0.2: its functions are all `async`, and the
/// core is synchronous, so that waiting for one would block a thread of the very pool that has to run it; and it gives a
/// child nothing but the descriptors 0 to 2 and closes all others, so that there is no way to hand on the socket of a helper
/// beside a standard input, output and error that belong to the user.
///
/// Nothing survives it: when the child has ended, by itself or not, its process group is killed.
package final class ChildProcess {
  /// The child's process id.
  package let id: Int32
  /// The program's path or name, for messages.
  package let name: String
  /// How the child has ended; nil while it runs.
  package private(set) var ending: Ending?

  /// Told what the child writes to its standard output, in chunks.
  package var onOutput: (ArraySlice<UInt8>) throws -> Void = { _ in }
  /// Told what the child writes to its standard error, in chunks.
  package var onErrors: (ArraySlice<UInt8>) throws -> Void = { _ in }
  /// Told what the child writes to the channel, in chunks; an empty one when it has closed it.
  package var onChannel: (ArraySlice<UInt8>) throws -> Void = { _ in }
  /// Asked for more when all input has been written; nil ends the input.
  ///
  /// Without it, input is what `write` was given.
  package var nextInput: (() throws -> [UInt8]?)?

  private var input: Descriptor?
  private var output: Descriptor?
  private var errors: Descriptor?
  private var channel: Descriptor?
  private var pendingInput: ArraySlice<UInt8> = []
  private var pendingChannel: ArraySlice<UInt8> = []
  private var endsInput = false
  private let sharesGroup: Bool
  /// Whether the child has anything to say to this process, or to hear from it.
  private let isConnected: Bool
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// How long one wait of poll(2) takes at most: what comes by no descriptor (a stop, the child's end) is seen that late.
  private static let slice: Int32 = 10

  /// Starts a program.
  ///
  /// - Parameter program: What to start.
  /// - Throws: `ProcessError`.
  package init(_ program: Program) throws(ProcessError) {
    name = program.path
    let path: String
    if program.path.contains("/") {
      path = program.path
    } else {
      let directories = program.environment["PATH"] ?? ""
      guard
        let found = Program.find(program.path, on: directories, from: program.workingDirectory)
      else {
        throw ProcessError(.notFound, program: program.path, reason: "it is not on PATH")
      }
      path = found
    }
    var spawn = Spawn()
    // They must live until the child has its own.
    var theirs: [Descriptor] = []
    func connect(
      _ connection: Program.Connection,
      _ number: Int32,
      isInput: Bool = false
    ) throws(ProcessError) -> Descriptor? {
      switch connection {
      case .inherited: return nil
      case .inheritedErrors:
        spawn.descriptors.append((number, 2))
        return nil
      case .nothing:
        spawn.nothing.append(number)
        return nil
      case .piped:
        guard let pipe = SystemCalls.pipe() else {
          throw ProcessError(.notStarted, program: program.path, reason: SystemCalls.reason())
        }
        let their = isInput ? pipe.reading : pipe.writing
        theirs.append(their)
        spawn.descriptors.append((number, their.number))
        return isInput ? pipe.writing : pipe.reading
      }
    }
    let input = try connect(program.input, 0, isInput: true)
    let output = try connect(program.output, 1)
    let errors = try connect(program.errors, 2)
    var channel: Descriptor?
    if program.hasChannel {
      guard let pair = SystemCalls.socketPair() else {
        throw ProcessError(.notStarted, program: program.path, reason: SystemCalls.reason())
      }
      theirs.append(pair.1)
      spawn.descriptors.append((Program.channel, pair.1.number))
      channel = pair.0
    }
    if let held = program.held { spawn.descriptors.append((Program.lifeline, held)) }
    sharesGroup = program.sharesGroup
    isConnected = input != nil || output != nil || errors != nil || channel != nil
    id = try spawn.start(path, program)
    withExtendedLifetime(theirs) {}
    for descriptor in [input, output, errors, channel] { descriptor?.makeNonBlocking() }
    self.input = input
    self.output = output
    self.errors = errors
    self.channel = channel
  }

  deinit {
    if ending == nil { killAndReap() }
  }

  // MARK: - Talking

  /// Adds to what the child's standard input is fed with.
  ///
  /// - Parameter bytes: What to write; it is written while this process waits for the child.
  package func write(_ bytes: some Sequence<UInt8>) { pendingInput.append(contentsOf: bytes) }

  /// Ends the child's standard input when all of it has been written.
  package func endInput() {
    endsInput = true
    if pendingInput.isEmpty { input = nil }
  }

  /// Adds to what the child is told through the channel.
  ///
  /// - Parameter bytes: What to write; it is written while this process waits for the child.
  package func tell(_ bytes: some Sequence<UInt8>) { pendingChannel.append(contentsOf: bytes) }

  /// Ends the channel from this side; what was to be told and has not been written is lost.
  package func closeChannel() { channel = nil }

  /// Talks to the child until something has come true, or the child has ended and has been heard to the end.
  ///
  /// - Parameters:
  ///   - deadline: When to give up; nil for never.
  ///   - isTrue: Asked after each piece of news.
  /// - Returns: Whether it has come true; if not, the child has ended.
  /// - Throws: `Stopped`, `ProcessError` with `.timedOut` or `.broken`, and what the closures throw. The child still runs then: `end`
  ///   ends it, and so does dropping this object.
  package func talk(
    until deadline: ContinuousClock.Instant? = nil,
    _ isTrue: () throws -> Bool
  ) throws -> Bool {
    while true {
      if try isTrue() { return true }
      try StopSwitch.check()
      if let deadline, ContinuousClock.now >= deadline {
        throw ProcessError(.timedOut, program: name, reason: "it did not end in time")
      }
      if ending != nil { return false }
      // Asked before the descriptors: what it wrote last is then there to be read.
      let hasEnded = SystemCalls.hasEnded(id)
      let isNews = try exchange(milliseconds: hasEnded ? 0 : Self.slice)
      // A child of the child may keep the descriptors open for ever: only what is there already is read.
      if hasEnded, !isNews { killAndReap() }
    }
  }

  /// Talks to the child until it has ended.
  ///
  /// - Parameter deadline: When to give up; nil for never.
  /// - Returns: How it has ended.
  /// - Throws: As `talk`; the child has been ended then.
  package func finish(until deadline: ContinuousClock.Instant? = nil) throws -> Ending {
    do {
      _ = try talk(until: deadline) { false }
    } catch let first {
      end()
      throw first
    }
    return ending ?? .signalled(0)
  }

  // MARK: - Ending

  /// Ends the child and everything in its process group: asked first, killed when it has not obeyed in time.
  ///
  /// Nothing stops this, and nobody is told what the child still says.
  ///
  /// - Parameters:
  ///   - signal: The signal that asks; SIGTERM if it is nil.
  ///   - grace: How long it may take.
  /// - Returns: How it has ended.
  @discardableResult
  package func end(signal: Int32? = nil, grace: Duration = .seconds(2)) -> Ending {
    if let ending { return ending }
    kill(group, signal ?? SIGTERM)
    // A stopped process takes no other signal than SIGKILL.
    kill(group, SIGCONT)
    let deadline = ContinuousClock.now + grace
    while !SystemCalls.hasEnded(id), ContinuousClock.now < deadline {
      // What it says is thrown away: a child that waits for a full pipe could not end.
      drain()
    }
    return killAndReap()
  }

  /// Hands a signal on to the child, and to all of its group.
  ///
  /// - Parameter signal: Its number.
  package func signal(_ signal: Int32) {
    // A child that has ended and is not reaped yet takes it without effect.
    if ending == nil { kill(group, signal) }
  }

  /// Whom a signal to the child goes to, as kill(2) names it.
  private var group: Int32 { sharesGroup ? id : -id }

  /// Kills what there is of the group, and takes the child's end.
  @discardableResult
  private func killAndReap() -> Ending {
    // As long as the child is not reaped the number of its group is nobody else's.
    kill(group, SIGKILL)
    let ending = SystemCalls.reap(id)
    self.ending = ending
    (input, output, errors, channel) = (nil, nil, nil, nil)
    // The others of the group are not ours to reap; a killed one is gone as soon as the kernel comes to it.
    guard !sharesGroup else { return ending }
    let deadline = ContinuousClock.now + .seconds(2)
    while kill(-id, 0) == 0, ContinuousClock.now < deadline { wait(milliseconds: 1) }
    return ending
  }

  // MARK: - Waiting

  private enum Source { case input, output, errors, channel }

  /// Waits for news on all descriptors, once.
  private func exchange(milliseconds: Int32) throws -> Bool {
    try refill()
    var states: [pollfd] = []
    var sources: [Source] = []
    func add(_ descriptor: Descriptor?, _ source: Source, _ events: Int32) {
      guard let descriptor, events != 0 else { return }
      states.append(pollfd(fd: descriptor.number, events: Int16(events), revents: 0))
      sources.append(source)
    }
    add(input, .input, pendingInput.isEmpty ? 0 : POLLOUT)
    add(output, .output, POLLIN)
    add(errors, .errors, POLLIN)
    add(channel, .channel, POLLIN | (pendingChannel.isEmpty ? 0 : POLLOUT))
    guard !states.isEmpty else {
      // Nothing left to hear but its end, which is near; unless nothing was ever to be heard.
      wait(milliseconds: isConnected ? min(milliseconds, 1) : milliseconds)
      return false
    }
    let count = SystemCalls.poll(&states, milliseconds: milliseconds)
    guard count >= 0 else { throw broken(errno) }
    guard count > 0 else { return false }
    var isNews = false
    for (state, source) in zip(states, sources) where state.revents != 0 {
      isNews = try serve(source, Int32(state.revents)) || isNews
    }
    return isNews
  }

  private func serve(_ source: Source, _ events: Int32) throws -> Bool {
    switch source {
    case .input:
      guard let input else { return false }
      switch input.write(pendingInput) {
      case .bytes(let count): pendingInput = pendingInput.dropFirst(count)
      case .later: return false
      // A child that does not want to read on says why by its exit code.
      case .closed: (self.input, pendingInput, nextInput) = (nil, [], nil)
      case .failed(let code): throw broken(code)
      }
      return true
    case .output: return try read(output, onOutput) { output = nil }
    case .errors: return try read(errors, onErrors) { errors = nil }
    case .channel:
      var isNews = false
      if events & POLLOUT != 0, let channel, !pendingChannel.isEmpty {
        switch channel.write(pendingChannel) {
        case .bytes(let count):
          pendingChannel = pendingChannel.dropFirst(count)
          isNews = true
        case .later: break
        case .closed: pendingChannel = []
        case .failed(let code): throw broken(code)
        }
      }
      guard events & (POLLIN | POLLHUP | POLLERR) != 0 else { return isNews }
      return try read(channel, onChannel) {
        channel = nil
        try onChannel([])
      } || isNews
    }
  }

  private func read(
    _ descriptor: Descriptor?,
    _ tell: (ArraySlice<UInt8>) throws -> Void,
    atEnd: () throws -> Void
  ) throws -> Bool {
    guard let descriptor else { return false }
    switch descriptor.read(into: &buffer) {
    case .bytes(let count): try tell(buffer[..<count])
    case .later: return false
    case .closed: try atEnd()
    case .failed(let code): throw broken(code)
    }
    return true
  }

  /// Asks for more input when all of it has been written.
  private func refill() throws {
    guard input != nil, pendingInput.isEmpty else { return }
    if let nextInput {
      while pendingInput.isEmpty {
        guard let more = try nextInput() else {
          input = nil
          return
        }
        pendingInput = more[...]
      }
    } else if endsInput {
      input = nil
    }
  }

  /// Reads and forgets.
  private func drain() {
    input = nil
    var states = [output, errors, channel].compactMap { $0 }.map {
      pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0)
    }
    guard SystemCalls.poll(&states, milliseconds: Self.slice) > 0 else { return }
    for state in states where state.revents != 0 {
      for descriptor in [output, errors, channel] where descriptor?.number == state.fd {
        if case .bytes = descriptor?.read(into: &buffer) { continue }
        if output === descriptor { output = nil }
        if errors === descriptor { errors = nil }
        if channel === descriptor { channel = nil }
      }
    }
  }

  private func wait(milliseconds: Int32) {
    var none: [pollfd] = []
    _ = SystemCalls.poll(&none, milliseconds: milliseconds)
  }

  private func broken(_ code: Int32) -> ProcessError {
    ProcessError(.broken, program: name, reason: SystemCalls.reason(code))
  }
}
