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
    struct address was;    /* an address that was removed, its probing included */
    bool was_armed;        /* and its timer */
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

/* An address is back that was removed: so is its state. */
void apply_address_state(struct tapir *stack, const struct undo *undo);

#endif
