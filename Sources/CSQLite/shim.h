#ifndef XMSAFE_CSQLITE_SHIM_H
#define XMSAFE_CSQLITE_SHIM_H

#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift cannot import. */
static inline sqlite3_destructor_type xmsafe_sqlite_transient(void) { return SQLITE_TRANSIENT; }

/* sqlite3_db_config is variadic: each of these switches takes a number. */
static inline int xmsafe_sqlite_set(sqlite3 *db, int option, int value) {
  return sqlite3_db_config(db, option, value, (int *)0);
}

/* sqlite3_file_control takes void *, which for this one question is an unsigned number. */
static inline int xmsafe_sqlite_data_version(sqlite3 *db, unsigned int *version) {
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_DATA_VERSION, version);
}

/* The same for a question whose answer is a number with a sign. */
static inline int xmsafe_sqlite_has_moved(sqlite3 *db, int *moved) {
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, moved);
}

/* Whether a connection, of this process or another, holds RESERVED or more; asked through SQLite's own file, because a file
   descriptor of ours would drop SQLite's locks when it is closed. */
static inline int xmsafe_sqlite_is_reserved(sqlite3 *db, int *reserved) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  *reserved = 0;
  if (code != SQLITE_OK || file == 0 || file->pMethods == 0) return code;
  return file->pMethods->xCheckReservedLock(file, reserved);
}

#endif
