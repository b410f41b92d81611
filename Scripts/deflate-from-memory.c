// Deflates a file's bytes from memory on all cores, 1 MiB at a time, with the calls that xm-safe makes; prints the seconds.
#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "../Sources/CISAL/shim.h"

enum { piece = 1 << 20, level = 2 };
static uint8_t *bytes;
static size_t count;
static atomic_size_t next;

static void *work(void *unused) {
  (void)unused;
  void *memory = aligned_alloc(64, (xmsafe_isal_memory(level) + 63) / 64 * 64);
  uint8_t *output = malloc(2 * piece);
  size_t at;
  while ((at = atomic_fetch_add(&next, piece)) < count) {
    size_t length = count - at < piece ? count - at : piece;
    if (!xmsafe_isal_deflate(memory, level, bytes + at, (uint32_t)length, output, 2 * piece)) exit(1);
  }
  return NULL;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file || fseek(file, 0, SEEK_END)) return 2;
  count = (size_t)ftell(file);
  rewind(file);
  bytes = malloc(count);
  if (fread(bytes, 1, count, file) != count) return 2;
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  pthread_t threads[256];
  if (cores > 256) cores = 256;
  for (long i = 0; i < cores; i++) pthread_create(&threads[i], NULL, work, NULL);
  for (long i = 0; i < cores; i++) pthread_join(threads[i], NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%.3f\n", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
  return 0;
}
