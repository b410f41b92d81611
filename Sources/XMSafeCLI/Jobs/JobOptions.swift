internal import ArgumentParser
internal import Jobs

/// The options of the commands that do something: who is told of it.
struct JobOptions: ParsableArguments {
  @Option(
    name: .customLong("hook-before"),
    help: ArgumentHelp(
      "A shell command that runs first; when it fails, nothing is done.",
      valueName: "command"
    )
  )
  var before: String?

  @Option(
    name: .customLong("hook-after"),
    help: ArgumentHelp("A shell command for when all went well.", valueName: "command")
  )
  var after: String?

  @Option(
    name: .customLong("hook-error"),
    help: ArgumentHelp("A shell command for when something failed.", valueName: "command")
  )
  var error: String?

  @Option(
    name: .customLong("hook-timeout"),
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long each of them may take: 30s, 5m, 1h.",
      valueName: "duration"
    )
  )
  var timeout = WaitDuration.minute

  @Option(
    name: .customLong("ping-url"),
    help: ArgumentHelp(
      "A monitor in the way of healthchecks.io, told of the start and of how it ends; needs curl.",
      valueName: "url"
    )
  )
  var pingURL: String?

  @Option(
    name: .customLong("metrics-file"),
    help: ArgumentHelp("Where to write numbers for Prometheus.", valueName: "file"),
    completion: .file()
  )
  var metricsFile: String?

  func validate() throws {
    guard timeout.duration > .zero else {
      throw ValidationError("--hook-timeout takes a time longer than none")
    }
    if let pingURL, !Ping.isURL(pingURL) {
      throw ValidationError("--ping-url takes a URL that begins with http:// or https://")
    }
    guard metricsFile != "" else { throw ValidationError("--metrics-file is given without a name") }
  }
}
