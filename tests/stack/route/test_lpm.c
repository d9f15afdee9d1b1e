/* The trie against a naive model: a hash table of prefixes that is asked once for each length. */
#include "tests/table.h"

#include <stdlib.h>
#include <string.h>

#include "route/lpm.h"
#include "tests/stack/heap.h"

enum {
    PREFIXES = 100000,
    MODEL_SLOTS = 1 << 19 /* as many as the hash has values */
};

/* ---- memory that can fail ------------------------------------------------------------------------------ */

/* ---- the model ----------------------------------------------------------------------------------------- */

struct entry {
    uint32_t address, value; /* value 0: removed */
    uint8_t length;
    bool used;
};

static struct entry model[MODEL_SLOTS];
static uint32_t model_count;

static uint32_t cut(uint32_t address, unsigned length)
{
    return length == 0 ? 0 : address & ~(uint32_t)0 << (32 - length);
}

static struct entry *model_at(uint32_t address, unsigned length)
{
    uint32_t at = ((cut(address, length) ^ length) * 2654435761u) >> 13;
    for (; model[at].used; at = (at + 1) % MODEL_SLOTS)
        if (model[at].address == cut(address, length) && model[at].length == length)
            break;
    return &model[at];
}

static void model_set(uint32_t address, unsigned length, uint32_t value)
{
    struct entry *entry = model_at(address, length);
    model_count += value != 0;
    model_count -= entry->value != 0;
    *entry = (struct entry){cut(address, length), value, (uint8_t)length, true};
}

static uint32_t model_lookup(uint32_t address)
{
    for (unsigned length = 33; length-- > 0;) {
        const struct entry *entry = model_at(address, length);
        if (entry->value != 0)
            return entry->value;
    }
    return 0;
}

/* ---- chance -------------------------------------------------------------------------------------------- */

static uint64_t random_state;

static uint32_t random32(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(random_state >> 32);
}

/* All lengths, mostly /16 to /24; one address in six crowds in a few networks so that prefixes nest. */
static struct ip4_prefix random_prefix(void)
{
    static const uint8_t common[16] = {24, 24, 24, 24, 24, 23, 22, 21, 20, 19, 18, 16, 32, 31, 30, 29};
    uint32_t length = random32() % 8 == 0 ? random32() % 33 : common[random32() % 16];
    uint32_t address = random32();
    if (random32() % 6 == 0)
        address = 0x0a000000 | (address & 0x000703ff);
    return (struct ip4_prefix){{cut(address, length)}, (uint8_t)length};
}

/* ---- comparisons --------------------------------------------------------------------------------------- */

static struct memory memory;
static struct lpm lpm;

static void same_lookup(uint32_t address)
{
    assert_int_equal(lpm_lookup(&lpm, (struct ip4){address}), model_lookup(address));
}

/* Both ends of a prefix and their neighbors outside. */
static void same_edges(struct ip4_prefix prefix)
{
    uint32_t first = prefix.address.value;
    uint32_t last = first | (prefix.length == 0 ? UINT32_MAX : ~cut(UINT32_MAX, prefix.length));
    same_lookup(first);
    same_lookup(last);
    same_lookup(first - 1);
    same_lookup(last + 1);
}

static int by_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return x->length - y->length;
}

static uint64_t key_of(const struct entry *entry)
{
    return (uint64_t)entry->address << 6 | entry->length;
}

/* The first of the sorted ones that is not before the cursor, found by halving, is the next one. */
static void same_next(const struct entry sorted[], uint32_t n, uint64_t cursor)
{
    uint32_t low = 0, high = n, value;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        *(key_of(&sorted[middle]) < cursor ? &low : &high) = middle + (key_of(&sorted[middle]) < cursor);
    }
    struct ip4_prefix prefix;
    assert_int_equal(lpm_next(&lpm, &cursor, &prefix, &value), low < n);
    if (low == n)
        return;
    assert_int_equal(prefix.address.value, sorted[low].address);
    assert_int_equal(prefix.length, sorted[low].length);
    assert_int_equal(value, sorted[low].value);
    assert_int_equal(cursor, key_of(&sorted[low]) + 1);
}

