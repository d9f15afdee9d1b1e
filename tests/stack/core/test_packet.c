/* Packets: born in the store, kept beyond a call, headers put before them. */
#include "tests/stack/core/bare.h"

static void test_init(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    _Alignas(16) uint8_t slot[sizeof(struct tapir_packet) + TAPIR_HEADROOM + 100];
    memset(slot, 0xa5, sizeof slot);
    struct tapir_packet *packet = tapir_packet_init(slot, sizeof slot, &bare->pool);
    assert_ptr_equal(packet, slot);
    assert_int_equal(packet->size, 0);
    assert_int_equal(packet->headroom, TAPIR_HEADROOM);
    assert_int_equal(packet->tailroom, 100);
    assert_ptr_equal(packet->data + packet->tailroom, slot + sizeof slot);
    assert_int_equal(packet->number, 0);
    assert_int_equal(packet->verdict, TAPIR_UNSETTLED);
    assert_ptr_equal(packet->within.home, &bare->pool);
    bare_end(bare);
}

/* ---- birth ---- */

static void test_bear(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(2, 1, 1);
    bare->core.now = (tapir_instant){99};
    struct tapir_packet *first = packet_bear(&bare->core, 40, NULL);
    struct tapir_packet *second = packet_bear(&bare->core, 41, NULL);
    assert_int_equal(first->number, 1);
    assert_int_equal(second->number, 2);
    assert_int_equal(first->cause, 0);
    assert_int_equal(first->size, 40);
    assert_int_equal(first->arrived.ns, 99);
    assert_int_equal(first->within.origin, TAPIR_BORN);
    assert_int_equal(first->within.role, ROLE_OURS);
    assert_int_equal(first->within.end, 40);
    assert_false(first->traced);
    assert_int_equal(bare->core.counters.packets[TAPIR_BORN], 2);
    assert_int_equal(bare->core.counters.packets[TAPIR_RECEIVED], 0);
    packet_release(first);
    packet_release(second);
    bare_end(bare);
}

static void test_cause(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(4, 1, 1);
    struct tapir_packet *received = bare_packet(bare, 60, 31);
    received->traced = true;
    struct tapir_packet *child = packet_bear(&bare->core, 40, received);
    struct tapir_packet *grandchild = packet_bear(&bare->core, 40, child);
    assert_int_equal(child->cause, 31);
    assert_int_equal(grandchild->cause, 31); /* born and received ones have numbers of their own */
    assert_true(child->traced && grandchild->traced);
    packet_release(received);
    packet_release(child);
    packet_release(grandchild);
    bare_end(bare);
}

static void test_barren(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 0, 0);
    struct tapir_packet *only = packet_bear(&bare->core, 40, NULL);
    assert_non_null(only);
    assert_null(packet_bear(&bare->core, 40, NULL));
    assert_int_equal(bare->core.counters.packets[TAPIR_BORN], 1); /* no number was used up */
    packet_release(only);
    bare_end(bare);
}

/* ---- keeping ---- */

/* Everything that the journey of a packet is known by. */
static void fill_in(struct tapir_packet *packet)
{
    packet->iface = 3;
    packet->offload =
        (struct tapir_offload){.kind = 1, .partial = true, .segment = 1448, .start = 34, .offset = 16};
    packet->cause = 5;
    packet->into = 6;
    packet->arrived = (tapir_instant){1234};
    packet->entry = 8;
    packet->within.tuple.source.value = 0x0a000102;
    packet->within.next_hop.value = 0x0a000201;
    packet->within.exit = 2;
    packet->within.network = 14;
    packet->within.transport = 34;
    packet->within.ttl = 63;
    packet->within.role = ROLE_TRANSIT;
}

