internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe init`.
struct InitCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a script directory, and an alembic.ini if there is none.",
    discussion: """
      alembic itself reads both. With --db the alembic.ini names that database.

      \(exitCodes(.done, .refused))
      """
  )

  @Argument(help: "The directory; it must be empty or not be there.")
  var directory: String

  @Flag(name: .customLong("package"), help: "Make it a Python package.")
  var isPackage = false

  @Option(
    name: [.customShort("t"), .long],
    help: "What kind of directory, as list_templates names them."
  )
  var template = "generic"

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> InitResult {
    try facade.initialize(directory, isPackage: isPackage, template: template)
  }

  func text(_ result: InitResult) -> String {
    let lines = result.made.map { made in
      let path = made.path.shownOnOneLine
      return switch made.kind {
      case .directory: "Creating directory \(path) ...  done"
      case .file: "Generating \(path) ...  done"
      case .package: "Adding \(path) ...  done"
      case .present: "File \(path) already exists, skipping"
      }
    }
    let last =
      "Please edit configuration/connection/logging settings in \(result.configuration.shownOnOneLine) before proceeding."
    return (lines + [last]).joined(separator: "\n")
  }
}
