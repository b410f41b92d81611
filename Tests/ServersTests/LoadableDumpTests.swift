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
}
