/* Which of our addresses speaks: RFC 1122 3.3.4.3, RFC 1812 4.3.2.4. */
#include "route/source.h"

#include "tests/stack/route/homes.h"

#define TENTATIVE TAPIR_ADDRESS_TENTATIVE
#define READY     TAPIR_ADDRESS_READY
#define CONFLICT  TAPIR_ADDRESS_CONFLICT

/* By interface `iface` towards `next_hop`, `source` speaks. */
static const struct row {
    const char *sentence;
    struct home homes[HOMES];
    unsigned iface;
    uint32_t next_hop, source;
} rows[] = {
    {"a node without addresses has none to speak with", {{0}}, 1, IP(10, 1, 1, 9), 0},
    {"the address on the network of the next hop speaks",
     {{IP(10, 1, 1, 1), 24, 1, READY}, {IP(10, 1, 2, 1), 24, 1, READY}},
     1,
     IP(10, 1, 2, 9),
     IP(10, 1, 2, 1)},
    {"of two on that network the first speaks",
     {{IP(10, 1, 2, 1), 24, 1, READY}, {IP(10, 1, 2, 2), 24, 1, READY}},
     1,
     IP(10, 1, 2, 9),
     IP(10, 1, 2, 1)},
    {"the same network on another interface does not count",
     {{IP(10, 1, 2, 1), 24, 2, READY}, {IP(10, 1, 1, 1), 24, 1, READY}},
     1,
     IP(10, 1, 2, 9),
     IP(10, 1, 1, 1)},
    {"a next hop on none of our networks hears the first address of the interface",
     {{IP(10, 1, 1, 1), 24, 2, READY}, {IP(10, 1, 2, 1), 24, 1, READY}, {IP(10, 1, 3, 1), 24, 1, READY}},
     1,
     IP(192, 0, 2, 9),
     IP(10, 1, 2, 1)},
    {"an unnumbered interface borrows the first address of all",
     {{IP(10, 1, 1, 1), 24, 2, READY}, {IP(10, 1, 2, 1), 24, 3, READY}},
     1,
     IP(192, 0, 2, 9),
     IP(10, 1, 1, 1)},
    {"a TENTATIVE address does not speak, not even on its own network",
     {{IP(10, 1, 2, 1), 24, 1, TENTATIVE}, {IP(10, 1, 3, 1), 24, 1, READY}},
     1,
     IP(10, 1, 2, 9),
     IP(10, 1, 3, 1)},
    {"an address in CONFLICT does not speak",
     {{IP(10, 1, 2, 1), 24, 1, CONFLICT}, {IP(10, 1, 3, 1), 24, 2, READY}},
     1,
     IP(10, 1, 2, 9),
     IP(10, 1, 3, 1)},
    {"a READY address behind a TENTATIVE one of the network speaks",
     {{IP(10, 1, 2, 1), 24, 1, TENTATIVE}, {IP(10, 1, 2, 2), 24, 1, READY}},
     1,
     IP(10, 1, 2, 9),
     IP(10, 1, 2, 2)},
    {"where none is READY nobody speaks",
     {{IP(10, 1, 2, 1), 24, 1, TENTATIVE}, {IP(10, 1, 3, 1), 24, 2, CONFLICT}},
     1,
     IP(10, 1, 2, 9),
     0},
    {"one end of a /31 speaks to the other",
     {{IP(10, 1, 1, 1), 24, 1, READY}, {IP(10, 1, 2, 4), 31, 1, READY}},
     1,
     IP(10, 1, 2, 5),
     IP(10, 1, 2, 4)},
    {"one beyond a /31 does not hear it",
     {{IP(10, 1, 1, 1), 24, 1, READY}, {IP(10, 1, 2, 4), 31, 1, READY}},
     1,
     IP(10, 1, 2, 6),
     IP(10, 1, 1, 1)},
    {"a /32 has no network but itself",
     {{IP(10, 1, 1, 1), 32, 1, READY}, {IP(10, 1, 2, 1), 24, 1, READY}},
     1,
     IP(10, 1, 2, 9),
     IP(10, 1, 2, 1)},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct memory memory;
    struct addresses addresses;
    homes_begin(&addresses, &memory, row->homes);
    assert_int_equal(source_choose(&addresses, row->iface, (struct ip4){row->next_hop}).value, row->source);
    address_table_free(&addresses, &memory);
}

int main(void)
{
    return RUN_TABLE("source", rows, check);
}
