/* Which addresses are ours: sentences about single answers, then random histories against a list that is
 * walked from end to end and knows networks only by the arithmetic of their masks. */
#include "route/address.h"

#include "tests/dice.h"
#include "tests/stack/route/homes.h"

#define TENTATIVE TAPIR_ADDRESS_TENTATIVE
#define READY     TAPIR_ADDRESS_READY
#define CONFLICT  TAPIR_ADDRESS_CONFLICT

/* ---- single answers ------------------------------------------------------------------------------------ */

/* On interface `iface` it is asked about `asked`; it is `kind` through home `home` (from 0). */
static const struct row {
    const char *sentence;
    struct home homes[HOMES];
    uint32_t asked;
    unsigned iface;
    enum address_kind kind;
    unsigned home;
} rows[] = {
    {"nothing is special to a node without addresses", {{0}}, IP(10, 1, 2, 3), 1, ADDRESS_NOTHING, 0},
    {"zero is nothing special to a node without addresses", {{0}}, 0, 1, ADDRESS_NOTHING, 0},
    {"a READY address is ours", {{IP(10, 1, 2, 3), 24, 1, READY}}, IP(10, 1, 2, 3), 1, ADDRESS_OURS, 0},
    {"it is ours whatever interface asks",
     {{IP(10, 1, 2, 3), 24, 1, READY}},
     IP(10, 1, 2, 3),
     9,
     ADDRESS_OURS,
     0},
    {"a neighbor on its network is nothing special",
     {{IP(10, 1, 2, 3), 24, 1, READY}},
     IP(10, 1, 2, 4),
     1,
     ADDRESS_NOTHING,
     0},
    {"a TENTATIVE address is not ours yet",
     {{IP(10, 1, 2, 3), 24, 1, TENTATIVE}},
     IP(10, 1, 2, 3),
     1,
     ADDRESS_NOTHING,
     0},
    {"an address in CONFLICT is ours no more",
     {{IP(10, 1, 2, 3), 24, 1, CONFLICT}},
     IP(10, 1, 2, 3),
     1,
     ADDRESS_NOTHING,
     0},
    {"all ones of a /24 is its broadcast",
     {{IP(10, 1, 2, 3), 24, 1, READY}},
     IP(10, 1, 2, 255),
     1,
     ADDRESS_BROADCAST,
     0},
    {"all zeros of a /24 is its zero host",
     {{IP(10, 1, 2, 3), 24, 1, READY}},
     IP(10, 1, 2, 0),
     1,
     ADDRESS_ZERO_HOST,
     0},
    {"a broadcast is one while the address is TENTATIVE",
     {{IP(10, 1, 2, 3), 24, 1, TENTATIVE}},
     IP(10, 1, 2, 255),
     1,
     ADDRESS_BROADCAST,
     0},
    {"a zero host is one while the address is in CONFLICT",
     {{IP(10, 1, 2, 3), 24, 1, CONFLICT}},
     IP(10, 1, 2, 0),
     1,
     ADDRESS_ZERO_HOST,
     0},
    {"a /30 has a broadcast", {{IP(10, 1, 2, 1), 30, 1, READY}}, IP(10, 1, 2, 3), 1, ADDRESS_BROADCAST, 0},
    {"the other end of a /31 is a host",
     {{IP(10, 1, 2, 2), 31, 1, READY}},
     IP(10, 1, 2, 3),
     1,
     ADDRESS_NOTHING,
     0},
    {"the lower end of a /31 is a host too",
     {{IP(10, 1, 2, 3), 31, 1, READY}},
     IP(10, 1, 2, 2),
     1,
     ADDRESS_NOTHING,
     0},
    {"a /31 of which we have both ends has two addresses",
     {{IP(10, 1, 2, 2), 31, 1, READY}, {IP(10, 1, 2, 3), 31, 2, READY}},
     IP(10, 1, 2, 3),
     1,
     ADDRESS_OURS,
     1},
    {"a /32 is ours and not its own broadcast",
     {{IP(10, 1, 2, 3), 32, 1, READY}},
     IP(10, 1, 2, 3),
     1,
     ADDRESS_OURS,
     0},
    {"a TENTATIVE /32 leaves nothing special",
     {{IP(10, 1, 2, 3), 32, 1, TENTATIVE}},
     IP(10, 1, 2, 3),
     1,
     ADDRESS_NOTHING,
     0},
    {"a shared broadcast is found on the interface where it arrived",
     {{IP(10, 1, 2, 3), 24, 1, READY}, {IP(10, 1, 2, 4), 24, 2, READY}},
     IP(10, 1, 2, 255),
     2,
     ADDRESS_BROADCAST,
     1},
    {"and on the other one when it arrived there",
     {{IP(10, 1, 2, 3), 24, 1, READY}, {IP(10, 1, 2, 4), 24, 2, READY}},
     IP(10, 1, 2, 255),
     1,
     ADDRESS_BROADCAST,
     0},
    {"of two on one interface that share it the first is found",
     {{IP(10, 1, 2, 3), 24, 1, READY}, {IP(10, 1, 2, 4), 24, 1, READY}},
     IP(10, 1, 2, 255),
     1,
     ADDRESS_BROADCAST,
     0},
    {"and of two on other interfaces",
     {{IP(10, 1, 2, 3), 24, 1, READY}, {IP(10, 1, 2, 4), 24, 2, READY}},
     IP(10, 1, 2, 255),
     3,
     ADDRESS_BROADCAST,
     0},
    {"networks of two lengths share a broadcast",
     {{IP(10, 1, 2, 3), 16, 1, READY}, {IP(10, 1, 255, 4), 24, 2, READY}},
     IP(10, 1, 255, 255),
     2,
     ADDRESS_BROADCAST,
     1},
    {"ours on another interface comes before a broadcast on this one",
     {{IP(10, 1, 2, 3), 24, 1, READY}, {IP(10, 1, 2, 255), 16, 2, READY}},
     IP(10, 1, 2, 255),
     1,
     ADDRESS_OURS,
     1},
    {"a zero host is found through the network that it begins",
     {{IP(10, 1, 2, 3), 23, 1, READY}, {IP(10, 1, 3, 129), 25, 1, READY}},
     IP(10, 1, 3, 128),
     1,
     ADDRESS_ZERO_HOST,
     1},
    {"the wrap of the address space is a network like others",
     {{IP(255, 255, 255, 1), 24, 1, READY}},
     IP(255, 255, 255, 255),
     1,
     ADDRESS_BROADCAST,
     0},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct memory memory;
    struct addresses addresses;
    const struct address *found = NULL;
    homes_begin(&addresses, &memory, row->homes);
    assert_int_equal(address_lookup(&addresses, (struct ip4){row->asked}, row->iface, &found), row->kind);
    assert_int_equal(address_lookup(&addresses, (struct ip4){row->asked}, row->iface, NULL), row->kind);
    if (row->kind != ADDRESS_NOTHING)
        assert_ptr_equal(found, &addresses.list[row->home]);
    address_table_free(&addresses, &memory);
    assert_int_equal(memory.used, 0);
}

