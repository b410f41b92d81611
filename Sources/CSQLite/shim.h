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

#endif
