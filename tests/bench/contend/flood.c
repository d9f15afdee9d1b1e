/* flood: ready frames into the device for a while, as fast as it takes them or at a rate, and what arrived at the other end.
 * verify: numbered frames, each of which must arrive once and as it was. Next: ping.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/contend/load.h"

#define WARM_UP_NS 60000000
/* Fewer than a device's queue holds. */
#define UNDER_WAY 256

struct pace {
    uint64_t begin, sent, refused;
    double rate;
};

/* What may be sent now: a batch, or the frames that are due. */
static unsigned due(const struct pace *pace, uint64_t now)
{
    if (pace->rate == 0)
        return BATCH;
    uint64_t until = (uint64_t)((double)(now - pace->begin) * pace->rate / 1e9);
    return until > pace->sent ? (unsigned)(until - pace->sent > BATCH ? BATCH : until - pace->sent) : 0;
}

/* A frame that the full queue refused is the next one again, so that bursts stay whole. */
static void send_some(const struct load *load, struct pace *pace, unsigned *at, unsigned n)
{
    if (n > load->n - *at)
        n = load->n - *at;
    int sent = n > 0 ? sendmmsg(load->out, load->messages + *at, n, MSG_DONTWAIT) : 0;
    if (sent < (int)n)
        pace->refused++;
    if (sent <= 0)
        return;
    pace->sent += (unsigned)sent;
    *at = (*at + (unsigned)sent) % load->n;
}

/* ... SECONDS RATE (0: as fast as it goes) */
int load_flood(char **arguments)
{
    struct load load;
    struct arrived arrived = {0}, at_start = {0};
    char **rest = load_open(&load, arguments);
    uint64_t now = now_ns(), begin = now + WARM_UP_NS, start = 0;
    uint64_t end = begin + (uint64_t)(number(rest[0]) * 1e9);
    struct pace pace = {.begin = now, .rate = number(rest[1])};
    unsigned at = 0;
    for (unsigned turn = 0; now < end; now = now_ns(), turn++) {
        send_some(&load, &pace, &at, due(&pace, now));
        if (turn % 4 == 0)
            load_drain(&load, &arrived);
        if (start == 0 && now >= begin) {
            start = now;
            at_start = arrived;
        }
    }
    double seconds = (double)(now - start) / 1e9;
    printf("rate=%.0f octets=%.0f frames=%lu sent=%lu refused=%lu lost=%u\n",
           (double)(arrived.frames - at_start.frames) / seconds,
           (double)(arrived.octets - at_start.octets) / seconds, (unsigned long)arrived.frames,
           (unsigned long)pace.sent, (unsigned long)pace.refused, load_lost(&load));
    load_close(&load);
    return 0;
}

/* Which numbers arrived; `bad` counts what is damaged, unknown or there twice. */
struct seen {
    uint8_t *seen;
    uint64_t total, good, bad;
};

static void check(struct seen *seen, const uint8_t *payload, size_t size)
{
    uint64_t number;
    if (size < 8 || !load_is_intact(payload, size, &number) || number >= seen->total || seen->seen[number]) {
        seen->bad++;
        return;
    }
    seen->seen[number] = 1;
    seen->good++;
}

static bool receive_one(const struct load *load, struct seen *seen)
{
    static uint8_t bytes[65536], control[64];
    struct iovec piece = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t size = recvmsg(load->in, &message, MSG_DONTWAIT);
    if (size < 0)
        return false;
    size_t segment = load_segment(&message, (size_t)size);
    for (size_t at = 0; segment > 0 && at < (size_t)size; at += segment)
        check(seen, bytes + at, (size_t)size - at < segment ? (size_t)size - at : segment);
    return true;
}

/* ... FRAMES */
int load_verify(char **arguments)
{
    struct load load;
    char **rest = load_open(&load, arguments);
    struct seen seen = {.total = (uint64_t)number(rest[0])};
    uint64_t sent = 0, last = now_ns();
    seen.seen = calloc(seen.total, 1);
    while (seen.seen != NULL && seen.good + seen.bad < seen.total && now_ns() - last < 300000000) {
        for (; sent < seen.total && sent < seen.good + seen.bad + UNDER_WAY; sent++) {
            size_t size;
            uint8_t *frame = load_frame(&load, (unsigned)sent, &size);
            load_number(frame, size, sent);
            if (send(load.out, frame, size, MSG_DONTWAIT) < 0)
                break;
        }
        while (receive_one(&load, &seen))
            last = now_ns();
    }
    printf("good=%lu bad=%lu total=%lu\n", (unsigned long)seen.good, (unsigned long)seen.bad,
           (unsigned long)seen.total);
    free(seen.seen);
    load_close(&load);
    return seen.good == seen.total && seen.bad == 0 ? 0 : 1;
}
