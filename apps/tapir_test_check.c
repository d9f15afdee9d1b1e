/* What the asserts of tapir/test.h ask. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apps/tapir_test.h"
#include "apps/tapir_test_world.h"
#include "tap/difference.h"

static const char no_memory[] = "out of memory";

/* Begins the report of a check, which is the answer when anything is written. NULL: no memory. */
static FILE *begin(struct tapir_test *world, size_t *size)
{
    free(world->report);
    world->report = NULL;
    return open_memstream(&world->report, size);
}

static const char *end(struct tapir_test *world, FILE *report, const size_t *size)
{
    if (fclose(report) != 0)
        return no_memory;
    if (*size == 0)
        return NULL;
    if (world->report[*size - 1] == '\n')
        world->report[*size - 1] = '\0';
    return world->report;
}

const char *tapir_test_check(struct tapir_test *world)
{
    if (world == NULL)
        return no_memory;
    return world->fault[0] != '\0' ? world->fault : NULL;
}

/* ---- verdicts ------------------------------------------------------------------------------------------ */

static const struct tapir_fate *fate_of(const struct tapir_test *world, uint64_t frame)
{
    if (world == NULL || world->book == NULL || frame == 0 || frame > world->book->n)
        return NULL;
    uint16_t verdict = world->book->list[frame - 1].verdict;
    return verdict == TAPIR_UNSETTLED ? NULL : tapir_fate((enum tapir_verdict)verdict);
}

const char *tapir_test_verdict(const struct tapir_test *world, uint64_t frame)
{
    const struct tapir_fate *fate = fate_of(world, frame);
    return fate == NULL ? NULL : fate->name;
}

static bool is_verdict(const char *name)
{
    for (unsigned i = TAPIR_UNSETTLED + 1; i < TAPIR_VERDICT_COUNT; i++)
        if (strcmp(tapir_fate((enum tapir_verdict)i)->name, name) == 0)
            return true;
    return false;
}

static void tell_verdict(const struct tapir_test *world, FILE *report, uint64_t frame, const char *verdict)
{
    const struct tapir_fate *fate = fate_of(world, frame);
    if (fate != NULL && strcmp(fate->name, verdict) == 0)
        return;
    fprintf(report, "frame %" PRIu64 ", verdict: expected %s%s, got ", frame, verdict,
            is_verdict(verdict) ? "" : " (there is no such verdict, see tapir help verdicts)");
    if (fate != NULL)
        fprintf(report, "%s (%s; %s)", fate->name, fate->text, fate->source);
    else if (frame == 0 || frame > world->book->n)
        fputs("no such frame", report);
    else
        fputs("none yet: its journey has not ended; let time pass, by tapir_test_pass or tapir_test_rest",
              report);
}

const char *tapir_test_check_verdict(struct tapir_test *world, uint64_t frame, const char *verdict)
{
    size_t size;
    const char *why = tapir_test_check(world);
    FILE *report = why == NULL ? begin(world, &size) : NULL;
    if (report == NULL)
        return why != NULL ? why : no_memory;
    tell_verdict(world, report, frame, verdict);
    return end(world, report, &size);
}

/* ---- frames -------------------------------------------------------------------------------------------- */

static void tell_frame(FILE *report, const char *interface, const struct frame *expected,
                       const struct frame *got, const char *except)
{
    if (got != NULL) {
        difference_frames(report, interface, expected, got, except);
        return;
    }
    fprintf(report, "%s: no frame left it; expected ", interface);
    difference_summary(report, expected);
}

const char *tapir_test_check_frame(struct tapir_test *world, const char *interface, const void *expected,
                                   size_t size, const char *except)
{
    struct tapir_test_frame frame;
    size_t length;
    bool there = tapir_test_take(world, interface, &frame);
    const char *why = tapir_test_check(world);
    FILE *report = why == NULL ? begin(world, &length) : NULL;
    if (report == NULL)
        return why != NULL ? why : no_memory;
    struct frame a = {.data = (uint8_t *)(uintptr_t)expected, .size = (uint32_t)size}, b = {.size = 0};
    if (there)
        b = (struct frame){.data = world->taken->data, .size = world->taken->size};
    tell_frame(report, interface, &a, there ? &b : NULL, except);
    return end(world, report, &length);
}

const char *tapir_test_check_silence(struct tapir_test *world, const char *interface)
{
    struct place place;
    size_t size;
    bool found = world != NULL && test_find(world, interface, &place);
    const char *why = tapir_test_check(world);
    FILE *report = why == NULL && found ? begin(world, &size) : NULL;
    if (report == NULL)
        return why != NULL ? why : no_memory;
    const struct sent *sent = *test_sent(world, place);
    if (sent != NULL) {
        struct frame frame = {.data = (uint8_t *)(uintptr_t)sent->data, .size = sent->size};
        fprintf(report, "%s: no frame was expected, but one left it: ", interface);
        difference_summary(report, &frame);
    }
    return end(world, report, &size);
}