/* ---- the model ----------------------------------------------------------------------------------------- */

enum {
    LIMIT = 12,
    IFACES = 3,
    STEPS = 3000
};

static struct home model[LIMIT]; /* by place; length 0: free, so no /0 in a history */
static struct memory memory;
static struct addresses addresses;

/* Addresses of a network of `length`. */
static uint64_t room(uint8_t length)
{
    return UINT64_C(1) << (32 - length);
}

static enum address_kind model_kind(const struct home *home, uint32_t ip)
{
    if (home->length == 0)
        return ADDRESS_NOTHING;
    if (home->state == READY && home->ip == ip)
        return ADDRESS_OURS;
    if (home->length > 30 || ip / room(home->length) != home->ip / room(home->length))
        return ADDRESS_NOTHING;
    if (ip % room(home->length) == room(home->length) - 1)
        return ADDRESS_BROADCAST;
    return ip % room(home->length) == 0 ? ADDRESS_ZERO_HOST : ADDRESS_NOTHING;
}

/* The best kind that any home gives; of those of that kind one on `iface`, where there is one. */
static void same_lookup(uint32_t ip, unsigned iface)
{
    static const enum address_kind order[] = {ADDRESS_OURS, ADDRESS_BROADCAST, ADDRESS_ZERO_HOST};
    enum address_kind expected = ADDRESS_NOTHING;
    bool is_here = false;
    for (size_t k = 0; k < 3 && expected == ADDRESS_NOTHING; k++)
        for (size_t i = 0; i < LIMIT; i++)
            if (model_kind(&model[i], ip) == order[k]) {
                expected = order[k];
                is_here = is_here || model[i].iface == iface;
            }
    const struct address *found = NULL;
    assert_int_equal(address_lookup(&addresses, (struct ip4){ip}, iface, &found), expected);
    if (expected == ADDRESS_NOTHING)
        return;
    assert_int_equal(model_kind(&model[found - addresses.list], ip), expected);
    assert_int_equal(found->iface == iface, is_here);
}

