/* The entries of the neighbor cache: what is found first by what was found last is what the hash finds. */
#include "link/neigh_table.h"

#include "core/rand.h"
#include "tests/stack/core/bare.h"

enum {
    LIMIT = 8
};

struct bench {
    struct bare *bare;
    struct neighbors neighbors;
};

static struct bench begin(void)
{
    struct bench bench = {.bare = bare_begin(1, 1, 1)};
    assert_true(neighbor_table_init(&bench.neighbors, &bench.bare->core.memory, LIMIT));
    return bench;
}

static void end(struct bench *bench)
{
    neighbor_table_free(&bench->neighbors, &bench->bare->core.memory);
    bare_end(bench->bare);
}

static struct neighbor *enter(struct bench *bench, unsigned iface, uint32_t address)
{
    return neighbor_enter(&bench->neighbors, &bench->bare->core, iface, (struct ip4){address}, CLASS_USED);
}

static struct neighbor *recall(struct bench *bench, unsigned iface, uint32_t address)
{
    return neighbor_recall(&bench->neighbors, &bench->bare->core, iface, (struct ip4){address});
}

static void scene_same_place(void)
{
    struct bench bench = begin();
    struct neighbor *a = enter(&bench, 0, 1), *b = enter(&bench, 0, 1 + NEIGHBOR_RECENT);
    for (int i = 0; i < 2; i++) {
        assert_ptr_equal(recall(&bench, 0, 1), a);
        assert_ptr_equal(recall(&bench, 0, 1), a);
        assert_ptr_equal(recall(&bench, 0, 1 + NEIGHBOR_RECENT), b);
    }
    assert_null(recall(&bench, 0, 1 + 2 * NEIGHBOR_RECENT));
    end(&bench);
}

static void scene_same_address(void)
{
    struct bench bench = begin();
    struct neighbor *a = enter(&bench, 0, 1), *b = enter(&bench, 1, 1);
    assert_ptr_equal(recall(&bench, 0, 1), a);
    assert_ptr_equal(recall(&bench, 1, 1), b);
    assert_null(recall(&bench, 2, 1));
    end(&bench);
}

static void scene_gone(void)
{
    struct bench bench = begin();
    struct neighbor *a = enter(&bench, 0, 1);
    assert_ptr_equal(recall(&bench, 0, 1), a);
    neighbor_leave(&bench.neighbors, &bench.bare->core, a);
    assert_null(recall(&bench, 0, 1));
    end(&bench);
}

static void scene_another(void)
{
    struct bench bench = begin();
    struct neighbor *a = enter(&bench, 0, 1);
    assert_ptr_equal(recall(&bench, 0, 1), a);
    neighbor_leave(&bench.neighbors, &bench.bare->core, a);
    assert_ptr_equal(enter(&bench, 0, 2), a); /* the entry, for another address */
    assert_null(recall(&bench, 0, 1));
    assert_ptr_equal(recall(&bench, 0, 2), a);
    end(&bench);
}

static void scene_random(void)
{
    struct bench bench = begin();
    struct rand_state random;
    rand_init(&random, (const uint8_t *)"neighbors recall", 1);
    for (int i = 0; i < 20000; i++) {
        struct ip4 address = {NEIGHBOR_RECENT * rand_below(&random, 3) + rand_below(&random, 4)};
        unsigned iface = rand_below(&random, 2);
        struct neighbor *found = neighbor_lookup(&bench.neighbors, &bench.bare->core, iface, address);
        assert_ptr_equal(recall(&bench, iface, address.value), found);
        if (rand_below(&random, 4) != 0)
            continue;
        if (found != NULL)
            neighbor_leave(&bench.neighbors, &bench.bare->core, found);
        else
            (void)enter(&bench, iface, address.value);
    }
    end(&bench);
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"two addresses that share a place find their own entry in turn", scene_same_place},
    {"one address on two interfaces is two neighbors", scene_same_address},
    {"an entry that was given back is not found", scene_gone},
    {"nor where it serves another address", scene_another},
    {"20,000 questions while entries come and go: as the hash answers", scene_random},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    return RUN_TABLE("neighbor entries", scenes, check_scene);
}
