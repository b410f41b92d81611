import Testing

@testable import Servers

/// The filter before what loads a dump.
@Suite struct LoadableDumpTests {
  private static let dump = """
    CREATE TABLE `t` (
    LOCK TABLES `t` WRITE;
    INSERT INTO `t` VALUES (1,'LOCK TABLES `t` WRITE;'),
    (2,'\(String(repeating: "x", count: 2000))
    UNLOCK TABLES;
    LOCK TABLES `a;``b` WRITE;
    DELIMITER ;;
    LOCK TABLES `in a body` WRITE;
    UNLOCK TABLES;
    ALTER DATABASE `a` CHARACTER SET latin1 COLLATE latin1_bin ;
    ;;
    ALTER DATABASE `a``b` CHARACTER SET latin1 COLLATE latin1_bin ;;
    DELIMITER ;
    ALTER DATABASE `a` CHARACTER SET latin2 COLLATE latin2_bin ;
    UNLOCK TABLES;
    -- Dump completed
    """

  private static let expected = """
    CREATE TABLE `t` (
    INSERT INTO `t` VALUES (1,'LOCK TABLES `t` WRITE;'),
    (2,'\(String(repeating: "x", count: 2000))
    DELIMITER ;;
    LOCK TABLES `in a body` WRITE;
    UNLOCK TABLES;
    ALTER DATABASE `a` CHARACTER SET latin1 COLLATE latin1_bin ;
    ;;
    ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_bin ;;
    DELIMITER ;
    ALTER DATABASE CHARACTER SET latin2 COLLATE latin2_bin ;
    -- Dump completed
    """

  @Test(arguments: [1, 2, 7, 599, 600, 601, 1 << 20])
  func `locks and the database's name are left out, in pieces of whatever size`(_ size: Int) {
    var filter = LoadableDump()
    var rest = Array(Self.dump.utf8)[...]
    var result: [UInt8] = []
    while !rest.isEmpty {
      result += filter.take(Array(rest.prefix(size))) ?? []
      rest = rest.dropFirst(size)
    }
    while let last = filter.take(nil) { result += last }
    #expect(String(decoding: result, as: UTF8.self) == Self.expected)
  }

  @Test(arguments: [1, 7, 600, 1 << 20])
  func `routines are replaced and triggers are not, in pieces of whatever size`(_ size: Int) {
    let long = String(repeating: "x", count: 2000)
    let dump = """
      DELIMITER ;;
      /*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t SET NEW.a = '
      DELIMITER ;
      UNLOCK TABLES;
      '*/;;
      DELIMITER ;
      UNLOCK TABLES;
      /*!50003 DROP PROCEDURE IF EXISTS `p` */;
      DELIMITER ;;
      CREATE DEFINER=`a`@`b` PROCEDURE `p`() SELECT '\(long)'
      CREATE DEFINER=`in the body`
      ;;
      DELIMITER ;
      DELIMITER ;;
      /*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t
      CREATE DEFINER=`in the body`
      ;;
      DELIMITER ;

      """
    let expected = """
      DELIMITER ;;
      /*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t SET NEW.a = '
      DELIMITER ;
      UNLOCK TABLES;
      '*/;;
      DELIMITER ;
      DELIMITER ;;
      CREATE OR REPLACE DEFINER=`a`@`b` PROCEDURE `p`() SELECT '\(long)'
      CREATE DEFINER=`in the body`
      ;;
      DELIMITER ;
      DELIMITER ;;
      /*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t
      CREATE DEFINER=`in the body`
      ;;
      DELIMITER ;

      """
    var filter = LoadableDump(replacesRoutines: true)
    var rest = Array(dump.utf8)[...]
    var result: [UInt8] = []
    while !rest.isEmpty {
      result += filter.take(Array(rest.prefix(size))) ?? []
      rest = rest.dropFirst(size)
    }
    while let last = filter.take(nil) { result += last }
    #expect(String(decoding: result, as: UTF8.self) == expected)
  }

  @Test func `events are switched off and on again, and only those`() {
    func event(_ name: String, _ state: String, _ rest: String = "DO DELETE FROM t") -> String {
      "/*!50106 CREATE*/ /*!50117 DEFINER=`a`@`b`*/ /*!50106 EVENT `\(name)` ON SCHEDULE EVERY 1 DAY STARTS '2026-12-01 12:29:53' ON COMPLETION NOT PRESERVE \(state) \(rest)\n*/ ;;\n"
    }
    let odd = "ON COMPLETION PRESERVE ENABLE DO"
    func dump(_ state: String) -> String {
      "DELIMITER ;;\n" + event("one", state) + event(odd, state, "COMMENT '\(odd)' DO SELECT 1")
        + event("off", "DISABLE") + event("slave", "DISABLE ON SLAVE")
        + event("in", "DISABLE", "DO SELECT '\n" + event("one", "ENABLE").dropLast(3))
        + "DELIMITER ;\n"
    }
    var off = LoadableDump(events: .disabling)
    let disabled = String(decoding: off.take(Array(dump("ENABLE").utf8)) ?? [], as: UTF8.self)
    #expect(disabled == dump("DISABLE"))
    #expect(off.disabledEvents == ["one", odd])
    var on = LoadableDump(events: .enabling(off.disabledEvents))
    let enabled = String(decoding: on.take(Array(disabled.utf8)) ?? [], as: UTF8.self)
    #expect(enabled == dump("ENABLE"))
  }
}
