/* The entries of the neighbor cache: what is found first by what was found last is what the hash finds; the lists of the
 * classes, against arrays. */
#include "link/neigh_table.h"

#include "core/rand.h"
#include "tests/stack/core/bare.h"
#include "tests/stack/heap.h"

enum {
    LIMIT = 8,
    MANY = 1024 /* a power of two */
};

struct bench {
    struct bare *bare;
    struct neighbors neighbors;
    struct memory memory;
};

static void begin_with(struct bench *bench, uint32_t limit)
{
    *bench = (struct bench){.bare = bare_begin(1, 1, 1), .memory = heap_memory()};
    assert_true(neighbor_table_init(&bench->neighbors, &bench->memory, limit));
}

static void end(struct bench *bench)
{
    neighbor_table_free(&bench->neighbors, &bench->memory);
    assert_int_equal(bench->memory.used, 0);
    bare_end(bench->bare);
}

static struct neighbor *enter(struct bench *bench, unsigned iface, uint32_t address)
{
    return neighbor_enter(&bench->neighbors, &bench->bare->core, iface, (struct ip4){address}, CLASS_USED);
}

static struct neighbor *recall(struct bench *bench, unsigned iface, uint32_t address)
{
    struct neighbor *neighbor = neighbor_recall(&bench->neighbors, iface, (struct ip4){address});
    if (neighbor != NULL)
        return neighbor;
    return neighbor_search(&bench->neighbors, &bench->bare->core, NULL, iface, (struct ip4){address});
}

static void scene_same_place(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
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
    struct bench bench;
    begin_with(&bench, LIMIT);
    struct neighbor *a = enter(&bench, 0, 1), *b = enter(&bench, 1, 1);
    assert_ptr_equal(recall(&bench, 0, 1), a);
    assert_ptr_equal(recall(&bench, 1, 1), b);
    assert_null(recall(&bench, 2, 1));
    end(&bench);
}

static void scene_gone(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
    struct neighbor *a = enter(&bench, 0, 1);
    assert_ptr_equal(recall(&bench, 0, 1), a);
    neighbor_leave(&bench.neighbors, &bench.bare->core, a);
    assert_null(recall(&bench, 0, 1));
    end(&bench);
}

static void scene_another(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
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
    struct bench bench;
    begin_with(&bench, LIMIT);
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

/* ---- in and out ---- */

static void scene_entered(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
    bench.bare->core.now = (tapir_instant){77};
    const struct neighbor *a = enter(&bench, 3, 9);
    assert_true(a->is_taken && neighbor_is_of(a, 3, (struct ip4){9}));
    assert_int_equal(a->state, TAPIR_NEIGHBOR_INCOMPLETE);
    assert_int_equal(a->class, CLASS_USED);
    assert_int_equal(a->timer.kind, TIMER_NEIGHBOR);
    assert_int_equal(a->held.name, LANE_HELD);
    assert_int_equal(a->used.ns, 77);
    end(&bench);
}

static void scene_left(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
    struct core *core = &bench.bare->core;
    struct neighbor *a = enter(&bench, 0, 1);
    timer_arm(&core->timers, &a->timer, (tapir_instant){5});
    neighbor_leave(&bench.neighbors, core, a);
    assert_false(a->is_taken);
    assert_null(core->timers.first);
    assert_int_equal(bench.neighbors.classes[CLASS_USED].size, 0);
    end(&bench);
}

static void scene_full(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
    struct neighbors *neighbors = &bench.neighbors;
    for (uint32_t address = 1; address <= LIMIT; address++) {
        assert_false(neighbor_table_is_full(neighbors));
        assert_non_null(enter(&bench, 0, address));
    }
    assert_true(neighbor_table_is_full(neighbors));
    assert_null(enter(&bench, 0, LIMIT + 1));
    neighbor_leave(neighbors, &bench.bare->core,
                   neighbor_lookup(neighbors, &bench.bare->core, 0, (struct ip4){5}));
    assert_false(neighbor_table_is_full(neighbors));
    assert_non_null(enter(&bench, 0, LIMIT + 1));
    assert_true(neighbor_table_is_full(neighbors));
    end(&bench);
}

static void scene_peak(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
    for (uint32_t address = 1; address <= 3; address++)
        (void)enter(&bench, 0, address);
    for (struct neighbor *at; (at = bench.neighbors.classes[CLASS_USED].first) != NULL;)
        neighbor_leave(&bench.neighbors, &bench.bare->core, at);
    (void)enter(&bench, 0, 4);
    assert_int_equal(bench.neighbors.count, 1);
    assert_int_equal(bench.neighbors.peak, 3);
    end(&bench);
}

/* A thousand hosts of one network. Thrown at random into as many buckets, they fill 63 in a hundred; into half as many, 43. */
static void scene_spread(void)
{
    struct bench bench;
    begin_with(&bench, MANY);
    unsigned filled = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        struct neighbor **bucket =
            neighbor_bucket(&bench.neighbors, &bench.bare->core, 0, (struct ip4){0x0a000000 + i});
        filled += *bucket == NULL;
        (void)enter(&bench, 0, 0x0a000000 + i);
    }
    assert_in_range(filled, MANY * 60 / 100, MANY * 66 / 100);
    end(&bench);
}

static void scene_memory(void)
{
    struct bench bench;
    begin_with(&bench, MANY);
    assert_int_equal(bench.memory.used, MANY * (sizeof(struct neighbor) + sizeof(struct neighbor *)));
    end(&bench);
}