static void expect_same(const struct tapir_packet *kept, const struct tapir_packet *old)
{
    assert_int_equal(kept->number, old->number);
    assert_int_equal(kept->cause, old->cause);
    assert_int_equal(kept->into, old->into);
    assert_int_equal(kept->iface, old->iface);
    assert_int_equal(kept->entry, old->entry);
    assert_int_equal(kept->arrived.ns, old->arrived.ns);
    assert_int_equal(kept->offload.kind, old->offload.kind);
    assert_int_equal(kept->offload.segment, old->offload.segment);
    assert_int_equal(kept->within.tuple.source.value, old->within.tuple.source.value);
    assert_int_equal(kept->within.next_hop.value, old->within.next_hop.value);
    assert_int_equal(kept->within.exit, old->within.exit);
    assert_int_equal(kept->within.network, old->within.network);
    assert_int_equal(kept->within.transport, old->within.transport);
    assert_int_equal(kept->within.end, old->within.end);
    assert_int_equal(kept->within.ttl, old->within.ttl);
    assert_int_equal(kept->within.role, old->within.role);
    assert_int_equal(kept->size, old->size);
}

static void expect_bytes(const struct tapir_packet *packet)
{
    for (uint32_t i = 0; i < packet->size; i++)
        assert_int_equal(packet->data[i], i & 0xff);
}

static const struct row {
    const char *sentence;
    size_t size, least, below; /* octets of the frame; of room in its new slot */
} rows[] = {
    {"a short frame moves to a small slot", 60, 256, 512},
    {"a frame of exactly a small slot's room moves to one", 256, 256, 512},
    {"a full frame moves to a medium slot", 1514, 2048, 4096},
    {"a super-frame moves to a large slot", 65000, 67584, 68000},
    {"an empty frame moves too", 0, 256, 512},
};

static void check_keep(void **state)
{
    const struct row *row = *state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *old = bare_packet(bare, row->size, 7);
    fill_in(old);
    struct tapir_packet *kept = packet_keep(&bare->core, &bare->core.store, old, TAPIR_NEIGHBOR_HELD);
    assert_non_null(kept);
    assert_ptr_not_equal(kept, old);
    assert_true(store_owns(&bare->core.store, kept));
    assert_true(kept->size + kept->tailroom >= row->least && kept->size + kept->tailroom < row->below);
    assert_int_equal(kept->headroom, TAPIR_HEADROOM);
    assert_int_equal(kept->verdict, TAPIR_UNSETTLED);
    expect_same(kept, old);
    expect_bytes(kept);

    struct tapir_packet *settled; /* the old slot leaves at once, its bytes as they were */
    assert_int_equal(lane_take(&bare->core, LANE_SETTLED, &settled, 1), 1);
    assert_ptr_equal(settled, old);
    assert_int_equal(old->verdict, TAPIR_NEIGHBOR_HELD);
    assert_int_equal(tapir_fate(old->verdict)->kind, TAPIR_HELD);
    assert_ptr_equal(old->within.home, &bare->pool);
    expect_bytes(old);
    assert_int_equal(bare->core.counters.settled[TAPIR_RECEIVED], 0); /* held is not the end */
    packet_release(old);
    assert_int_equal(bare_returned, 1);
    packet_release(kept);
    bare_end(bare);
}

static void test_keep_own(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *born = packet_bear(&bare->core, 40, NULL);
    assert_ptr_equal(packet_keep(&bare->core, &bare->core.store, born, TAPIR_NEIGHBOR_HELD), born);
    assert_int_equal(born->verdict, TAPIR_UNSETTLED);
    assert_true(lane_is_empty(&bare->core.lanes[LANE_SETTLED]));
    packet_release(born);
    bare_end(bare);
}

static void test_keep_full(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(4, 0, 0);
    struct tapir_packet *old = bare_packet(bare, 1514, 7);
    struct tapir_packet before = *old;
    assert_null(packet_keep(&bare->core, &bare->core.store, old, TAPIR_NEIGHBOR_HELD));
    assert_memory_equal(&before, old, sizeof before);
    expect_bytes(old);
    assert_true(lane_is_empty(&bare->core.lanes[LANE_SETTLED]));
    assert_int_equal(bare->core.store.pools[0].use, 0);
    packet_release(old);
    bare_end(bare);
}

