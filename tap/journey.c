#include "tap/journey.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#define NS_PER_SECOND INT64_C(1000000000)

/* Links are places plus one, 0: none. */
struct journey {
    int64_t time, settled;
    uint64_t frame, into;
    uint32_t iface, entry;
    uint32_t first, last; /* what it caused */
    uint16_t verdict, answer;
};

struct effect {
    uint64_t frame;
    uint32_t iface, next;
};

struct journeys {
    const struct network_node *node;
    struct journey *journeys;
    struct effect *effects;
    uint32_t *numbers; /* [packet number - 1]: place plus one */
    size_t n, room, n_effects, effects_room, n_numbers, numbers_room;
    uint64_t verdicts, doubled;
    bool starved; /* of memory */
};

/* Makes room for one more in a list of `n`. */
static bool grow(struct journeys *book, void *list, size_t n, size_t *room, size_t size)
{
    void **block = list;
    if (n < *room)
        return true;
    size_t more = *room == 0 ? 256 : *room * 2;
    void *larger = n < UINT32_MAX - 1 ? realloc(*block, more * size) : NULL;
    if (larger == NULL) {
        book->starved = true;
        return false;
    }
    *block = larger;
    *room = more;
    return true;
}

struct journeys *journeys_create(const struct network_node *node)
{
    struct journeys *book = calloc(1, sizeof *book);
    if (book != NULL)
        book->node = node;
    return book;
}

void journey_begin(struct journeys *book, unsigned iface, uint64_t frame, tapir_instant time)
{
    if (grow(book, &book->journeys, book->n, &book->room, sizeof *book->journeys))
        book->journeys[book->n++] = (struct journey){.time = time.ns, .frame = frame, .iface = iface};
}

void journey_number(struct journeys *book, uint64_t number, bool is_read)
{
    (void)number;
    if (grow(book, &book->numbers, book->n_numbers, &book->numbers_room, sizeof *book->numbers))
        book->numbers[book->n_numbers++] = is_read ? (uint32_t)book->n : 0;
}

/* The frame that was given a number; NULL: it was not read from a file. */
static struct journey *journey_of(struct journeys *book, uint64_t number)
{
    if (number == 0 || number > book->n_numbers || book->numbers[number - 1] == 0)
        return NULL;
    return &book->journeys[book->numbers[number - 1] - 1];
}

static void end(struct journeys *book, const struct tapir_packet *packet, tapir_instant now)
{
    struct journey *journey = journey_of(book, packet->number);
    if (journey == NULL)
        return;
    if (journey->verdict != TAPIR_UNSETTLED) {
        book->doubled++;
        return;
    }
    book->verdicts++;
    journey->verdict = (uint16_t)packet->verdict;
    journey->answer = (uint16_t)packet->answer;
    journey->entry = packet->entry;
    journey->into = packet->into;
    journey->settled = now.ns;
}

void journey_settled(struct journeys *book, const struct tapir_packet *packet, tapir_instant now)
{
    if (packet->within.origin == TAPIR_RECEIVED && tapir_fate(packet->verdict)->kind != TAPIR_HELD)
        end(book, packet, now);
}

void journey_sent(struct journeys *book, const struct tapir_packet *packet, uint64_t frame, tapir_instant now)
{
    bool is_received = packet->within.origin == TAPIR_RECEIVED;
    if (is_received)
        end(book, packet, now);
    struct journey *journey = journey_of(book, is_received ? packet->number : packet->cause);
    if (journey == NULL ||
        !grow(book, &book->effects, book->n_effects, &book->effects_room, sizeof *book->effects))
        return;
    book->effects[book->n_effects++] = (struct effect){frame, packet->iface, 0};
    uint32_t link = (uint32_t)book->n_effects;
    if (journey->first == 0)
        journey->first = link;
    else
        book->effects[journey->last - 1].next = link;
    journey->last = link;
}

uint64_t journeys_read(const struct journeys *book)
{
    return book->n;
}

uint64_t journeys_verdicts(const struct journeys *book)
{
    return book->verdicts;
}

bool journeys_add_up(const struct journeys *book)
{
    return book->verdicts == book->n && book->doubled == 0 && !book->starved;
}

/* ---- lines --------------------------------------------------------------------------------------------- */

/* "interface": NAME, "frame": N */
static void write_frame(const struct journeys *book, FILE *file, uint32_t iface, uint64_t frame)
{
    json_t *name = json_string(book->node->interfaces[iface].name);
    char *quoted = name == NULL ? NULL : json_dumps(name, JSON_ENCODE_ANY);
    fprintf(file, "\"interface\": %s, \"frame\": %" PRIu64, quoted == NULL ? "null" : quoted, frame);
    free(quoted);
    json_decref(name);
}

static void write_effects(const struct journeys *book, FILE *file, const struct journey *journey)
{
    if (journey->first == 0)
        return;
    fputs(", \"caused\": [", file);
    for (uint32_t link = journey->first; link != 0; link = book->effects[link - 1].next) {
        const struct effect *effect = &book->effects[link - 1];
        fputs(link == journey->first ? "{" : ", {", file);
        write_frame(book, file, effect->iface, effect->frame);
        fputs("}", file);
    }
    fputs("]", file);
}

/* The time is written digit by digit: no double holds a second of this century to the nanosecond. */
static void write_line(const struct journeys *book, FILE *file, const struct journey *journey)
{
    fputs("{", file);
    write_frame(book, file, journey->iface, journey->frame);
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

bool journeys_write(const struct journeys *book, FILE *file)
{
    for (size_t i = 0; i < book->n; i++)
        write_line(book, file, &book->journeys[i]);
    return fflush(file) == 0 && ferror(file) == 0;
}

void journeys_destroy(struct journeys *book)
{
    if (book == NULL)
        return;
    free(book->journeys);
    free(book->effects);
    free(book->numbers);
    free(book);
}
