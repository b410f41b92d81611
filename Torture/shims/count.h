/* The count of files.c, what is done at the call that is hit, and where records go. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int log_fd = -1, trace_fd = -1, sticky, stop_fault, fill_fault, kill_fault, torn_fault, error_fault;
static long at, count, handles;
static char *path_of[DESCRIPTORS];
static long handle_of[DESCRIPTORS];

/* What records goes past the wrappers, straight to the kernel. */
static void put(int fd, const void *bytes, size_t length) {
  const char *rest = bytes;
  while (length > 0) {
    long written = syscall(SYS_write, fd, rest, length);
    if (written <= 0) abort();
    rest += written;
    length -= (size_t)written;
  }
}

static void say(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(int fd, const char *format, ...) {
  char line[2 * PATH_MAX + 100];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(line, sizeof line, format, list);
  va_end(list);
  if (fd >= 0 && length > 0) put(fd, line, (size_t)length);
}

static int opened_for_us(const char *name) {
  const char *path = getenv(name);
  if (!path) return -1;
  /* High, so that the program's own descriptors keep their numbers. */
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int high = fcntl(fd, F_DUPFD_CLOEXEC, 900);
  syscall(SYS_close, fd);
  if (high < 0) abort();
  return high;
}

__attribute__((constructor)) static void begin(void) {
  root = getenv("TORTURE_ROOT");
  if (!root) return;
  root_length = strlen(root);
  const char *number = getenv("TORTURE_AT"), *fault = getenv("TORTURE_FAULT");
  at = number ? atol(number) : 0;
  sticky = getenv("TORTURE_STICKY") != NULL;
  kill_fault = fault && !strcmp(fault, "kill");
  torn_fault = fault && !strcmp(fault, "torn");
  stop_fault = fault && !strcmp(fault, "stop");
  fill_fault = fault && !strcmp(fault, "fill");
  error_fault = fault ? atoi(fault) : 0;
  log_fd = opened_for_us("TORTURE_LOG");
  trace_fd = opened_for_us("TORTURE_TRACE");
  /* A child of the program is no part of the run. */
  unsetenv("LD_PRELOAD");
}

static int is_ours(const char *path) {
  return root && path && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

/* The path below the root, absolute; relative ones are taken from the working directory. */
static const char *ours(int directory, const char *path, char *buffer) {
  if (!root || !path) return NULL;
  if (path[0] == '/') return is_ours(path) ? path : NULL;
  if (directory != AT_FDCWD) {
    const char *base = directory >= 0 && directory < DESCRIPTORS ? path_of[directory] : NULL;
    if (!base) return NULL;
    snprintf(buffer, PATH_MAX, "%s/%s", base, path);
  } else {
    if (!getcwd(buffer, PATH_MAX)) return NULL;
    while (path[0] == '.' && path[1] == '/') path += 2;
    size_t used = strlen(buffer);
    if (used + strlen(path) + 2 > PATH_MAX) return NULL;
    snprintf(buffer + used, PATH_MAX - used, "/%s", path);
  }
  return is_ours(buffer) ? buffer : NULL;
}

static const char *path_below(int fd) { return fd >= 0 && fd < DESCRIPTORS ? path_of[fd] : NULL; }

/* Takes every free block; the harness takes the file away again. */
static void fill(void) {
  char path[PATH_MAX];
  struct statvfs space;
  snprintf(path, sizeof path, "%s/.filler", root);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || statvfs(root, &space) != 0) abort();
  off_t length = (off_t)(space.f_bfree * space.f_frsize);
  if (length > 0 && syscall(SYS_fallocate, fd, 0, (off_t)0, length) != 0) abort();
  syscall(SYS_close, fd);
}

/* Counts one call; returns nonzero, with errno set, when it must not be made. The lock is held. */
static int hit(const char *call, const char *path) {
  count += 1;
  int now = at > 0 && (count == at || (sticky && count > at));
  say(log_fd, "%ld %s %s%s\n", count, call, path + root_length, now ? " INJECTED" : "");
  if (!now) return 0;
  if (kill_fault) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  if (stop_fault) {
    pthread_mutex_unlock(&lock);
    kill(getpid(), SIGSTOP);
    pthread_mutex_lock(&lock);
    return 0;
  }
  if (fill_fault) {
    fill();
    return 0;
  }
  if (torn_fault) return -1;
  errno = error_fault;
  return error_fault ? 1 : 0;
}
