internal import ArgumentParser
internal import DurableFiles
internal import FoundationEssentials
internal import XMSafe

/// The program: its name, its version, its commands.
@main
struct XMSafeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xm-safe",
    abstract:
      "Upgrade a database with alembic's scripts, safely: entirely new, or entirely as it was.",
    discussion: """
      Before an upgrade the database is saved into an archive that 'gunzip' can read; the migrations run in savepoints; \
      whatever fails is undone, and proven undone.

      \(allExitCodes())
      """,
    version: "xm-safe \(Safeguard.version) (SQLite \(Safeguard.sqliteVersion))",
    subcommands: [],
    groupedSubcommands: [
      CommandGroup(
        name: "Upgrading",
        subcommands: [
          UpgradeCommand.self, DowngradeCommand.self, PlanCommand.self, UndoCommand.self,
          RunCommand.self, CheckCommand.self,
          CurrentCommand.self, StampCommand.self, EnsureVersionCommand.self, DoctorCommand.self,
        ]
      ),
      CommandGroup(
        name: "Snapshots",
        subcommands: [
          SnapshotCommand.self, ListCommand.self, ShowCommand.self, VerifyCommand.self,
          RestoreCommand.self, DiffCommand.self, PruneCommand.self, PinCommand.self,
          UnpinCommand.self, ScheduleCommand.self,
        ]
      ),
      CommandGroup(
        name: "Revisions",
        subcommands: [
          HistoryCommand.self, HeadsCommand.self, BranchesCommand.self, RevisionCommand.self,
          MergeCommand.self, EditCommand.self, InitCommand.self, ListTemplatesCommand.self,
        ]
      ),
      CommandGroup(
        name: "Settings and reports",
        subcommands: [ConfigCommand.self, ReportCommand.self]
      ),
    ]
  )

  static func main() {
    StandardDescriptors.keepOpen()
    StandardDescriptors.ignoreBrokenPipes()
    let arguments = Array(CommandLine.arguments.dropFirst())
    let surroundings = Settings.Surroundings.ofProcess
    var command: any ParsableCommand
    let settings: Settings?
    do {
      (command, settings) = try Settings.parse(arguments, surroundings)
    } catch let failure as Failure {
      let isForPrograms = UsageFailure.isForPrograms(arguments)
      StandardError.shared.write(
        line: isForPrograms ? FailureRecord.line(failure) : FailureRecord.text(failure)
      )
      exit(withError: ArgumentParser.ExitCode(failure.exitStatus.rawValue))
    } catch {
      guard let text = UsageFailure.text(error, arguments) else { show(error) }
      StandardError.shared.write(line: text)
      exit(withError: ArgumentParser.ExitCode(ExitStatus.usage.rawValue))
    }
    do {
      try Settings.$current.withValue(settings) { try command.run() }
    } catch {
      show(error)
    }
  }

  /// Ends with what the parser or a command has thrown; a wish for help is granted.
  private static func show(_ error: any Error) -> Never {
    guard let help = HelpText.text(error) else { exit(withError: error) }
    exit(
      withError: StandardDescriptors.write(help + "\n", to: 1)
        ? nil : ArgumentParser.ExitCode.failure
    )
  }
}
