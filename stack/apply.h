/* Operations: each changes one thing, and says how to take it back. Next: apply_address.c for the longest
 * one. */
#ifndef APPLY_H
#define APPLY_H

#include "state.h"

/* What takes an operation back. */
struct undo {
    struct tapir_op op;    /* to be applied, when nothing below is set */
    struct iface *removed; /* an interface to be put back */
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

/* TAPIR_OP_ADDRESS: the address, and the routes that follow it: local, connected, broadcast. */
struct outcome apply_address(struct tapir *stack, const struct tapir_op *op, struct undo *undo);

/* Puts an address back that apply_address removed. */
void restore_address(struct tapir *stack, const struct undo *undo);

#endif
