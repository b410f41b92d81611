import Foundation
import PythonSyntax
import Testing

/// The same texts read by this parser and by CPython.
struct OracleTests {
  /// A group of texts that all have to mean the same to both.
  struct Group: Sendable, CustomTestStringConvertible {
    var name: String
    var texts: [String]

    var testDescription: String { name }
  }

  @Test(arguments: Snippets.groups)
  func `snippets mean what they mean to CPython`(_ group: Group) throws {
    for verdict in try PythonOracle.verdicts(onTexts: group.texts) {
      guard let expected = verdict.dump else {
        Issue.record("CPython refuses: \(verdict.source)")
        continue
      }
      let module = try Module.parse(verdict.source)
      #expect(TreeDump.lines(of: module) == expected, "\(verdict.source)")
    }
  }

  @Test func `snippets that CPython refuses are refused`() throws {
    for verdict in try PythonOracle.verdicts(onTexts: Snippets.refused) {
      #expect(verdict.dump == nil, "CPython accepts: \(verdict.source)")
      #expect(throws: PythonSyntaxError.self, "\(verdict.source)") {
        try Module.parse(verdict.source)
      }
    }
  }

  @Test func `the standard library is read as CPython reads it`() throws {
    let verdicts = try PythonOracle.standardLibrary(count: 300, dumped: 100)
    #expect(verdicts.count > 100)
    var compared = 0
    for verdict in verdicts where !verdict.hasUnreadableString {
      guard let expected = verdict.dump else { continue }
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: verdict.source)))
      let module: Module
      do {
        module = try Module.parse(bytes: bytes)
      } catch {
        // Other encodings are documented not to be read.
        if !error.message.hasPrefix("the encoding") {
          Issue.record("\(verdict.source):\(error)")
        }
        continue
      }
      guard !expected.isEmpty, !verdict.hasMatch else { continue }
      compared += 1
      let found = TreeDump.lines(of: module)
      for (line, expectedLine) in zip(found, expected) where line != expectedLine {
        Issue.record("\(verdict.source):\n\(line)\n\(expectedLine)")
        break
      }
      #expect(found.count == expected.count)
    }
    #expect(compared > 80)
  }
}
