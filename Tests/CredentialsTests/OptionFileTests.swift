import Credentials
import Foundation
import TestKit
import Testing

@Suite struct OptionFileTests {
  @Test(arguments: [
    "[client]\npassword=pw", "[client]\n  password  =  p w  \n", "[client]\npassword='p w '",
    "[client]\npassword=\"p#w\"", "[client]\npassword=p#w", "[client]\npassword='p#w' # a comment",
    "[client]\npassword=\"a\\\"b\\\\c\\sd\\te\\x\"", "[client]\npassword='it''s'",
    "[client]\npassword='",
    "[client]\npassword=a=b", "[client]\npassword=", "[client]\npassword", "[client]\n#password=no",
    "[client]\n;password=no", "[mysqld]\npassword=no",
    "[mysqld]\npassword=no\n[client]\npassword=yes",
    "[client]\npassword=a\n[other]\npassword=b\n[client]\npassword=c", "[ client ]\npassword=x",
    "[client]\npassword=a\n[client-server]\npassword=b",
    "[client-server]\npassword=b\n[client]\npassword=a",
    "[client]\r\npassword=pw\r\n", "\n\n[client]\n\n\tpassword=pw", "[client]\npassword=pw\\",
    "[client]\npassword=\\#a", "[client]\npassword=a\\nb", "[client]\npassword=pä", "",
    "[client]\npassword=\"a'#'b\"", "[client]\npassword = 'a\\'#b'",
    "[client]\nuser=u\npassword = x y",
  ])
  func `an option file is read as MariaDB's own library reads it`(_ text: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(text, to: "my.cnf")
    let groups = ["client", "client-server"]
    let outcome = try Command.run(
      ["my_print_defaults", "--defaults-file=\(path)"] + groups
    )
    // An option without a value has no '=', and asks the user for the password.
    let prefix = "--password="
    let blocks = ("\n" + outcome.output).components(separatedBy: "\n--")
    let last = blocks.last { $0.hasPrefix(prefix.dropFirst(2)) || $0 == "password" }
    let expected = last.map { String($0.dropFirst(prefix.count - 2)).trimmingEnd() }
    let value = OptionFile(text).value("password", in: Set(groups))
    #expect(value?.trimmingEnd() ?? "" == expected ?? "", "\(outcome)")
  }

  @Test func `underscores and dashes in names are the same`() {
    #expect(OptionFile("[client]\nssl_ca=/a").value("ssl-ca", in: ["client"]) == "/a")
  }
}

extension String {
  /// Without the line end that the other program puts after its last line.
  fileprivate func trimmingEnd() -> String {
    var text = self
    while text.last == "\n" { text.removeLast() }
    return text
  }
}
