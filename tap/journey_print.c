#include "tap/journey_print.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#define NS_PER_SECOND INT64_C(1000000000)

static void write_text(FILE *file, const char *key, const char *text)
{
    json_t *string = json_string(text);
    char *quoted = string == NULL ? NULL : json_dumps(string, JSON_ENCODE_ANY);
    fprintf(file, "\"%s\": %s, ", key, quoted == NULL ? "null" : quoted);
    free(quoted);
    json_decref(string);
}

/* "interface": NAME, "frame": N */
static void write_frame(const struct network_node *node, FILE *file, uint32_t iface, uint64_t frame)
{
    write_text(file, "interface", node->interfaces[iface].name);
    fprintf(file, "\"frame\": %" PRIu64, frame);
}

static void write_effects(const struct journeys *book, FILE *file, const struct journey *journey)
{
    if (journey->first == 0)
        return;
    fputs(", \"caused\": [", file);
    for (uint32_t link = journey->first; link != 0; link = book->effects[link - 1].next) {
        const struct effect *effect = &book->effects[link - 1];
        fputs(link == journey->first ? "{" : ", {", file);
        write_frame(&book->network->nodes[journey->node], file, effect->iface, effect->frame);
        fputs("}", file);
    }
    fputs("]", file);
}

/* The time is written digit by digit: no double holds a second of this century to the nanosecond. */
static void write_line(const struct journeys *book, FILE *file, const struct journey *journey, bool is_named)
{
    const struct network_node *node = &book->network->nodes[journey->node];
    fputs("{", file);
    if (is_named)
        write_text(file, "node", node->name);
    write_frame(node, file, journey->iface, journey->frame);
    fprintf(file, ", \"time\": %" PRId64 ".%09" PRId64 ", \"time_ns\": %" PRId64,
            journey->time / NS_PER_SECOND, journey->time % NS_PER_SECOND, journey->time);
    fprintf(file, ", \"verdict\": \"%s\", \"settled_ns\": %" PRId64,
            tapir_fate((enum tapir_verdict)journey->verdict)->name, journey->settled);
    if (journey->answer != TAPIR_UNSETTLED)
        fprintf(file, ", \"answer\": \"%s\"", tapir_fate((enum tapir_verdict)journey->answer)->name);
    if (journey->entry != 0)
        fprintf(file, ", \"entry\": %" PRIu32, journey->entry);
    if (journey->into != 0)
        fprintf(file, ", \"into\": %" PRIu64, journey->into);
    write_effects(book, file, journey);
    fputs("}\n", file);
}

static bool has_several_nodes(const struct journeys *book)
{
    for (size_t i = 1; i < book->n; i++)
        if (book->list[i].node != book->list[0].node)
            return true;
    return false;
}

bool journeys_write(const struct journeys *book, FILE *file)
{
    bool is_named = has_several_nodes(book);
    for (size_t i = 0; i < book->n; i++)
        write_line(book, file, &book->list[i], is_named);
    return fflush(file) == 0 && ferror(file) == 0;
}