static void scene_dry(void)
{
    const size_t room[] = {1,
                           MANY * sizeof(struct neighbor)}; /* octets: for neither, for the entries alone */
    for (size_t i = 0; i < 2; i++) {
        struct memory memory = heap_memory();
        memory.limit = room[i];
        struct neighbors neighbors;
        assert_false(neighbor_table_init(&neighbors, &memory, MANY));
        neighbor_table_free(&neighbors, &memory);
        assert_int_equal(memory.used, 0);
    }
}

static void scene_known(void)
{
    static const enum tapir_neighbor_state known[] = {TAPIR_NEIGHBOR_REACHABLE, TAPIR_NEIGHBOR_PROBE};
    static const enum tapir_neighbor_state unknown[] = {TAPIR_NEIGHBOR_INCOMPLETE, TAPIR_NEIGHBOR_SILENT};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(neighbor_is_known(&(struct neighbor){.state = (uint8_t)known[i]}));
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_false(neighbor_is_known(&(struct neighbor){.state = (uint8_t)unknown[i]}));
}

static void scene_paced(void)
{
    const int64_t second = 1000000000, asked = 5 * second;
    struct neighbor neighbor = {.was_asked = true, .asked_at = {asked}};
    assert_true(neighbor_is_paced(&neighbor, (tapir_instant){asked}));
    assert_true(neighbor_is_paced(&neighbor, (tapir_instant){asked + second - 1}));
    assert_false(neighbor_is_paced(&neighbor, (tapir_instant){asked + second}));
    neighbor.was_asked = false;
    assert_false(neighbor_is_paced(&neighbor, (tapir_instant){asked}));
}

/* ---- lists ---- */

/* A class as an array, the one to go first at its front. */
struct model {
    struct neighbor *at[LIMIT];
    uint32_t size;
};

static void model_remove(struct model *model, const struct neighbor *neighbor)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < model->size; i++)
        if (model->at[i] != neighbor)
            model->at[kept++] = model->at[i];
    assert_int_equal(kept + 1, model->size);
    model->size = kept;
}

static void same_list(const struct neighbor_list *list, const struct model *model)
{
    assert_int_equal(list->size, model->size);
    const struct neighbor *forth = list->first, *back = list->last;
    for (uint32_t i = 0; i < model->size; i++, forth = forth->after, back = back->before) {
        assert_ptr_equal(forth, model->at[i]);
        assert_ptr_equal(back, model->at[model->size - 1 - i]);
    }
    assert_null(forth);
    assert_null(back);
}

/* One step of chance: an entry comes, goes, or moves. */
static void change(struct bench *bench, struct model models[CLASS_COUNT], struct rand_state *random)
{
    struct core *core = &bench->bare->core;
    struct ip4 address = {rand_below(random, 2 * LIMIT)};
    enum neighbor_class class = (enum neighbor_class)rand_below(random, CLASS_COUNT);
    struct neighbor *found = neighbor_lookup(&bench->neighbors, core, 0, address);
    if (found == NULL) {
        found = neighbor_enter(&bench->neighbors, core, 0, address, class);
    } else {
        model_remove(&models[found->class], found);
        if (rand_below(random, 2) == 0) {
            neighbor_leave(&bench->neighbors, core, found);
            return;
        }
        neighbor_reclass(&bench->neighbors, found, class);
    }
    if (found == NULL)
        return;
    assert_int_equal(found->class, class);
    models[class].at[models[class].size++] = found;
}

static void scene_lists(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
    struct rand_state random;
    rand_init(&random, (const uint8_t *)"neighbors listed", 1);
    struct model models[CLASS_COUNT] = {0};
    for (int i = 0; i < 5000; i++) {
        change(&bench, models, &random);
        uint32_t count = 0;
        for (int class = 0; class < CLASS_COUNT; class ++) {
            same_list(&bench.neighbors.classes[class], &models[class]);
            count += models[class].size;
        }
        assert_int_equal(bench.neighbors.count, count);
        assert_int_equal(neighbor_table_is_full(&bench.neighbors), count == LIMIT);
    }
    end(&bench);
}

static void scene_distrusted(void)
{
    struct bench bench;
    begin_with(&bench, LIMIT);
    struct neighbor *entries[3];
    for (uint32_t i = 0; i < 3; i++) {
        entries[i] = enter(&bench, 0, 1 + i);
        entries[i]->trusted = (tapir_instant){10};
        assert_true(neighbor_is_trusted(entries[i], (tapir_instant){9}));
        assert_false(neighbor_is_trusted(entries[i], (tapir_instant){10}));
    }
    neighbor_reclass(&bench.neighbors, entries[1], CLASS_USED);
    assert_false(neighbor_is_trusted(entries[1], (tapir_instant){9}));
    neighbor_distrust_all(&bench.neighbors);
    for (uint32_t i = 0; i < 3; i++)
        assert_false(neighbor_is_trusted(entries[i], (tapir_instant){9}));
    end(&bench);
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"a new entry is asked for, of its class, and as old as this moment", scene_entered},
    {"who leaves is on no list and has no timer", scene_left},
    {"a full table takes nobody before somebody left", scene_full},
    {"the peak is the most that there ever were", scene_peak},
    {"a thousand hosts of one network spread over all buckets", scene_spread},
    {"an entry and a bucket for each neighbor are all the memory", scene_memory},
    {"without memory for entries and buckets there is no table", scene_dry},
    {"known is who is reachable, or asked again while he is", scene_known},
    {"who was asked has a second, to the nanosecond", scene_paced},
    {"trust ends at its instant, in another class, and where all is looked at again", scene_distrusted},
    {"5,000 changes: each class is in the order in which they came to it, from both ends", scene_lists},
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
