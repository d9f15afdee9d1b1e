#include "tap/frames.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND INT64_C(1000000000)

enum {
    LABEL = 400
};

/* ---- reading --------------------------------------------------------------------------------------------- */

static bool keep(struct frames *frames, const struct pcapfile_frame *frame)
{
    if (frames->n == frames->room) {
        size_t room = frames->room == 0 ? 64 : frames->room * 2;
        struct frame *list = realloc(frames->list, room * sizeof *list);
        if (list == NULL)
            return false;
        frames->list = list;
        frames->room = room;
    }
    struct frame *kept = &frames->list[frames->n];
    frames->octets += frame->size + sizeof *kept;
    if (frames->octets > FRAMES_OCTETS)
        return false;
    *kept = (struct frame){frame->time, malloc(frame->size + 1), frame->size};
    if (kept->data == NULL)
        return false;
    if (frame->size > 0)
        memcpy(kept->data, frame->data, frame->size);
    frames->n++;
    return true;
}

bool frames_read(struct frames *frames, const char *path, char error[PCAPFILE_ERROR])
{
    *frames = (struct frames){0};
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    if (reader == NULL)
        return false;
    struct pcapfile_frame frame;
    enum pcapfile_result result;
    bool kept = true;
    while (kept && (result = pcapfile_next(reader, &frame, error)) == PCAPFILE_READ)
        kept = keep(frames, &frame);
    pcapfile_close(reader);
    if (!kept)
        snprintf(error, PCAPFILE_ERROR, "%.400s: too many frames to compare; cut it into several cases",
                 path);
    return kept && result == PCAPFILE_END;
}

void frames_free(struct frames *frames)
{
    for (size_t i = 0; i < frames->n; i++)
        free(frames->list[i].data);
    free(frames->list);
    *frames = (struct frames){0};
}

/* ---- comparing --------------------------------------------------------------------------------------------- */

struct comparison {
    FILE *out;
    const char *label;
    const struct frames *expected, *got;
    int64_t start; /* of the times that are shown */
    size_t found, most;
};

static bool is_equal(const struct comparison *c, size_t i, size_t j)
{
    if (i >= c->expected->n || j >= c->got->n)
        return false;
    const struct frame *a = &c->expected->list[i], *b = &c->got->list[j];
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

/* One more frame differs. False: enough were told. */
static bool is_told(struct comparison *c)
{
    return ++c->found <= c->most;
}

static void print_time(const struct comparison *c, const char *before, int64_t ns)
{
    int64_t offset = ns - c->start;
    uint64_t size = offset < 0 ? -(uint64_t)offset : (uint64_t)offset;
    fprintf(c->out, "%s%c%" PRIu64 ".%09" PRIu64 " s", before, offset < 0 ? '-' : '+', size / NS_PER_SECOND,
            size % NS_PER_SECOND);
}

static void tell_time(const struct comparison *c, size_t i, size_t j)
{
    fprintf(c->out, "%sframe %zu, time: ", c->label, i + 1);
    print_time(c, "expected ", c->expected->list[i].time.ns);
    print_time(c, ", got ", c->got->list[j].time.ns);
    fputc('\n', c->out);
}

static void pair(struct comparison *c, size_t i, size_t j)
{
    bool is_moved = c->expected->list[i].time.ns != c->got->list[j].time.ns;
    if ((!is_moved && is_equal(c, i, j)) || !is_told(c))
        return;
    if (is_moved)
        tell_time(c, i, j);
    char label[LABEL];
    snprintf(label, sizeof label, "%sframe %zu", c->label, i + 1);
    difference_frames(c->out, label, &c->expected->list[i], &c->got->list[j], NULL);
}

static void missing(struct comparison *c, size_t i)
{
    if (!is_told(c))
        return;
    fprintf(c->out, "%sframe %zu", c->label, i + 1);
    print_time(c, " at ", c->expected->list[i].time.ns);
    fputs(" is missing: expected ", c->out);
    difference_summary(c->out, &c->expected->list[i]);
    fputc('\n', c->out);
}

static void extra(struct comparison *c, size_t j)
{
    if (!is_told(c))
        return;
    fprintf(c->out, "%sframe %zu of those that came out", c->label, j + 1);
    print_time(c, ", at ", c->got->list[j].time.ns);
    fputs(", is one too many: got ", c->out);
    difference_summary(c->out, &c->got->list[j]);
    fputc('\n', c->out);
}

/* The same octets at the same time. */
static bool is_exact(const struct comparison *c, size_t i, size_t j)
{
    return is_equal(c, i, j) && c->expected->list[i].time.ns == c->got->list[j].time.ns;
}

/* How far the lists must be moved against each other until frames are the same again: so many are missing, or (below 0) too
 * many. 0: the two are meant to be the same, for they are or those behind them. `*is_found`: one of these could be told. */
static int meet(const struct comparison *c, size_t i, size_t j,
                bool (*is_same)(const struct comparison *, size_t, size_t), bool *is_found)
{
    *is_found = true;
    if (is_same(c, i, j) || is_same(c, i + 1, j + 1))
        return 0;
    for (int ahead = 1; ahead <= FRAMES_AHEAD; ahead++) {
        if (is_same(c, i + (size_t)ahead, j))
            return ahead;
        if (is_same(c, i, j + (size_t)ahead))
            return -ahead;
    }
    *is_found = false;
    return 0;
}

/* Frames that repeat (ARP requests) are told apart by their times, if the times say anything. */
static int shift(const struct comparison *c, size_t i, size_t j)
{
    bool is_found;
    int by = meet(c, i, j, is_exact, &is_found);
    return is_found ? by : meet(c, i, j, is_equal, &is_found);
}

static void walk(struct comparison *c)
{
    size_t i = 0, j = 0;
    while (i < c->expected->n && j < c->got->n) {
        int by = shift(c, i, j);
        for (; by > 0; by--)
            missing(c, i++);
        for (; by < 0; by++)
            extra(c, j++);
        pair(c, i++, j++);
    }
    for (; i < c->expected->n; i++)
        missing(c, i);
    for (; j < c->got->n; j++)
        extra(c, j);
}

size_t frames_compare(FILE *out, const char *label, const struct frames *expected, const struct frames *got,
                      size_t most)
{
    struct comparison c = {.out = out, .label = label, .expected = expected, .got = got, .most = most};
    if (expected->n > 0)
        c.start = expected->list[0].time.ns;
    else if (got->n > 0)
        c.start = got->list[0].time.ns;
    walk(&c);
    if (c.found > most)
        fprintf(out, "%s%zu more frames differ\n", label, c.found - most);
    return c.found;
}
