/* The trie and the model, changed together and compared. */
#ifndef TESTS_STACK_ROUTE_LPM_PAIR_H
#define TESTS_STACK_ROUTE_LPM_PAIR_H

#include "tests/stack/heap.h"
#include "tests/stack/route/lpm_model.h"

static struct memory memory;
static struct lpm lpm;

static inline void same_lookup(uint32_t address)
{
    assert_int_equal(lpm_lookup(&lpm, (struct ip4){address}), model_lookup(address));
}

/* Both ends of a prefix and their neighbors outside. */
static inline void same_edges(struct ip4_prefix prefix)
{
    uint32_t first = prefix.address.value;
    uint32_t last = first | (prefix.length == 0 ? UINT32_MAX : ~cut(UINT32_MAX, prefix.length));
    same_lookup(first);
    same_lookup(last);
    same_lookup(first - 1);
    same_lookup(last + 1);
}

static inline int by_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return x->length - y->length;
}

static inline uint64_t key_of(const struct entry *entry)
{
    return (uint64_t)entry->address << 6 | entry->length;
}

/* The first of the sorted ones that is not before the cursor, found by halving, is the next one. */
static inline void same_next(const struct entry sorted[], uint32_t n, uint64_t cursor)
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

static inline void same_listing(void)
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

static inline void begin(uint64_t seed)
{
    random_state = seed;
    heap_is_used_up = false;
    memset(model, 0, sizeof model);
    model_count = 0;
    memory = heap_memory();
    lpm_init(&lpm, &memory);
}

static inline void insert_both(struct ip4_prefix prefix, uint32_t value)
{
    assert_true(lpm_insert(&lpm, prefix, value));
    model_set(prefix.address.value, prefix.length, value);
    assert_int_equal(lpm_exact(&lpm, prefix), value);
}

static inline void remove_both(struct ip4_prefix prefix)
{
    bool there = model_at(prefix.address.value, prefix.length)->value != 0;
    assert_int_equal(lpm_remove(&lpm, prefix), there);
    if (there)
        model_set(prefix.address.value, prefix.length, 0);
    assert_int_equal(lpm_exact(&lpm, prefix), 0);
    assert_int_equal(lpm.count, model_count);
}

/* Removes all that the model has, from a random place on. */
static inline void remove_all(void)
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

#endif