static void same_find(uint32_t ip, unsigned iface)
{
    const struct address *found = address_find(&addresses, iface, (struct ip4){ip});
    const struct address *towards = address_towards(&addresses, iface, (struct ip4){ip});
    size_t exact = 0, network = 0;
    while (exact < LIMIT &&
           !(model[exact].length != 0 && model[exact].iface == iface && model[exact].ip == ip))
        exact++;
    while (network < LIMIT &&
           !(model[network].length != 0 && model[network].iface == iface && model[network].state == READY &&
             model[network].ip / room(model[network].length) == ip / room(model[network].length)))
        network++;
    assert_ptr_equal(found, exact == LIMIT ? NULL : &addresses.list[exact]);
    assert_ptr_equal(towards, network == LIMIT ? NULL : &addresses.list[network]);
}

static void same_listing(void)
{
    uint64_t cursor = 0;
    uint32_t count = 0;
    for (size_t i = 0; i < LIMIT; i++) {
        if (model[i].length == 0)
            continue;
        assert_ptr_equal(address_next(&addresses, &cursor), &addresses.list[i]);
        count++;
    }
    assert_null(address_next(&addresses, &cursor));
    assert_int_equal(addresses.count, count);
}

static void same_all(void)
{
    same_listing();
    for (size_t i = 0; i < LIMIT; i++) {
        uint32_t inside = (uint32_t)(room(model[i].length == 0 ? 32 : model[i].length) - 1);
        uint32_t all_ones = model[i].ip | inside, all_zeros = all_ones - inside;
        const uint32_t asked[] = {model[i].ip,  model[i].ip + 1, all_ones,
                                  all_ones + 1, all_zeros,       all_zeros - 1};
        for (size_t k = 0; k < sizeof asked / sizeof asked[0]; k++)
            for (unsigned iface = 0; iface < IFACES; iface++) {
                same_lookup(asked[k], iface);
                same_find(asked[k], iface);
            }
    }
}

/* ---- random histories ---------------------------------------------------------------------------------- */

/* Few networks, so that they nest, share their ends, and meet in the hash table. Each address is new to its interface. */
static struct home random_home(struct dice *dice)
{
    static const uint8_t lengths[] = {32, 31, 30, 29, 28, 24, 24, 23, 16, 8, 1};
    struct home home;
    do {
        uint32_t host = dice_below(dice, 4) == 0 ? 255 : dice_below(dice, 16);
        home = (struct home){IP(10, 1, dice_below(dice, 2) * 255, host), DICE_PICK(dice, lengths),
                             dice_below(dice, IFACES), (enum tapir_address_state)dice_below(dice, 3)};
    } while (address_find(&addresses, home.iface, (struct ip4){home.ip}) != NULL);
    return home;
}

static size_t free_place(void)
{
    size_t place = 0;
    while (place < LIMIT && model[place].length != 0)
        place++;
    return place;
}

static void add_both(struct dice *dice)
{
    struct home home = random_home(dice);
    size_t place = free_place();
    struct address *added =
        address_add(&addresses, home.iface, homes_prefix(home.ip, home.length), home.state);
    assert_ptr_equal(added, place == LIMIT ? NULL : &addresses.list[place]);
    if (place < LIMIT)
        model[place] = home;
}

