/// Which snapshots a command on all of them covers, said once for the help of `list` and `verify`.
enum AllDatabases {
  static let rule = """
    Several databases may share a store. Covered are the snapshots of the one database, or those of all with \
    --all-databases, and where a store is named (--store, XM_SAFE_STORE) and no database (--db, XM_SAFE_DB). What cannot be \
    read may be of any database, and is always reported.
    """
}
