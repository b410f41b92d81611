internal import ArgumentParser
internal import XMSafe

/// `xm-safe list_templates`.
struct ListTemplatesCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "list_templates",
    abstract: "List what 'init --template' can make.",
    discussion: exitCodes(.done),
    aliases: ["list-templates"]
  )

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> [TemplateRecord] { facade.templates() }

  func text(_ result: [TemplateRecord]) -> String {
    let lines = result.map { "\($0.name) - \($0.synopsis)" }
    return
      (["Available templates:", ""] + lines + [
        "", "Templates are used via the 'init' command, e.g.:", "",
        "  xm-safe init --template generic ./scripts",
      ]).joined(separator: "\n")
  }
}