/* Takes one out or, where there is none, puts one there: as an undone removal does. */
static void toggle_both(struct dice *dice)
{
    uint32_t place = dice_below(dice, LIMIT);
    if (model[place].length != 0) {
        address_remove(&addresses, &addresses.list[place]);
        model[place] = (struct home){0};
        return;
    }
    model[place] = random_home(dice);
    assert_ptr_equal(address_add_at(&addresses, place, model[place].iface,
                                    homes_prefix(model[place].ip, model[place].length), model[place].state),
                     &addresses.list[place]);
}

static void become_both(struct dice *dice)
{
    uint32_t place = dice_below(dice, LIMIT);
    if (model[place].length == 0)
        return;
    model[place].state = (enum tapir_address_state)dice_below(dice, 3);
    address_become(&addresses, &addresses.list[place], model[place].state);
    assert_int_equal(addresses.list[place].state, model[place].state);
}

static void a_random_history_agrees_with_the_model(void **state)
{
    (void)state;
    struct dice dice = dice_of(1);
    unsigned full = 0;
    memory = homes_memory();
    assert_true(address_table_init(&addresses, &memory, LIMIT));
    for (unsigned step = 0; step < STEPS; step++) {
        uint32_t choice = dice_below(&dice, 8);
        if (choice < 3)
            add_both(&dice);
        else if (choice < 6)
            toggle_both(&dice);
        else
            become_both(&dice);
        full += free_place() == LIMIT;
        same_all();
    }
    assert_true(full > STEPS / 100); /* the limit was met */
    address_table_free(&addresses, &memory);
    assert_int_equal(memory.used, 0);
}

static void a_full_table_takes_no_more_and_keeps_what_it_has(void **state)
{
    (void)state;
    memory = homes_memory();
    assert_true(address_table_init(&addresses, &memory, LIMIT));
    for (uint32_t i = 0; i < LIMIT; i++)
        assert_non_null(address_add(&addresses, 1, homes_prefix(IP(10, i, 0, 1), 16), READY));
    assert_null(address_add(&addresses, 1, homes_prefix(IP(10, LIMIT, 0, 1), 16), READY));
    for (uint32_t i = 0; i <= LIMIT; i++) {
        enum address_kind ours = i < LIMIT ? ADDRESS_OURS : ADDRESS_NOTHING;
        assert_int_equal(address_lookup(&addresses, (struct ip4){IP(10, i, 0, 1)}, 1, NULL), ours);
    }
    address_table_free(&addresses, &memory);
}

/* Three keys of each address fill it half at most (route/address.h), and no power of two less would do. */
static void the_table_of_keys_is_as_large_as_it_must_be(void **state)
{
    (void)state;
    for (uint32_t limit = 3; limit <= LIMIT; limit++) {
        memory = homes_memory();
        assert_true(address_table_init(&addresses, &memory, limit));
        assert_in_range(addresses.mask + 1, 6 * limit, 12 * limit - 1);
        assert_int_equal((addresses.mask + 1) & addresses.mask, 0);
        assert_int_equal(memory.used, limit * sizeof(struct address) +
                                          (addresses.mask + 1) * sizeof(struct address_special));
        address_table_free(&addresses, &memory);
    }
}

/* Keys that are looked at before a key is known not to be there. */
static unsigned steps_for(struct ip4 ip)
{
    unsigned steps = 0;
    for (uint32_t slot = address_slot(&addresses, ip); addresses.special[slot].place != 0; steps++)
        slot = (slot + 1) & addresses.mask;
    return steps;
}

/* Networks that differ in their second octets alone: what is said of a neighbor is said after a step or two. */
static void equal_hosts_of_many_networks_do_not_queue_up(void **state)
{
    (void)state;
    enum {
        NETWORKS = 200
    };
    unsigned steps = 0;
    memory = homes_memory();
    assert_true(address_table_init(&addresses, &memory, NETWORKS));
    for (uint32_t i = 0; i < NETWORKS; i++)
        assert_non_null(address_add(&addresses, i, homes_prefix(IP(10, i, 1, 1), 24), READY));
    for (uint32_t i = 0; i < NETWORKS; i++)
        for (uint32_t host = 2; host < 12; host++)
            steps += steps_for((struct ip4){IP(10, i, 1, host)});
    assert_in_range(steps, 1, 2 * 10 * NETWORKS);
    address_table_free(&addresses, &memory);
}

