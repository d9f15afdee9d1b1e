#include "tap/agenda.h"

#include <stdlib.h>

static bool is_earlier(const struct agenda_entry *a, const struct agenda_entry *b)
{
    return a->due != b->due ? a->due < b->due : a->place < b->place;
}

bool agenda_init(struct agenda *agenda, size_t n)
{
    *agenda = (struct agenda){.heap = calloc(n + 1, sizeof *agenda->heap),
                              .at = calloc(n + 1, sizeof *agenda->at),
                              .n = (uint32_t)n};
    if (agenda->heap == NULL || agenda->at == NULL)
        return false;
    for (uint32_t i = 0; i < agenda->n; i++) {
        agenda->heap[i] = (struct agenda_entry){TAPIR_NEVER.ns, i};
        agenda->at[i] = i;
    }
    return true;
}

void agenda_free(struct agenda *agenda)
{
    free(agenda->heap);
    free(agenda->at);
}

static void put(struct agenda *agenda, uint32_t at, struct agenda_entry entry)
{
    agenda->heap[at] = entry;
    agenda->at[entry.place] = at;
}

/* Moves what is later than `entry` down, from `at` up; returns where the entry belongs. */
static uint32_t rise(struct agenda *agenda, uint32_t at, const struct agenda_entry *entry)
{
    while (at > 0 && is_earlier(entry, &agenda->heap[(at - 1) / 2])) {
        put(agenda, at, agenda->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    return at;
}

static uint32_t sink(struct agenda *agenda, uint32_t at, const struct agenda_entry *entry)
{
    for (uint32_t child = 2 * at + 1; child < agenda->n; child = 2 * at + 1) {
        if (child + 1 < agenda->n && is_earlier(&agenda->heap[child + 1], &agenda->heap[child]))
            child++;
        if (!is_earlier(&agenda->heap[child], entry))
            break;
        put(agenda, at, agenda->heap[child]);
        at = child;
    }
    return at;
}

void agenda_set(struct agenda *agenda, uint32_t place, tapir_instant due)
{
    struct agenda_entry entry = {due.ns, place};
    uint32_t at = rise(agenda, agenda->at[place], &entry);
    put(agenda, sink(agenda, at, &entry), entry);
}
