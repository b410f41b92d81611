/* Counts a program's changes to the files below one directory, and stops, fails or records them. Loaded with LD_PRELOAD.
 *
 * One count runs over all threads: open with O_CREAT or O_TRUNC, write, ftruncate, fallocate, fsync, rename, unlink, link,
 * mkdir, chmod, chown. Calls that libc makes inside itself (stdio) are not seen; the self-test compares with strace.
 *
 *   TORTURE_ROOT    the directory; a real path
 *   TORTURE_LOG     gets one line for each counted call, before it is made
 *   TORTURE_TRACE   gets every change with its data, after it was made: what the power-cut sweep replays
 *   TORTURE_AT      the number of the call that is hit, from 1
 *   TORTURE_FAULT   kill, torn (half of the write, then kill), stop (SIGSTOP), fill (the file system, to its last block), or the
 *                   number of an errno
 *   TORTURE_STICKY  1: all later calls fail as well
 */
#include "count.h"

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define UNDER_LOCK(type, body) \
  pthread_mutex_lock(&lock); \
  type result; \
  body; \
  int kept = errno; \
  pthread_mutex_unlock(&lock); \
  errno = kept; \
  return result

static void die_torn(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* A change of names: made unless it is hit, and recorded when it succeeded. */
#define CHANGE(call, first, action, record) \
  UNDER_LOCK(int, { \
    int fault = (first) ? hit(call, first) : 0; \
    if (fault < 0) die_torn(); \
    result = fault ? -1 : (action); \
    if ((first) && result == 0) { record; } \
  })

static int opened(int (*really)(int, const char *, int, mode_t), int directory, const char *path, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  UNDER_LOCK(int, {
    const char *below = ours(directory, path, buffer);
    int writes = flags & (O_CREAT | O_TRUNC);
    int is_new = below && faccessat(directory, path, F_OK, AT_EACCESS) != 0;
    int fault = below && writes ? hit("open", below) : 0;
    if (fault < 0) die_torn();
    result = fault ? -1 : really(directory, path, flags, mode);
    if (result >= 0 && result < DESCRIPTORS) {
      int saved = errno;
      free(path_of[result]);
      path_of[result] = below ? strdup(below) : NULL;
      if (below) {
        handle_of[result] = ++handles;
        say(trace_fd, "O %ld %d %d %s\n", handles, is_new, (flags & O_TRUNC) != 0, below + root_length);
      }
      errno = saved;
    }
  });
}

static int by_openat(int directory, const char *path, int flags, mode_t mode) {
  REAL(openat);
  return real(directory, path, flags, mode);
}

#define OPENING(name, parameters, directory) \
  int name parameters { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
      va_list list; \
      va_start(list, flags); \
      mode = va_arg(list, mode_t); \
      va_end(list); \
    } \
    return opened(by_openat, directory, path, flags, mode); \
  }
OPENING(open, (const char *path, int flags, ...), AT_FDCWD)
OPENING(open64, (const char *path, int flags, ...), AT_FDCWD)
OPENING(openat, (int directory, const char *path, int flags, ...), directory)
OPENING(openat64, (int directory, const char *path, int flags, ...), directory)

int close(int fd) {
  REAL(close);
  UNDER_LOCK(int, {
    if (fd >= 0 && fd < DESCRIPTORS) {
      free(path_of[fd]);
      path_of[fd] = NULL;
    }
    result = real(fd);
  });
}

