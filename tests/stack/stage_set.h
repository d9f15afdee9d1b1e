/* A stack in memory that counts, for the tests of control: operations as one-liners, all tables as one text,
 * and an allocation that fails when it is told to. */
#ifndef TESTS_STACK_STAGE_SET_H
#define TESTS_STACK_STAGE_SET_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

#include "tests/blocks.h"
#include "tests/table.h"

#define NOW ((tapir_instant){1000})
#define ADDRESS(a)    \
    {                 \
        (uint32_t)(a) \
    }
#define A4(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* ---- operations ---- */

#define ADD_IFACE(n)                                             \
    {                                                            \
        .kind = TAPIR_OP_INTERFACE, .iface = (n), .interface = { \
            .name = "if" #n,                                     \
            .mac = {{2, 0, 0, 0, 0, n}},                         \
            .mtu = 1500                                          \
        }                                                        \
    }
#define DEL_IFACE(n)                                             \
    {                                                            \
        .kind = TAPIR_OP_INTERFACE, .iface = (n), .remove = true \
    }
#define LINK(n, is_up)                                                \
    {                                                                 \
        .kind = TAPIR_OP_LINK, .iface = (n), .link = {.up = (is_up) } \
    }
#define ADD_ADDRESS(n, a, l)                                          \
    {                                                                 \
        .kind = TAPIR_OP_ADDRESS, .iface = (n), .address = { {a}, l } \
    }
#define DEL_ADDRESS(n, a, l)                                                        \
    {                                                                               \
        .kind = TAPIR_OP_ADDRESS, .iface = (n), .address = {{a}, l}, .remove = true \
    }
#define ADD_ROUTE(p, l, v)                                                 \
    {                                                                      \
        .kind = TAPIR_OP_ROUTE, .route = {.prefix = {{p}, l}, .via = {v} } \
    }
#define DEL_ROUTE(p, l, v)                                                                \
    {                                                                                     \
        .kind = TAPIR_OP_ROUTE, .route = {.prefix = {{p}, l}, .via = {v}}, .remove = true \
    }
#define ADD_KIND(p, l, k)                                                   \
    {                                                                       \
        .kind = TAPIR_OP_ROUTE, .route = {.prefix = {{p}, l}, .kind = (k) } \
    }
#define DEL_KIND(p, l, k)                                                                  \
    {                                                                                      \
        .kind = TAPIR_OP_ROUTE, .route = {.prefix = {{p}, l}, .kind = (k)}, .remove = true \
    }
#define ADD_NEIGHBOR(n, a)                                                                 \
    {                                                                                      \
        .kind = TAPIR_OP_NEIGHBOR, .iface = (n), .neighbor = { {a}, {{2, 9, 9, 9, 9, 9}} } \
    }
#define DEL_NEIGHBOR(n, a)                                                                    \
    {                                                                                         \
        .kind = TAPIR_OP_NEIGHBOR, .iface = (n), .neighbor = {.address = {a}}, .remove = true \
    }
#define SET(n, s, v)                                                    \
    {                                                                   \
        .kind = TAPIR_OP_SET, .iface = (n), .set = { TAPIR_SET_##s, v } \
    }
#define CLOCK(ns)                               \
    {                                           \
        .kind = TAPIR_OP_CLOCK, .clock = { ns } \
    }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- memory ---- */

struct stage_set {
    struct tapir *stack;
    size_t octets, blocks;   /* given out now */
    unsigned asked, fail_at; /* allocations so far; the one that fails, from 1; 0: none */
    bool fails_on;           /* all later ones fail too */
};

static inline void *set_allocate(void *context, size_t size)
{
    struct stage_set *set = context;
    set->asked++;
    if (set->fail_at != 0 && (set->asked == set->fail_at || (set->fails_on && set->asked > set->fail_at)))
        return NULL;
    void *block = block_take(size);
    assert_non_null(block);
    set->octets += size;
    set->blocks++;
    return block;
}

static inline void set_release(void *context, void *block, size_t size)
{
    struct stage_set *set = context;
    assert_true(set->octets >= size && set->blocks > 0);
    set->octets -= size;
    set->blocks--;
    block_give(block, size);
}

/* A stack without interfaces. False: it found no memory. */
static inline bool set_create(struct stage_set *set, const struct tapir_limits *limits)
{
    struct tapir_config config = {.seed = "the stage is set", .observe = true};
    const struct tapir_memory memory = {set_allocate, set_release, set, false};
    if (limits != NULL)
        config.limits = *limits;
    set->stack = tapir_create(&config, &memory, NOW);
    return set->stack != NULL;
}

/* Small, so that many can be made. */
static inline bool set_create_small(struct stage_set *set)
{
    return set_create(set, &(struct tapir_limits){.interfaces = 4,
                                                  .addresses = 6,
                                                  .routes = 40,
                                                  .neighbors = 8,
                                                  .sockets = 2,
                                                  .store_small = 4,
                                                  .store_medium = 4,
                                                  .store_large = 1});
}

static inline void set_destroy(struct stage_set *set)
{
    tapir_destroy(set->stack);
    assert_int_equal(set->octets, 0);
    assert_int_equal(set->blocks, 0);
}

/* Applies what must succeed. */
static inline void set_apply(struct stage_set *set, const struct tapir_op ops[], size_t n)
{
    struct tapir_fault fault = {0};
    if (tapir_apply(set->stack, ops, n, &fault, NOW) != TAPIR_OK)
        fail_msg("operation %zu: %s", fault.op, fault.why);
}

#endif
