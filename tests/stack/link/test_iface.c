/* Whose frames leave next: interfaces take turns, and ours come before those in transit. */
#include "link/iface.h"

#include "tests/stack/core/bare.h"
#include "tests/stack/heap.h"

enum {
    INTERFACES = 3, /* a, b, c; number 3 is nobody's */
    LIMIT = 4
};

/* Steps: a letter is a frame for that interface, of ours when it is a capital; !a pauses it and +a ends that; a digit takes at
 * most so many. What was taken: the same letters, one word for each digit, "." for nothing. */
static const struct row {
    const char *sentence, *steps, *taken;
} rows[] = {
    {"each interface with frames has its turn", "abc9999", "a b c ."},
    {"after the last comes the first", "c9abc9", "c a"},
    {"after the first comes the second", "a9abc9", "a b"},
    {"a batch is of one interface, ours before transit", "aAbaA99", "AAaa b"},
    {"what finds no room waits for the next turn", "aAaabB2222", "Aa Bb aa ."},
    {"ours may take all room", "aAAA229", "AA Aa ."},
    {"who is paused is passed over", "ab!a99+a9", "b . a"},
    {"who is paused keeps frames of both kinds", "aA!a9+a9", ". Aa"},
    {"who is paused and gets frames waits too", "!aab9+a9", "b a"},
    {"a pause that ends in time costs no turn", "ab!a+a99", "a b"},
    {"a look in vain costs nobody his turn", "a!a9+ab9", ". a"},
    {"nor does one that finds nothing waiting", "9ab9", ". a"},
};

struct side {
    struct bare *bare;
    struct ifaces ifaces;
    char taken[64];
};

static void begin(struct side *side)
{
    *side = (struct side){.bare = bare_begin(1, 1, 1)};
    struct core *core = &side->bare->core;
    assert_true(iface_table_init(&side->ifaces, &core->memory, LIMIT, 8));
    for (unsigned i = 0; i < INTERFACES; i++)
        assert_non_null(iface_add(&side->ifaces, core, i, (const char[16]){"x"}, (struct mac){{2}}, 1500));
}

static void end(struct side *side)
{
    struct core *core = &side->bare->core;
    for (unsigned i = 0; i < INTERFACES; i++) {
        struct iface *iface = iface_lookup(&side->ifaces, i);
        iface_flush(core, iface, TAPIR_OUT_DOWN);
        iface_detach(&side->ifaces, iface);
        iface_free(core, iface);
    }
    bare_drain(side->bare, LANE_SETTLED);
    iface_table_free(&side->ifaces, &core->memory);
    bare_end(side->bare);
}

static void put(struct side *side, char letter)
{
    bool ours = letter >= 'A' && letter <= 'Z';
    struct iface *iface = iface_lookup(&side->ifaces, (unsigned)(letter - (ours ? 'A' : 'a')));
    struct tapir_packet *packet = bare_packet(side->bare, 60, (uint64_t)letter);
    enum iface_band band = ours ? BAND_OURS : BAND_TRANSIT;
    assert_int_equal(iface_admit(&side->ifaces, iface, band, 1), TAPIR_UNSETTLED);
    iface_put_out(&side->ifaces, &side->bare->core, iface, band, packet);
}

static void take(struct side *side, size_t max)
{
    struct tapir_packet *packets[10];
    unsigned number = 99;
    size_t n = iface_take_out(&side->ifaces, &side->bare->core, &number, packets, max);
    size_t size = strlen(side->taken);
    if (size > 0)
        side->taken[size++] = ' ';
    if (n == 0)
        side->taken[size] = '.';
    for (size_t i = 0; i < n; i++) {
        side->taken[size++] = (char)packets[i]->number;
        assert_int_equal((packets[i]->number | 32) - 'a', number);
        packet_release(packets[i]);
    }
}

static void check(void **state)
{
    const struct row *row = *state;
    struct side side;
    begin(&side);
    for (const char *at = row->steps; *at != '\0'; at++) {
        if (*at == '!' || *at == '+')
            iface_pause(&side.ifaces, iface_lookup(&side.ifaces, (unsigned)(at[1] - 'a')), *at == '!');
        if (*at == '!' || *at == '+')
            at++;
        else if (*at >= '0' && *at <= '9')
            take(&side, (size_t)(*at - '0'));
        else
            put(&side, *at);
    }
    assert_string_equal(side.taken, row->taken);
    end(&side);
}

/* The list goes on behind the limit here. */
static void check_number(void **state)
{
    (void)state;
    struct side side;
    begin(&side);
    side.ifaces.limit = INTERFACES - 1;
    assert_non_null(iface_lookup(&side.ifaces, INTERFACES - 2));
    assert_null(iface_lookup(&side.ifaces, INTERFACES - 1));
    side.ifaces.limit = LIMIT;
    assert_non_null(iface_lookup(&side.ifaces, INTERFACES - 1));
    assert_null(iface_lookup(&side.ifaces, INTERFACES));
    end(&side);
}

/* Half of the places for transit are ours, and the odd one. */
static void check_half(void **state)
{
    (void)state;
    for (uint32_t limit = 1; limit <= 8; limit++) {
        struct memory memory = heap_memory();
        struct ifaces ifaces;
        assert_true(iface_table_init(&ifaces, &memory, LIMIT, limit));
        struct iface iface = {.up = true};
        for (uint32_t n = 1; n <= limit + 1; n++) {
            assert_int_equal(iface_admit(&ifaces, &iface, BAND_OURS, 1),
                             2 * n <= limit + 1 ? TAPIR_UNSETTLED : TAPIR_OUT_FULL);
            assert_int_equal(iface_admit(&ifaces, &iface, BAND_TRANSIT, 1),
                             n <= limit ? TAPIR_UNSETTLED : TAPIR_OUT_FULL);
        }
        iface_table_free(&ifaces, &memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"an interface has a place for each in transit, and for half as many of ours, at least one",
         check_half, NULL, NULL, NULL},
        {"a number at the limit is nobody's", check_number, NULL, NULL, NULL},
    };
    return RUN_TABLE("frames that leave", rows, check) +
           cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