/* ---- of a packet's bytes ---- */

/* Received, decided about, behind an Ethernet header and with octets behind the datagram. */
static struct tapir_packet *decided(struct bare *bare)
{
    struct tapir_packet *parent = bare_packet(bare, 100, 7), *behind = bare_packet(bare, 8, 8);
    parent->iface = 5;
    parent->entry = 9;
    parent->offload.verified = true;
    parent->within = (struct tapir_packet_private){
        .next = behind,
        .home = &bare->pool,
        .tuple = {.source = {1},
                  .destination = {2},
                  .id = 3,
                  .fragment = 4,
                  .protocol = 5,
                  .ttl = 6,
                  .header = 24},
        .next_hop = {10},
        .exit = 11,
        .network = 14,
        .transport = 38,
        .end = 90,
        .ethertype = 0x0800,
        .mtu = 576,
        .ttl = 12,
        .role = ROLE_TRANSIT,
        .origin = TAPIR_RECEIVED,
        .edits = 2,
        .mac = {{2, 0, 0, 0, 0, 13}},
        .to_many = true,
        .looped = true,
    };
    return parent;
}

static void test_inherit(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *parent = decided(bare);
    struct tapir_packet *born = packet_bear(&bare->core, 40, parent);
    struct tapir_packet_private own = born->within, expected = parent->within;
    expected.next = NULL; /* on no lane, in its slot of the store, laid out anew */
    expected.home = own.home;
    expected.origin = TAPIR_BORN;
    expected.network = 0;
    expected.transport = 24;
    expected.end = 40;
    packet_inherit(born, parent, 24);
    assert_memory_equal(&born->within, &expected, sizeof expected);
    assert_int_equal(born->iface, 5);
    assert_int_equal(born->entry, 0);
    assert_false(born->offload.verified);
    assert_int_equal(born->cause, 7);
    packet_release(born);
    packet_release(parent->within.next);
    packet_release(parent);
    bare_end(bare);
}

/* ---- headers ---- */

static void test_prepend(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *packet = packet_bear(&bare->core, 100, NULL);
    memset(packet->data, 0x77, 100);
    uint8_t *payload = packet->data;
    uint8_t *ip = packet_prepend(packet, 20);
    assert_ptr_equal(ip, payload - 20);
    assert_ptr_equal(packet_payload(packet), payload);
    assert_int_equal(packet_payload_size(packet), 100);
    packet->within.network = 0; /* as ip4/output does */
    packet_prepend(packet, 14);
    assert_ptr_equal(packet->data, payload - 34);
    assert_ptr_equal(packet_ip4(packet), ip);
    assert_ptr_equal(packet_payload(packet), payload);
    assert_int_equal(packet->size, 134);
    assert_int_equal(packet->headroom, TAPIR_HEADROOM - 34);
    assert_int_equal(packet->within.end, 134);
    assert_int_equal(payload[0], 0x77);
    assert_int_equal(payload[99], 0x77);
    packet_release(packet);
    bare_end(bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a slot holds struct, headroom and the rest as tailroom", test_init, NULL, NULL, NULL},
        {"packets born here are numbered apart from received ones", test_bear, NULL, NULL, NULL},
        {"a born packet names the received one that caused it, over generations", test_cause, NULL, NULL,
         NULL},
        {"with the store full nothing is born and no number is used up", test_barren, NULL, NULL, NULL},
        {"a packet of the store is kept where it is", test_keep_own, NULL, NULL, NULL},
        {"with the store full nothing is kept and nothing has happened", test_keep_full, NULL, NULL, NULL},
        {"a packet born of another's bytes inherits what was decided, but not its place", test_inherit, NULL,
         NULL, NULL},
        {"a header goes before the data and every offset follows", test_prepend, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("packet", tests, NULL, NULL) +
           RUN_TABLE("packet keep", rows, check_keep);
}