static void record_write(int fd, const void *bytes, ssize_t length, off_t offset) {
  if (trace_fd < 0 || length <= 0) return;
  say(trace_fd, "W %ld %lld %zd\n", handle_of[fd], (long long)offset, length);
  put(trace_fd, bytes, (size_t)length);
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t offset) {
  return syscall(SYS_pwrite64, fd, bytes, length, offset);
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset) {
  UNDER_LOCK(ssize_t, {
    const char *below = path_below(fd);
    int fault = below ? hit("pwrite", below) : 0;
    if (fault < 0) {
      written(fd, bytes, length / 2, offset);
      die_torn();
    }
    result = fault ? -1 : written(fd, bytes, length, offset);
    if (below) record_write(fd, bytes, result, offset);
  });
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return write_at(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return write_at(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
  UNDER_LOCK(ssize_t, {
    const char *below = path_below(fd);
    int fault = below ? hit("write", below) : 0;
    off_t offset = below ? lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR) : 0;
    if (fault < 0) {
      syscall(SYS_write, fd, bytes, length / 2);
      die_torn();
    }
    result = fault ? -1 : syscall(SYS_write, fd, bytes, length);
    if (below) record_write(fd, bytes, result, offset);
    if (trace_fd >= 0 && (fd == 1 || fd == 2) && result > 0) {
      say(trace_fd, "P %d 0 %zd\n", fd, result);
      put(trace_fd, bytes, (size_t)result);
    }
  });
}

#define ON_DESCRIPTOR(name, parameters, action, ...) \
  int name parameters { \
    REAL(name); \
    const char *below = path_below(fd); \
    CHANGE(#name, below, action, say(trace_fd, __VA_ARGS__)); \
  }
ON_DESCRIPTOR(ftruncate, (int fd, off_t size), real(fd, size), "T %ld %lld\n", handle_of[fd], (long long)size)
ON_DESCRIPTOR(ftruncate64, (int fd, off64_t size), real(fd, size), "T %ld %lld\n", handle_of[fd], (long long)size)
ON_DESCRIPTOR(fsync, (int fd), real(fd), "S %ld\n", handle_of[fd])
ON_DESCRIPTOR(fdatasync, (int fd), real(fd), "S %ld\n", handle_of[fd])
ON_DESCRIPTOR(fchmod, (int fd, mode_t mode), real(fd, mode), "N chmod\n")
ON_DESCRIPTOR(fchown, (int fd, uid_t owner, gid_t group), real(fd, owner, group), "N chown\n")
ON_DESCRIPTOR(fallocate, (int fd, int mode, off_t offset, off_t length), real(fd, mode, offset, length), "N fallocate\n")
int posix_fallocate(int fd, off_t offset, off_t length) {
  REAL(posix_fallocate);
  UNDER_LOCK(int, {
    const char *below = path_below(fd);
    int fault = below ? hit("posix_fallocate", below) : 0;
    if (fault < 0) die_torn();
    result = fault ? error_fault : real(fd, offset, length);
    if (below && !result) say(trace_fd, "N fallocate\n");
  });
}

#define ON_PATH(name, parameters, directory, path, action, ...) \
  int name parameters { \
    REAL(name); \
    char buffer[PATH_MAX]; \
    const char *below = ours(directory, path, buffer); \
    CHANGE(#name, below, action, say(trace_fd, __VA_ARGS__)); \
  }
#define BELOW (below + root_length)
ON_PATH(unlink, (const char *path), AT_FDCWD, path, real(path), "U %s\n", BELOW)
ON_PATH(unlinkat, (int directory, const char *path, int flags), directory, path, real(directory, path, flags), "U %s\n", BELOW)
ON_PATH(rmdir, (const char *path), AT_FDCWD, path, real(path), "D %s\n", BELOW)
ON_PATH(mkdir, (const char *path, mode_t mode), AT_FDCWD, path, real(path, mode), "M %s\n", BELOW)
ON_PATH(mkdirat, (int directory, const char *path, mode_t mode), directory, path, real(directory, path, mode), "M %s\n", BELOW)
ON_PATH(chmod, (const char *path, mode_t mode), AT_FDCWD, path, real(path, mode), "N chmod\n")
ON_PATH(chown, (const char *path, uid_t owner, gid_t group), AT_FDCWD, path, real(path, owner, group), "N chown\n")
ON_PATH(truncate, (const char *path, off_t size), AT_FDCWD, path, real(path, size), "X truncate %s\n", BELOW)

#define ON_TWO_PATHS(name, parameters, letter, old_directory, old, new_directory, new, action) \
  int name parameters { \
    REAL(name); \
    char buffer[PATH_MAX], other[PATH_MAX]; \
    const char *below = ours(old_directory, old, buffer), *target = ours(new_directory, new, other); \
    CHANGE(#name, below, action, \
      say(trace_fd, letter " %s %s\n", BELOW, target ? target + root_length : "OUTSIDE")); \
  }
ON_TWO_PATHS(rename, (const char *old, const char *new), "R", AT_FDCWD, old, AT_FDCWD, new, real(old, new))
ON_TWO_PATHS(renameat, (int from, const char *old, int to, const char *new), "R", from, old, to, new, real(from, old, to, new))
ON_TWO_PATHS(renameat2, (int from, const char *old, int to, const char *new, unsigned flags), "R", from, old, to, new, real(from, old, to, new, flags))
ON_TWO_PATHS(link, (const char *old, const char *new), "L", AT_FDCWD, old, AT_FDCWD, new, real(old, new))
ON_TWO_PATHS(linkat, (int from, const char *old, int to, const char *new, int flags), "L", from, old, to, new, real(from, old, to, new, flags))
