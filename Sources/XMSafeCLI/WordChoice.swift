internal import ArgumentParser

/// The value of an option that is one of a few words.
///
/// The parser asks every option of a command for its words before it reads the first one, and would find them out by
/// reflection.
protocol WordChoice: ExpressibleByArgument, CaseIterable, RawRepresentable
where RawValue == String {}

extension WordChoice {
  var defaultValueDescription: String { rawValue }

  static var allValueStrings: [String] { allCases.map { choice in choice.rawValue } }

  static var allValueDescriptions: [String: String] { [:] }
}
