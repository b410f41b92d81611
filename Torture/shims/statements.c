/* Fails the n-th SQL statement that a program executes through libsqlite3. Loaded with LD_PRELOAD.
 *
 * A statement counts when it begins: sqlite3_step on one that is not in the middle of its rows. The hit one is not executed.
 *
 *   TORTURE_LOG    gets one line for each statement, before it is executed
 *   TORTURE_AT     the number of the statement that is hit, from 1
 *   TORTURE_FAULT  the result code
 *   TORTURE_ROLLBACK  1: SQLite rolls the transaction back first, as it may do on SQLITE_FULL, SQLITE_IOERR and others
 *                  (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sqlite3.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long count;
/* The connection whose last call was hit, and the statement: until it is used again they answer with the code. */
static sqlite3 *failed;
static sqlite3_stmt *failed_statement;
static int code;
static __thread int inside;

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int is_hit(sqlite3 *connection, const char *sql) {
  const char *at = getenv("TORTURE_AT"), *path = getenv("TORTURE_LOG"), *fault = getenv("TORTURE_FAULT");
  pthread_mutex_lock(&lock);
  count += 1;
  int now = at && atol(at) == count;
  if (path) {
    char line[200];
    int length = snprintf(line, sizeof line, "%ld %.150s", count, sql ? sql : "");
    if (length > 180) length = 180;
    for (int i = 0; i < length; i++)
      if (line[i] == '\n') line[i] = ' ';
    length += snprintf(line + length, sizeof line - (size_t)length, "%s\n", now ? " INJECTED" : "");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, (size_t)length) != length) abort();
    close(fd);
  }
  pthread_mutex_unlock(&lock);
  if (!now) return 0;
  code = fault ? atoi(fault) : SQLITE_IOERR;
  if (getenv("TORTURE_ROLLBACK") && !sqlite3_get_autocommit(connection)) {
    inside = 1;
    sqlite3_exec(connection, "ROLLBACK", NULL, NULL, NULL);
    inside = 0;
  }
  failed = connection;
  return 1;
}

int sqlite3_step(sqlite3_stmt *statement) {
  REAL(sqlite3_step);
  if (inside || !statement || sqlite3_stmt_busy(statement)) return real(statement);
  sqlite3 *connection = sqlite3_db_handle(statement);
  if (failed == connection) failed = NULL;
  if (failed_statement == statement) failed_statement = NULL;
  if (is_hit(connection, sqlite3_sql(statement))) {
    failed_statement = statement;
    return code;
  }
  return real(statement);
}

int sqlite3_exec(sqlite3 *connection, const char *sql, sqlite3_callback row, void *context, char **message) {
  REAL(sqlite3_exec);
  if (inside) return real(connection, sql, row, context, message);
  if (failed == connection) failed = NULL;
  if (is_hit(connection, sql)) {
    if (message) *message = sqlite3_mprintf("injected");
    return code;
  }
  inside = 1;
  int result = real(connection, sql, row, context, message);
  inside = 0;
  return result;
}

int sqlite3_reset(sqlite3_stmt *statement) {
  REAL(sqlite3_reset);
  int result = real(statement);
  if (!statement || statement != failed_statement) return result;
  failed_statement = NULL;
  return code;
}

int sqlite3_finalize(sqlite3_stmt *statement) {
  REAL(sqlite3_finalize);
  int was_hit = statement && statement == failed_statement;
  int result = real(statement);
  if (!was_hit) return result;
  failed_statement = NULL;
  return code;
}

int sqlite3_prepare_v2(sqlite3 *connection, const char *sql, int length, sqlite3_stmt **statement, const char **tail) {
  REAL(sqlite3_prepare_v2);
  if (!inside && failed == connection) failed = NULL;
  return real(connection, sql, length, statement, tail);
}

int sqlite3_errcode(sqlite3 *connection) {
  REAL(sqlite3_errcode);
  return connection && connection == failed ? code & 0xff : real(connection);
}

int sqlite3_extended_errcode(sqlite3 *connection) {
  REAL(sqlite3_extended_errcode);
  return connection && connection == failed ? code : real(connection);
}

const char *sqlite3_errmsg(sqlite3 *connection) {
  REAL(sqlite3_errmsg);
  return connection && connection == failed ? sqlite3_errstr(code) : real(connection);
}
