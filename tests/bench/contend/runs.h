/* Runs of frames that can leave as one super-frame. */
#ifndef TESTS_BENCH_CONTEND_RUNS_H
#define TESTS_BENCH_CONTEND_RUNS_H

#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct frame {
    struct virtio_net_hdr *virtio;
    uint8_t *ip, *l4;
    size_t size, headers;
    bool may_merge, is_tcp;
};

/* A frame behind its virtio-net header, `size` octets with it. */
void frame_look(struct frame *frame, uint8_t *slot, size_t size);
/* How many from the first on are one run, of `left` frames and at most BATCH. */
size_t frame_run(const struct frame *first, size_t left);
/* Makes the headers of the first those of the whole run, and `pieces` what to write. */
void frame_join(struct frame *first, size_t n, struct iovec *pieces);

#endif
