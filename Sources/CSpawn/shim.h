#ifndef XM_SAFE_CSPAWN_H
#define XM_SAFE_CSPAWN_H

#include <spawn.h>

// glibc declares these only for programs that define _GNU_SOURCE, which Swift's importer does not; they are in its library all
// the same (posix_spawn_file_actions_addclosefrom_np since 2.34).
#if defined(__linux__)
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
#endif

#endif
