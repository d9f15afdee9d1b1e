/* The operation with the most to follow: an address and its routes. */
#ifndef APPLY_ADDRESS_H
#define APPLY_ADDRESS_H

#include "undo.h"

/* TAPIR_OP_ADDRESS: the address, and the routes that follow it: local, connected, broadcast. */
struct outcome apply_address(struct tapir *stack, const struct tapir_op *op, struct undo *undo);

/* Puts an address back that apply_address removed. */
void restore_address(struct tapir *stack, const struct undo *undo);

/* Lists an address in router advertisements, or leaves it out. */
struct outcome apply_advertise(struct tapir *stack, const struct tapir_op *op);

#endif
