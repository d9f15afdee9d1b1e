#include "tap/journey.h"

#include <stdlib.h>

/* Makes room for one more in a list of `n`. */
static bool grow(struct journeys *book, void *list, size_t n, size_t *room, size_t size)
{
    void **block = list;
    if (n < *room)
        return true;
    size_t more = *room == 0 ? 256 : *room * 2;
    void *larger = n < JOURNEY_SETTLED - 1 ? realloc(*block, more * size) : NULL;
    if (larger == NULL) {
        book->starved = true;
        return false;
    }
    *block = larger;
    *room = more;
    return true;
}

struct journeys *journeys_create(const struct network *network)
{
    struct journeys *book = calloc(1, sizeof *book);
    if (book == NULL)
        return NULL;
    book->network = network;
    book->numbers = calloc(network->n_nodes + 1, sizeof *book->numbers);
    if (book->numbers != NULL)
        return book;
    free(book);
    return NULL;
}

void journeys_only_count(struct journeys *book)
{
    book->only_counts = true;
}

void journey_begin(struct journeys *book, size_t node, unsigned iface, uint64_t frame, tapir_instant time)
{
    book->read++;
    if (!book->only_counts && grow(book, &book->list, book->n, &book->room, sizeof *book->list))
        book->list[book->n++] =
            (struct journey){.time = time.ns, .frame = frame, .node = (uint32_t)node, .iface = iface};
}

void journey_number(struct journeys *book, size_t node, bool is_read)
{
    struct journey_numbers *numbers = &book->numbers[node];
    uint32_t place = book->only_counts ? 1 : (uint32_t)book->n;
    if (grow(book, &numbers->places, numbers->n, &numbers->room, sizeof *numbers->places))
        numbers->places[numbers->n++] = is_read ? place : 0;
}

/* The place of the frame that was given a number; NULL: it was not read from a file. */
static uint32_t *place_of(struct journeys *book, size_t node, uint64_t number)
{
    const struct journey_numbers *numbers = &book->numbers[node];
    if (number == 0 || number > numbers->n || numbers->places[number - 1] == 0)
        return NULL;
    return &numbers->places[number - 1];
}

/* NULL: none, or nobody will ask. */
static struct journey *journey_at(struct journeys *book, const uint32_t *place)
{
    return place == NULL || book->only_counts ? NULL : &book->list[(*place & ~JOURNEY_SETTLED) - 1];
}

static void write_end(struct journey *journey, const struct tapir_packet *packet, tapir_instant now)
{
    journey->verdict = (uint16_t)packet->verdict;
    journey->answer = (uint16_t)packet->answer;
    journey->entry = packet->entry;
    journey->into = packet->into;
    journey->settled = now.ns;
}

static void end(struct journeys *book, uint32_t *place, const struct tapir_packet *packet, tapir_instant now)
{
    if (place == NULL)
        return;
    if ((*place & JOURNEY_SETTLED) != 0) {
        book->doubled++;
        return;
    }
    *place |= JOURNEY_SETTLED;
    book->verdicts++;
    book->met[packet->verdict]++;
    if (!book->only_counts)
        write_end(journey_at(book, place), packet, now);
}

void journey_settled(struct journeys *book, size_t node, const struct tapir_packet *packet, tapir_instant now)
{
    if (packet->within.origin == TAPIR_RECEIVED && tapir_fate(packet->verdict)->kind != TAPIR_HELD)
        end(book, place_of(book, node, packet->number), packet, now);
}

void journey_sent(struct journeys *book, size_t node, const struct tapir_packet *packet, uint64_t frame,
                  tapir_instant now)
{
    bool is_received = packet->within.origin == TAPIR_RECEIVED;
    uint32_t *place = place_of(book, node, is_received ? packet->number : packet->cause);
    if (is_received)
        end(book, place, packet, now);
    struct journey *journey = journey_at(book, place);
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

bool journeys_add_up(const struct journeys *book)
{
    return book->verdicts == book->read && book->doubled == 0 && !book->starved;
}

void journeys_destroy(struct journeys *book)
{
    if (book == NULL)
        return;
    for (size_t i = 0; i < book->network->n_nodes; i++)
        free(book->numbers[i].places);
    free(book->numbers);
    free(book->effects);
    free(book->list);
    free(book);
}
