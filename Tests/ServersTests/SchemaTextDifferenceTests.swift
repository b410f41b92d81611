import Servers
import Testing

/// The differences of schemas that a server's dump program wrote.
@Suite struct SchemaTextDifferenceTests {
  @Test func `only statements of one side are told, and neither comments nor settings`() {
    let before = """
      --
      -- PostgreSQL database dump
      --

      SET lock_timeout = 0;

      CREATE TABLE public.a (
          id integer
      );

      CREATE TABLE public.b (id integer);
      """
    let after = """
      \\restrict x

      CREATE TABLE public.b (id integer);

      CREATE TABLE public.a (
          id bigint
      );
      """
    #expect(
      SchemaTextDifference(from: before, to: after).lines == [
        "- CREATE TABLE public.a (\n-     id integer\n- )",
        "+ CREATE TABLE public.a (\n+     id bigint\n+ )",
      ]
    )
    #expect(SchemaTextDifference(from: before, to: before).lines == [])
  }
}