static void same_listing(void)
{
    struct entry *sorted = malloc((model_count + 1) * sizeof *sorted);
    assert_non_null(sorted);
    uint32_t n = 0, value;
    for (size_t i = 0; i < MODEL_SLOTS; i++)
        if (model[i].value != 0)
            sorted[n++] = model[i];
    assert_int_equal(n, model_count);
    qsort(sorted, n, sizeof *sorted, by_order);
    uint64_t cursor = 0;
    struct ip4_prefix prefix;
    for (uint32_t i = 0; i < n; i++) {
        assert_true(lpm_next(&lpm, &cursor, &prefix, &value));
        assert_int_equal(prefix.address.value, sorted[i].address);
        assert_int_equal(prefix.length, sorted[i].length);
        assert_int_equal(value, sorted[i].value);
    }
    assert_false(lpm_next(&lpm, &cursor, &prefix, &value));
    assert_int_equal(lpm.count, n);
    for (int i = 0; i < 2000; i++) { /* from anywhere, and from right behind or before one of them */
        const struct entry *near = &sorted[n == 0 ? 0 : random32() % n];
        cursor = n == 0 || i % 4 == 0 ? random32() * UINT64_C(64) + random32() % 64
                                      : ((uint64_t)near->address << 6) + near->length + random32() % 130 - 65;
        same_next(sorted, n, cursor & ((UINT64_C(1) << 38) - 1));
    }
    free(sorted);
}

