#include "tap/journey_table.h"

#include <inttypes.h>
#include <string.h>

#include "tap/text.h"

#define NS_PER_SECOND INT64_C(1000000000)

static const struct tapir_fate *fate_of(const struct journey *journey)
{
    return tapir_fate((enum tapir_verdict)journey->verdict);
}

/* ---- a line for each frame ----------------------------------------------------------------------------- */

/* Octets of the longest name of a verdict that occurs. */
static int widest_verdict(const struct journeys *book)
{
    int widest = 0;
    for (size_t i = 0; i < book->n; i++) {
        int width = (int)strlen(fate_of(&book->list[i])->name);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void write_line(const struct journeys *book, const struct journey *journey, int width, FILE *file)
{
    const struct network_node *node = &book->network->nodes[journey->node];
    const struct tapir_fate *fate = fate_of(journey);
    int64_t after = journey->time - book->list[0].time;
    char reason[TEXT_REASON];
    fprintf(file, "%c%" PRIu64 ".%09" PRIu64, after < 0 ? '-' : '+',
            (uint64_t)(after < 0 ? -after : after) / NS_PER_SECOND,
            (uint64_t)(after < 0 ? -after : after) % NS_PER_SECOND);
    if (book->network->n_nodes > 1)
        fprintf(file, "  %s:%s %" PRIu64, node->name, node->interfaces[journey->iface].name, journey->frame);
    else
        fprintf(file, "  %s %" PRIu64, node->interfaces[journey->iface].name, journey->frame);
    text_reason(reason, sizeof reason, fate);
    fprintf(file, "  %-*s  %s", width, fate->name, reason);
    if (journey->answer != TAPIR_UNSETTLED)
        fprintf(file, "; %s", tapir_fate((enum tapir_verdict)journey->answer)->name);
    for (uint32_t link = journey->first; link != 0; link = book->effects[link - 1].next)
        fprintf(file, "%s %s %" PRIu64, link == journey->first ? "; sent:" : ",",
                node->interfaces[book->effects[link - 1].iface].name, book->effects[link - 1].frame);
    fputc('\n', file);
}

void journeys_write_row(const struct journeys *book, size_t place, FILE *file)
{
    write_line(book, &book->list[place], 0, file);
}

bool journeys_write_table(const struct journeys *book, FILE *file)
{
    int width = widest_verdict(book);
    for (size_t i = 0; i < book->n; i++)
        write_line(book, &book->list[i], width, file);
    return fflush(file) == 0 && ferror(file) == 0;
}

/* ---- the sum ------------------------------------------------------------------------------------------- */

void journeys_write_summary(const struct journeys *book, uint64_t written, FILE *file)
{
    const uint64_t *frames = book->met;
    uint64_t of_kind[TAPIR_ANSWER + 1] = {0};
    for (int v = TAPIR_UNSETTLED + 1; v < TAPIR_VERDICT_COUNT; v++) {
        const struct tapir_fate *fate = tapir_fate((enum tapir_verdict)v);
        of_kind[fate->kind] += frames[v];
        if (frames[v] > 0)
            fprintf(file, "%10" PRIu64 "  %-24s %s\n", frames[v], fate->name, fate->text);
    }
    fprintf(file,
            "%" PRIu64 " frames read, %" PRIu64 " verdicts (%" PRIu64 " passed, %" PRIu64
            " refused), %" PRIu64 " frames written\n",
            book->read, book->verdicts, of_kind[TAPIR_PASSED], of_kind[TAPIR_REFUSED], written);
}