static void a_table_without_memory_says_so_and_can_be_freed(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 8192; limit *= 2) {
        memory = homes_memory();
        memory.limit = limit;
        bool enough = address_table_init(&addresses, &memory, LIMIT);
        assert_int_equal(enough, addresses.list != NULL && addresses.special != NULL);
        address_table_free(&addresses, &memory);
        assert_int_equal(memory.used, 0);
    }
}

/* A list ends where it ends, be what follows it in memory an address or room for one. */
static void nobody_looks_behind_the_list(void **state)
{
    (void)state;
    const struct ip4 beyond = {IP(192, 0, 2, 7)};
    for (int taken = 0; taken < 2; taken++) {
        uint64_t cursor = 0, ready = 0;
        homes_beyond =
            (struct address){.prefix = {beyond, 24}, .iface = 5, .state = READY, .used = taken == 1};
        memory = homes_memory();
        assert_true(address_table_init(&addresses, &memory, 1));
        assert_non_null(address_add(&addresses, 5, homes_prefix(IP(10, 1, 2, 3), 24), READY));
        assert_null(address_add(&addresses, 5, homes_prefix(IP(10, 2, 2, 3), 24), READY));
        assert_null(address_find(&addresses, 5, beyond));
        assert_null(address_towards(&addresses, 5, beyond));
        assert_int_equal(address_lookup(&addresses, beyond, 5, NULL), ADDRESS_NOTHING);
        assert_non_null(address_next(&addresses, &cursor));
        assert_null(address_next(&addresses, &cursor));
        assert_non_null(address_next_ready(&addresses, 5, &ready));
        assert_null(address_next_ready(&addresses, 5, &ready));
        address_table_free(&addresses, &memory);
    }
    homes_beyond = (struct address){.used = false};
}

static void the_ready_ones_of_an_interface_come_in_order(void **state)
{
    (void)state;
    static const struct home all[HOMES] = {{IP(10, 0, 0, 1), 24, 1, TENTATIVE},
                                           {IP(10, 0, 1, 1), 24, 1, READY},
                                           {IP(10, 0, 2, 1), 24, 2, READY},
                                           {IP(10, 0, 3, 1), 24, 1, READY}};
    uint64_t cursor = 0;
    homes_begin(&addresses, &memory, all);
    assert_ptr_equal(address_next_ready(&addresses, 1, &cursor), &addresses.list[1]);
    assert_ptr_equal(address_next_ready(&addresses, 1, &cursor), &addresses.list[3]);
    assert_null(address_next_ready(&addresses, 1, &cursor));
    assert_int_equal(addresses.list[3].event.event.iface, 1); /* what its events will tell */
    assert_int_equal(addresses.list[3].event.event.address.value, IP(10, 0, 3, 1));
    assert_int_equal(addresses.list[3].timer.kind, TIMER_ADDRESS);
    addresses.list[3].sent = 3;
    address_become(&addresses, &addresses.list[3], CONFLICT);
    assert_int_equal(addresses.list[3].sent, 0);
    address_table_free(&addresses, &memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_random_history_agrees_with_the_model),
        cmocka_unit_test(a_full_table_takes_no_more_and_keeps_what_it_has),
        cmocka_unit_test(the_table_of_keys_is_as_large_as_it_must_be),
        cmocka_unit_test(nobody_looks_behind_the_list),
        cmocka_unit_test(the_ready_ones_of_an_interface_come_in_order),
        cmocka_unit_test(equal_hosts_of_many_networks_do_not_queue_up),
        cmocka_unit_test(a_table_without_memory_says_so_and_can_be_freed),
    };
    return RUN_TABLE("address", rows, check) + cmocka_run_group_tests(tests, NULL, NULL);
}
