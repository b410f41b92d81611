#ifndef XMSAFE_CISAL_SHIM_H
#define XMSAFE_CISAL_SHIM_H

#include <isa-l/igzip_lib.h>
#include <stddef.h>
#include <stdint.h>

// The stream's state is a struct of hundreds of kilobytes, which Swift would import as tuples: it stays behind these functions.

/// The bytes of memory that deflating at a level needs.
static inline size_t xmsafe_isal_memory(uint32_t level) {
  size_t buffer = level == 1   ? ISAL_DEF_LVL1_DEFAULT
                  : level == 2 ? ISAL_DEF_LVL2_DEFAULT
                               : ISAL_DEF_LVL3_DEFAULT;
  return sizeof(struct isal_zstream) + buffer;
}

/// Deflates into one complete stream of RFC 1951; 0 if the room does not suffice.
static inline size_t xmsafe_isal_deflate(void *memory, uint32_t level, const uint8_t *input, uint32_t count,
                                         uint8_t *output, uint32_t room) {
  struct isal_zstream *stream = (struct isal_zstream *)memory;
  isal_deflate_stateless_init(stream);
  stream->level = level;
  stream->level_buf = (uint8_t *)memory + sizeof(struct isal_zstream);
  stream->level_buf_size = (uint32_t)(xmsafe_isal_memory(level) - sizeof(struct isal_zstream));
  stream->gzip_flag = IGZIP_DEFLATE;
  stream->flush = NO_FLUSH;
  stream->end_of_stream = 1;
  stream->next_in = (uint8_t *)input;
  stream->avail_in = count;
  stream->next_out = output;
  stream->avail_out = room;
  if (isal_deflate_stateless(stream) != COMP_OK || stream->avail_in != 0) return 0;
  return stream->total_out;
}

#endif