/* One in four is the one before it again; so may be what stands before the first. */
static void same_batch(void)
{
    struct ip4 row[101] = {{random32()}}, *addresses = &row[1];
    uint32_t values[101];
    for (size_t n = 0; n <= 100; n += n < 34 ? 1 : 33) {
        for (size_t i = 1; i <= n; i++) {
            row[i] = random32() % 2 ? random_prefix().address : (struct ip4){random32()};
            if (random32() % 4 == 0)
                row[i] = row[i - 1];
        }
        values[n] = 4711;
        lpm_lookup_batch(&lpm, addresses, values, n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(values[i], model_lookup(addresses[i].value));
        assert_int_equal(values[n], 4711);
    }
}

static void begin(uint64_t seed)
{
    random_state = seed;
    heap_is_used_up = false;
    memset(model, 0, sizeof model);
    model_count = 0;
    memory = heap_memory();
    lpm_init(&lpm, &memory);
}

static void insert_both(struct ip4_prefix prefix, uint32_t value)
{
    assert_true(lpm_insert(&lpm, prefix, value));
    model_set(prefix.address.value, prefix.length, value);
    assert_int_equal(lpm_exact(&lpm, prefix), value);
}

static void remove_both(struct ip4_prefix prefix)
{
    bool there = model_at(prefix.address.value, prefix.length)->value != 0;
    assert_int_equal(lpm_remove(&lpm, prefix), there);
    if (there)
        model_set(prefix.address.value, prefix.length, 0);
    assert_int_equal(lpm_exact(&lpm, prefix), 0);
    assert_int_equal(lpm.count, model_count);
}

/* Removes all that the model has, from a random place on. */
static void remove_all(void)
{
    uint32_t start = random32();
    for (uint32_t i = 0; i < MODEL_SLOTS; i++) {
        const struct entry *entry = &model[(start + i) % MODEL_SLOTS];
        if (entry->value != 0)
            remove_both((struct ip4_prefix){{entry->address}, entry->length});
    }
    assert_int_equal(lpm.count, 0);
    assert_int_equal(memory.used, 0);
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static void an_empty_table_has_no_memory(void **state)
{
    (void)state;
    begin(1);
    assert_true(sizeof lpm <= 4096);
    assert_int_equal(memory.used, 0);
    same_edges((struct ip4_prefix){{0}, 0});
    assert_false(lpm_remove(&lpm, (struct ip4_prefix){{0}, 0}));
    same_listing();
    insert_both((struct ip4_prefix){{0x0a000000}, 32}, 1);
    assert_true(memory.used <= 128 * 1024 + 4096 + 64);
    assert_true(lpm_remove(&lpm, (struct ip4_prefix){{0x0a000000}, 32}));
    assert_int_equal(memory.used, 0);
    insert_both((struct ip4_prefix){{0x0a000000}, 12}, 1);
    assert_true(memory.used <= 4096 + 64);
    lpm_free(&lpm);
    assert_int_equal(memory.used, 0);
}

static void host_bits_do_not_count(void **state)
{
    (void)state;
    begin(2);
    assert_true(lpm_insert(&lpm, (struct ip4_prefix){{0x0a0102ff}, 24}, 7));
    assert_int_equal(lpm_exact(&lpm, (struct ip4_prefix){{0x0a010200}, 24}), 7);
    assert_int_equal(lpm_lookup(&lpm, (struct ip4){0x0a010203}), 7);
    assert_true(lpm_remove(&lpm, (struct ip4_prefix){{0x0a010203}, 24}));
    assert_int_equal(memory.used, 0);
}

/* Every length at once around one address, and the address itself at each step of removal. */
static void all_lengths_nest(void **state)
{
    (void)state;
    begin(3);
    for (unsigned length = 0; length <= 32; length++)
        insert_both((struct ip4_prefix){{cut(0xc0a80155, length)}, (uint8_t)length}, length + 1);
    same_listing();
    for (unsigned length = 33; length-- > 0;) {
        assert_int_equal(lpm_lookup(&lpm, (struct ip4){0xc0a80155}), length + 1);
        remove_both((struct ip4_prefix){{cut(0xc0a80155, length)}, (uint8_t)length});
    }
    assert_int_equal(memory.used, 0);
}

static void a_full_node_holds(void **state)
{
    (void)state;
    begin(4);
    for (uint32_t i = 0; i < 64; i++)
        for (unsigned length = 19; length <= 32; length += length == 24 ? 8 : 1)
            insert_both((struct ip4_prefix){{cut(0x0a000000 | i << 8, length)}, (uint8_t)length},
                        1 + i + length);
    for (uint32_t address = 0x09ffff00; address < 0x0a004100; address += 16)
        same_lookup(address);
    same_listing();
    remove_all();
}

/* Grows to 100,000 prefixes with one removal in ten, shrinks to a half with one insertion in ten, then to
 * none. */
static void a_random_table_agrees_with_the_model(void **state)
{
    (void)state;
    begin(5);
    struct ip4_prefix *known = malloc(PREFIXES * 2 * sizeof *known);
    assert_non_null(known);
    uint32_t n = 0;
    for (bool growing = true; growing || model_count > PREFIXES / 2;) {
        bool insert = n == 0 || (random32() % 10 < 9) == growing;
        struct ip4_prefix prefix = insert ? random_prefix() : known[random32() % n];
        if (insert) {
            insert_both(prefix, random32() | 1);
            known[n < PREFIXES * 2 ? n++ : random32() % n] = prefix;
        } else {
            remove_both(prefix);
        }
        if (random32() % 8 == 0)
            same_edges(prefix);
        growing = growing && model_count < PREFIXES;
        if (!growing && model_count == PREFIXES)
            same_listing();
    }
    free(known);
    for (int i = 0; i < 50000; i++)
        same_lookup(random32());
    same_listing();
    same_batch();
    remove_all();
}

/* Where the walks of a batch end at different depths, most of them in the root. */
static void batches_agree_in_a_flat_table(void **state)
{
    (void)state;
    begin(9);
    same_batch();
    for (unsigned length = 1; length <= 5; length++)
        insert_both((struct ip4_prefix){{cut(0x84000000, length)}, (uint8_t)length}, length);
    same_batch();
    insert_both((struct ip4_prefix){{0x0a000000}, 12}, 12);
    insert_both((struct ip4_prefix){{0x0a010200}, 24}, 24);
    for (int i = 0; i < 20; i++)
        same_batch();
    remove_all();
}

static void same_lookups(const struct ip4 addresses[], size_t n)
{
    uint32_t values[8];
    lpm_lookup_batch(&lpm, addresses, values, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(values[i], model_lookup(addresses[i].value));
        same_lookup(addresses[i].value);
    }
}

/* A prefix of each length, and one as long or longer that branches off in its last bit: the way of an address goes down as far
 * as the longer one, and its match lies up again, or nowhere. */
static void a_match_may_lie_above_the_last_node(void **state)
{
    (void)state;
    begin(12);
    for (unsigned longer = 1; longer <= 32; longer++)
        for (unsigned length = 0; length <= longer; length++) {
            uint32_t in = 0xac15a5a5, beside = in ^ 0x80000000 >> (longer - 1);
            const struct ip4 addresses[] = {{in}, {in}, {beside}, {beside}, {beside}, {in}, {~in}, {in}};
            struct ip4_prefix around = {{cut(in, length)}, (uint8_t)length};
            struct ip4_prefix off = {{cut(beside, longer)}, (uint8_t)longer};
            insert_both(off, 2);
            same_lookups(addresses, 8);
            insert_both(around, 1);
            same_lookups(addresses, 8);
            remove_both(off);
            same_lookups(addresses, 8);
            remove_both(around);
        }
    assert_int_equal(memory.used, 0);
}

static void memory_does_not_creep(void **state)
{
    (void)state;
    begin(6);
    while (model_count < 20000)
        insert_both(random_prefix(), 1);
    size_t before = memory.used;
    struct entry *all = malloc(sizeof model);
    assert_non_null(all);
    memcpy(all, model, sizeof model);
    for (int round = 0; round < 10; round++)
        for (size_t i = 0; i < MODEL_SLOTS; i++) {
            struct ip4_prefix prefix = {{all[i].address}, all[i].length};
            if (all[i].value == 0 || random32() % 2 == 0)
                continue;
            assert_true(lpm_remove(&lpm, prefix));
            assert_true(lpm_insert(&lpm, prefix, all[i].value));
        }
    free(all);
    assert_true(memory.used <= before + before / 4);
    same_listing();
    lpm_free(&lpm);
    assert_int_equal(memory.used, 0);
}

/* Each insertion is first tried without memory: it works from what is free, or changes nothing. Removals get
 * none. */
static void nothing_changes_without_memory(void **state)
{
    (void)state;
    uint32_t failures = 0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        begin(seed * 1000);
        for (int i = 0; i < 3000; i++) {
            struct ip4_prefix prefix = random_prefix();
            uint32_t value = random32() | 1;
            heap_is_used_up = true;
            size_t used = memory.used;
            if (i % 3 == 2) {
                remove_both(prefix);
                same_edges(prefix);
                continue;
            }
            bool inserted = lpm_insert(&lpm, prefix, value);
            heap_is_used_up = false;
            if (!inserted) {
                failures++;
                assert_true(memory.used <= used);
                assert_int_equal(lpm.count, model_count);
                assert_int_equal(lpm_exact(&lpm, prefix),
                                 model_at(prefix.address.value, prefix.length)->value);
                same_edges(prefix);
            }
            insert_both(prefix, value);
            same_edges(prefix);
        }
        heap_is_used_up = true;
        same_listing();
        remove_all();
    }
    assert_true(failures > 8);
}

/* Granules that are free in the pages, all taken and given back. */
static unsigned free_granules(void)
{
    static void *taken[4096];
    unsigned n = 0;
    while (n < 4096 && (taken[n] = lpm_runs_take(&lpm.runs, &memory, LPM_GRANULE, false)) != NULL)
        n++;
    for (unsigned i = 0; i < n; i++)
        lpm_runs_shrink(&lpm.runs, taken[i], LPM_GRANULE, 0);
    return n;
}

/* In the small page, where branches of several nodes often find room for their first ones only. */
static void what_fails_gives_back_each_granule(void **state)
{
    (void)state;
    unsigned failures = 0;
    begin(8);
    insert_both((struct ip4_prefix){{0x0a000000}, 32}, 1);
    heap_is_used_up = true;
    for (int i = 0; i < 1000; i++) {
        struct ip4_prefix prefix = random_prefix();
        unsigned before = free_granules();
        if (i % 3 == 2)
            prefix.length = 32;
        if (lpm_exact(&lpm, prefix) != 0)
            continue;
        if (lpm_insert(&lpm, prefix, 1)) {
            model_set(prefix.address.value, prefix.length, 1);
            continue;
        }
        assert_int_equal(free_granules(), before);
        failures++;
    }
    assert_true(failures > 100);
    same_listing();
    remove_all();
}

/* Prefixes of each length that nothing else is near: nodes, tops and bodies go with them. */
static void what_is_removed_gives_back_each_granule(void **state)
{
    (void)state;
    begin(10);
    insert_both((struct ip4_prefix){{0x0a000000}, 32}, 1); /* it stays, so that the pages do */
    insert_both((struct ip4_prefix){{0x0a000000}, 7}, 1);
    heap_is_used_up = true;
    for (unsigned length = 1; length <= 32; length++) {
        struct ip4_prefix prefix = {{cut(0xac15a5a5, length)}, (uint8_t)length};
        unsigned before = free_granules();
        insert_both(prefix, 2);
        assert_true(free_granules() < before);
        remove_both(prefix);
        assert_int_equal(free_granules(), before);
        same_edges(prefix);
    }
    remove_all();
}

/* With so few granules left: at each of them another step of the insertion fails. */
static void each_step_that_fails_gives_back_each_granule(void **state)
{
    (void)state;
    static void *taken[4096];
    unsigned failures = 0;
    for (unsigned length = 1; length <= 32; length++)
        for (unsigned left = 0; left < 12; left++) {
            struct ip4_prefix prefix = {{cut(0xac15a5a5, length)}, (uint8_t)length};
            begin(11);
            insert_both((struct ip4_prefix){{0x0a000000}, 32}, 1);
            heap_is_used_up = true;
            unsigned n = free_granules() - left;
            for (unsigned i = 0; i < n; i++)
                assert_non_null(taken[i] = lpm_runs_take(&lpm.runs, &memory, LPM_GRANULE, false));
            bool inserted = lpm_insert(&lpm, prefix, 2);
            failures += !inserted;
            if (inserted)
                model_set(prefix.address.value, length, 2);
            else
                assert_int_equal(free_granules(), left);
            same_edges(prefix);
            same_listing();
            for (unsigned i = 0; i < n; i++)
                lpm_runs_shrink(&lpm.runs, taken[i], LPM_GRANULE, 0);
            remove_all();
        }
    assert_true(failures > 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_empty_table_has_no_memory),
                                       cmocka_unit_test(host_bits_do_not_count),
                                       cmocka_unit_test(all_lengths_nest),
                                       cmocka_unit_test(a_full_node_holds),
                                       cmocka_unit_test(a_random_table_agrees_with_the_model),
                                       cmocka_unit_test(batches_agree_in_a_flat_table),
                                       cmocka_unit_test(a_match_may_lie_above_the_last_node),
                                       cmocka_unit_test(memory_does_not_creep),
                                       cmocka_unit_test(what_fails_gives_back_each_granule),
                                       cmocka_unit_test(what_is_removed_gives_back_each_granule),
                                       cmocka_unit_test(each_step_that_fails_gives_back_each_granule),
                                       cmocka_unit_test(nothing_changes_without_memory)};
    return cmocka_run_group_tests_name("lpm", tests, NULL, NULL);
}
