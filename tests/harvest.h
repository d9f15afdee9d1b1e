/* Collects the frames that tests send: with TAPIR_FRAMES=FILE in the environment each is appended to FILE as
 * one line, the number of its interface and its octets in hex. tests/fuzz/gather makes
 * tests/fuzz/corpus/frames.txt of them, which tests/world/test_mutated.c reads. */
#ifndef TESTS_HARVEST_H
#define TESTS_HARVEST_H

#include <stddef.h>
#include <stdint.h>

enum {
    HARVEST_FRAME = 2048 /* octets; longer ones are left out */
};

/* Notes a frame that a test is about to send. */
void harvest(unsigned iface, const uint8_t *frame, size_t size);

/* Reads one line. Returns the size, or -1: it is no frame. */
int harvest_parse(const char *line, unsigned *iface, uint8_t frame[HARVEST_FRAME]);

#endif
