/* What the trie finds, beside the model. Its memory: test_lpm_memory.c. */
#include "tests/stack/route/lpm_pair.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_has_no_memory),
        cmocka_unit_test(host_bits_do_not_count),
        cmocka_unit_test(all_lengths_nest),
        cmocka_unit_test(a_full_node_holds),
        cmocka_unit_test(a_random_table_agrees_with_the_model),
        cmocka_unit_test(batches_agree_in_a_flat_table),
        cmocka_unit_test(a_match_may_lie_above_the_last_node),
    };
    return cmocka_run_group_tests_name("lpm", tests, NULL, NULL);
}
