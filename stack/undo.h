/* What an operation leaves: its result, and what takes it back. Next: apply.c. */
#ifndef UNDO_H
#define UNDO_H

#include "state.h"

/* What takes an operation back. */
struct undo {
    struct tapir_op op;    /* to be applied, when nothing below is set */
    struct iface *removed; /* an interface to be put back */
    bool flushes;          /* a network went, and with it its neighbors when the list is committed */
    bool forgets_own;      /* a setting was not the interface's own before */
    bool forgets_clock;    /* the wall clock was unknown before */
    struct address was;    /* an address that was removed, with its state and timer */
    uint32_t place;        /* of it in the list: the order of addresses chooses sources */
};

/* The result of one operation; `why` is set when it is not TAPIR_OK. */
struct outcome {
    enum tapir_result result;
    const char *why;
};

static inline struct outcome outcome_ok(void)
{
    return (struct outcome){TAPIR_OK, NULL};
}

static inline struct outcome outcome_no(enum tapir_result result, const char *why)
{
    return (struct outcome){result, why};
}

#endif
