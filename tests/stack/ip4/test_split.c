/* What segments and super-frames are born with, and how much room they need. What their bytes are is in test_segment.c and
 * tests/world/test_coalesce.c. */
#include "ip4/split.h"

#include "ip4/coalesce.h"
#include "tests/stack/core/bare.h"
#include "tests/supers.h"

enum {
    EXIT = 3,
    ENTRY = 9
};

/* As lane send finds it, decided about. */
static struct tapir_packet *packet_of(struct bare *bare, const uint8_t *datagram, size_t size)
{
    struct tapir_packet *packet = bare_packet(bare, size, 7);
    memcpy(packet->data, datagram, size);
    packet->iface = 2;
    packet->entry = ENTRY;
    packet->within.transport = 20;
    packet->within.exit = EXIT;
    packet->within.role = ROLE_TRANSIT;
    packet->within.tuple = (struct tapir_tuple){.source = {0x0a00010a},
                                                .destination = {0x0a00020a},
                                                .id = 0x1234,
                                                .protocol = datagram[9],
                                                .header = 20};
    return packet;
}

static void decided_alike(const struct tapir_packet *born, size_t size)
{
    assert_int_equal(born->size, size);
    assert_int_equal(born->cause, 7);
    assert_int_equal(born->iface, 2);
    assert_int_equal(born->entry, ENTRY);
    assert_int_equal(born->within.exit, EXIT);
    assert_int_equal(born->within.transport, 20);
}

static void segments_are_decided_about_and_their_checksums_known(void **state)
{
    (void)state;
    static const struct super super = {.data = 2500, .segment = 1000};
    static uint8_t datagram[SUPER_MAX], right[SUPER_MAX];
    struct tapir_offload offload;
    struct ip4_segments segments;
    struct bare *bare = bare_begin(0, 3, 0);
    size_t size = super_whole(&super, datagram, &offload);
    struct tapir_packet *whole = packet_of(bare, datagram, size);
    whole->offload = offload;
    ip4_segments_init(&segments, whole);
    for (uint32_t i = 0; i < 3; i++) {
        struct tapir_packet *segment = ip4_split_bear(&bare->core, &segments, i, whole);
        decided_alike(segment, super_single(&super, i, right));
        assert_memory_equal(segment->data, right, segment->size);
        assert_true(segment->offload.verified);
        assert_false(segment->offload.partial);
        packet_release(segment);
    }
    packet_release(whole);
    bare_end(bare);
}

static void a_super_frame_is_decided_about_as_its_first(void **state)
{
    (void)state;
    static const struct super super = {.data = 2000, .segment = 1000};
    static uint8_t datagram[SUPER_MAX];
    struct bare *bare = bare_begin(0, 0, 1);
    struct tapir_packet *packets[2];
    struct ip4_run run;
    for (uint32_t i = 0; i < 2; i++) {
        packets[i] = packet_of(bare, datagram, super_single(&super, i, datagram));
        packets[i]->within.tuple.id = (uint16_t)(0x1234 + i);
    }
    packets[1]->entry = ENTRY + 1;
    ip4_run_begin(&run, packets[0]);
    assert_true(ip4_run_join(&run, packets[1]));
    struct tapir_packet *merged = ip4_run_merge(&run, &bare->core);
    decided_alike(merged, 2028);
    packet_release(merged);
    packet_release(packets[0]);
    packet_release(packets[1]);
    bare_end(bare);
}

static const struct row {
    const char *sentence;
    struct super super;
    uint32_t small, medium; /* slots of the store: up to 256 and 2,048 octets */
    bool has_room;
} rows[] = {
    {"a slot for each segment is enough", {.data = 3000, .segment = 1000}, 0, 3, true},
    {"a slot too few is not", {.data = 3000, .segment = 1000}, 0, 2, false},
    {"small slots are no help for large segments", {.data = 1100, .segment = 1000}, 2, 1, false},
    {"a small last one may lie in a small slot, when there are enough for all",
     {.data = 1100, .segment = 1000},
     2,
     2,
     true},
    {"a size keeps its last quarter from a small last one", {.data = 3100, .segment = 1000}, 0, 4, false},
};

static void check_room(void **state)
{
    const struct row *row = *state;
    static uint8_t datagram[SUPER_MAX];
    struct tapir_offload offload;
    struct ip4_segments segments;
    struct bare *bare = bare_begin(row->small, row->medium, 0);
    struct tapir_packet *whole = packet_of(bare, datagram, super_whole(&row->super, datagram, &offload));
    whole->offload = offload;
    ip4_segments_init(&segments, whole);
    assert_int_equal(ip4_split_has_room(&segments, &bare->core.store), row->has_room);
    packet_release(whole);
    bare_end(bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_decided_about_and_their_checksums_known),
        cmocka_unit_test(a_super_frame_is_decided_about_as_its_first),
    };
    return RUN_TABLE("room for segments", rows, check_room) +
           cmocka_run_group_tests_name("born", tests, NULL, NULL);
}
