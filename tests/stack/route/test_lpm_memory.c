/* What memory the trie takes, and that a change which gets none leaves all as it was. */
#include "tests/stack/route/lpm_pair.h"

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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_does_not_creep),
        cmocka_unit_test(what_fails_gives_back_each_granule),
        cmocka_unit_test(what_is_removed_gives_back_each_granule),
        cmocka_unit_test(each_step_that_fails_gives_back_each_granule),
        cmocka_unit_test(nothing_changes_without_memory),
    };
    return cmocka_run_group_tests_name("lpm: memory", tests, NULL, NULL);
}
