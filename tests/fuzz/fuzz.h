/* What libFuzzer calls, and a file in memory with its input for readers that want a path. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* One run with `size` octets of input. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fills the file and writes its path. One file serves all inputs of the process. */
static inline void fuzz_write(const uint8_t *data, size_t size, char path[32])
{
    static int file = -1;
    if (file < 0)
        file = memfd_create("fuzz", 0);
    if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
    snprintf(path, 32, "/proc/self/fd/%d", file);
}

#endif
