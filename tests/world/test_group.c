/* Groups that sockets join, and what goes to many sockets: IPR-21, IPR-20, UDP-7. */
#include "tests/world/sockets.h"

enum {
    PORT = 5353
};

#define GROUP       IP(239, 1, 1, 1)
#define OTHER_GROUP IP(239, 129, 1, 1) /* of the same MAC, RFC 1112 6.4 */
#define GROUP_MAC   INT64_C(0x01005e010101)

static struct frame to_group(enum tap on, int64_t group)
{
    return (struct frame){.on = on, .carries = UDP, .to = group, .to_mac = GROUP_MAC, .to_port = PORT};
}

/* A socket that shares the port. */
static struct tapir_socket *open_shared(struct bench *bench, int64_t address)
{
    struct tapir_socket *socket =
        open_socket(bench, TAPIR_UDP, &(struct tapir_socket_options){.share = true, .receive = 4096});
    assert_int_equal(tapir_bind(socket, ip4_of(address), PORT), TAPIR_OK);
    return socket;
}

static void expect_refused(struct bench *bench, enum tap on, int64_t group)
{
    const struct frame frame = to_group(on, group);
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_IP4_GROUP);
}

static void expect_delivered(struct bench *bench, enum tap on, int64_t group)
{
    const struct frame frame = to_group(on, group);
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
}

static void a_group_is_heard_on_the_interface_where_it_was_joined(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, PORT);
    expect_refused(bench, TAP_B, GROUP);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), TAP_B), TAPIR_OK);
    expect_refused(bench, TAP_A, GROUP);
    expect_silence(socket);
    expect_delivered(bench, TAP_B, GROUP);
    struct tapir_message heard = hear(socket);
    assert_int_equal(heard.destination.value, GROUP);
    assert_int_equal(heard.iface, TAP_B);
    expect_refused(bench, TAP_B, OTHER_GROUP);
    assert_int_equal(tapir_leave(socket, ip4_of(GROUP), TAP_B), TAPIR_OK);
    expect_refused(bench, TAP_B, GROUP);
    expect_silence(socket);
    expect_nothing(bench);
    bench_close(bench);
}

static void each_socket_hears_where_it_has_joined(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *on_a = open_shared(bench, 0), *on_b = open_shared(bench, 0);
    struct tapir_socket *on_both = open_shared(bench, 0), *on_none = open_shared(bench, 0);
    assert_int_equal(tapir_join(on_a, ip4_of(GROUP), TAP_A), TAPIR_OK);
    assert_int_equal(tapir_join(on_b, ip4_of(GROUP), TAP_B), TAPIR_OK);
    assert_int_equal(tapir_join(on_both, ip4_of(GROUP), TAP_A), TAPIR_OK);
    assert_int_equal(tapir_join(on_both, ip4_of(GROUP), TAP_B), TAPIR_OK);
    expect_delivered(bench, TAP_A, GROUP);
    hear(on_a);
    hear(on_both);
    expect_silence(on_b);
    expect_delivered(bench, TAP_B, GROUP);
    hear(on_b);
    hear(on_both);
    expect_silence(on_a);
    expect_silence(on_none);
    bench_close(bench);
}

static void all_hosts_are_heard_without_joining(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *one = open_shared(bench, 0), *other = open_shared(bench, 0);
    for (int on = TAP_A; on <= TAP_B; on++) {
        struct frame frame = to_group((enum tap)on, IP(224, 0, 0, 1));
        frame.to_mac = MAC_ALL_HOSTS;
        expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
        hear(one);
        hear(other);
    }
    bench_close(bench);
}

/* Another socket on the port, and a socket on another port: both listen, neither has joined. */
static void a_group_that_others_have_joined_ends_in_silence(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *listener = open_at(bench, TAPIR_UDP, 0, PORT);
    struct tapir_socket *member = open_at(bench, TAPIR_UDP, 0, PORT + 1);
    assert_int_equal(tapir_join(member, ip4_of(GROUP), TAP_A), TAPIR_OK);
    struct frame frame = to_group(TAP_A, GROUP);
    uint64_t number = bench_send(bench, &frame);
    expect_verdict(bench, number, TAPIR_UDP_PORT);
    expect_answer(bench, number, TAPIR_ANSWER_DESTINATION);
    expect_silence(listener);
    frame.to_port = PORT + 1;
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
    hear(member);
    expect_nothing(bench);
    bench_close(bench);
}

static void joining_refuses_what_makes_no_sense(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, PORT);
    assert_int_equal(tapir_join(socket, ip4_of(HOST_A), TAP_A), TAPIR_INVALID);
    assert_int_equal(tapir_join(socket, ip4_of(BROADCAST), TAP_A), TAPIR_INVALID);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), 9), TAPIR_MISSING);
    assert_int_equal(tapir_leave(socket, ip4_of(GROUP), TAP_A), TAPIR_MISSING);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), TAP_A), TAPIR_OK);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), TAP_A), TAPIR_EXISTS);
    for (int i = 1; i < 256; i++)
        assert_int_equal(tapir_join(socket, ip4_of(GROUP + i), TAP_A), TAPIR_OK);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP + 256), TAP_A), TAPIR_FULL);
    assert_int_equal(tapir_leave(socket, ip4_of(GROUP + 7), TAP_A), TAPIR_OK);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP + 256), TAP_A), TAPIR_OK);
    tapir_shut(socket);
    socket = open_at(bench, TAPIR_UDP, 0, PORT);
    expect_refused(bench, TAP_A, GROUP);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), TAP_A), TAPIR_OK);
    bench_close(bench);
}

/* The new interface of the same number is another one. */
static void memberships_end_with_their_interface(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, PORT);
    const struct tapir_op add = {.kind = TAPIR_OP_INTERFACE,
                                 .iface = 5,
                                 .interface = {.name = "extra", .mac = {{2, 0, 0, 0, 0, 5}}, .mtu = 1500}};
    struct tapir_op removal = add;
    removal.remove = true;
    const struct tapir_instant now = {bench->now_ns};
    const struct tapir_op failing[] = {removal, removal};
    assert_int_equal(tapir_apply(bench->stack, &add, 1, NULL, now), TAPIR_OK);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), 5), TAPIR_OK);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), TAP_A), TAPIR_OK);
    assert_int_not_equal(tapir_apply(bench->stack, failing, 2, NULL, now), TAPIR_OK);
    assert_int_equal(tapir_join(socket, ip4_of(GROUP), 5), TAPIR_EXISTS);
    assert_int_equal(tapir_apply(bench->stack, &removal, 1, NULL, now), TAPIR_OK);
    assert_int_equal(tapir_apply(bench->stack, &add, 1, NULL, now), TAPIR_OK);
    assert_int_equal(tapir_leave(socket, ip4_of(GROUP), 5), TAPIR_MISSING);
    assert_int_equal(tapir_apply(bench->stack, &removal, 1, NULL, now), TAPIR_OK);
    expect_delivered(bench, TAP_A, GROUP);
    bench_close(bench);
}

/* The message says by which interface; the source is an address there. */
static void what_is_for_many_leaves_where_it_is_told(void **state)
{
    (void)state;
    static const int64_t many[] = {GROUP, BROADCAST};
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, PORT);
    for (size_t i = 0; i < 2; i++)
        for (unsigned iface = TAP_A; iface <= TAP_B; iface++) {
            const struct tapir_message how = {
                .destination = ip4_of(many[i]), .destination_port = 4000, .iface = iface};
            assert_int_equal(say(bench, socket, &how, NULL, 8), TAPIR_OK);
            const struct sight *sight = expect_udp(bench, 4000);
            assert_int_equal(sight->on, iface);
            assert_int_equal(sight->view.from, iface == TAP_A ? DUT_A : DUT_B);
        }
    const struct tapir_message nowhere = {.destination = ip4_of(GROUP), .destination_port = 4000, .iface = 9};
    assert_int_equal(say(bench, socket, &nowhere, NULL, 8), TAPIR_OK);
    struct tapir_message told = hear(socket);
    assert_int_equal(told.error, TAPIR_UNREACHABLE);
    assert_int_equal(told.icmp_type, 3);
    assert_int_equal(told.icmp_code, 0);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- sharing ---- */

static void a_broadcast_goes_to_each_socket_that_matches(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *one = open_shared(bench, 0), *other = open_shared(bench, 0);
    struct tapir_socket *elsewhere = open_at(bench, TAPIR_UDP, 0, PORT + 1);
    struct tapir_socket *connected = open_shared(bench, 0);
    assert_int_equal(tapir_connect(connected, ip4_of(ROUTER_2), 5000), TAPIR_OK);
    struct frame frame = {.carries = UDP,
                          .to = BROADCAST,
                          .to_mac = MAC_BROADCAST,
                          .to_port = PORT,
                          .bytes = "to all!",
                          .data = 7};
    uint64_t number = bench_send(bench, &frame);
    expect_verdict(bench, number, TAPIR_UDP_DELIVERED);
    struct tapir_message m;
    assert_int_equal(tapir_peek(one, &m), TAPIR_OK);
    assert_memory_equal(m.data, "to all!", 7);
    assert_int_equal(m.destination.value, BROADCAST);
    hear(one);
    assert_int_equal(tapir_peek(other, &m), TAPIR_OK);
    assert_memory_equal(m.data, "to all!", 7);
    hear(other);
    expect_silence(one);
    expect_silence(other);
    expect_silence(connected);
    expect_silence(elsewhere);
    frame.from = ROUTER_2;
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
    hear(one);
    hear(other);
    hear(connected);
    assert_int_equal(count_of(bench, TAPIR_UDP_DELIVERED, TAPIR_RECEIVED), 2);
    expect_nothing(bench);
    bench_close(bench);
}

/* One verdict: delivered while one ring had room. */
static void a_full_ring_keeps_no_copy_from_others(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *slow = open_shared(bench, 0), *quick = open_shared(bench, 0);
    const struct frame frame = {
        .carries = UDP, .to = BROADCAST, .to_mac = MAC_BROADCAST, .to_port = PORT, .data = 1000};
    for (int i = 0; i < 10; i++) {
        expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
        hear(quick);
    }
    for (int i = 0; i < 3; i++) {
        hear(slow);
        bench_send(bench, &frame);
    }
    uint64_t number = bench_send(bench, &frame);
    expect_verdict(bench, number, TAPIR_UDP_FULL);
    expect_nothing(bench);
    bench_close(bench);
}

static void one_address_goes_to_the_closest_match(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = {.carries = UDP, .to_port = PORT};
    struct tapir_socket *first = open_shared(bench, 0), *last = open_shared(bench, 0);
    bench_send(bench, &frame);
    hear(last);
    expect_silence(first);
    struct tapir_socket *bound = open_shared(bench, DUT_A), *late = open_shared(bench, 0);
    bench_send(bench, &frame);
    hear(bound);
    struct tapir_socket *connected = open_shared(bench, 0);
    assert_int_equal(tapir_connect(connected, ip4_of(HOST_A), 5000), TAPIR_OK);
    bench_send(bench, &frame);
    hear(connected);
    struct tapir_socket *newer = open_shared(bench, DUT_A); /* the peer is worth more than the address */
    bench_send(bench, &frame);
    hear(connected);
    tapir_shut(newer);
    expect_silence(bound);
    expect_silence(late);
    tapir_shut(connected);
    tapir_shut(bound);
    bench_send(bench, &frame);
    hear(late);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_port_is_shared_by_all_or_by_none(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    open_shared(bench, 0);
    struct tapir_socket *selfish = open_socket(bench, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(selfish, ip4_of(0), PORT), TAPIR_BUSY);
    assert_int_equal(tapir_bind(selfish, ip4_of(DUT_A), PORT), TAPIR_BUSY);
    assert_int_equal(tapir_bind(selfish, ip4_of(0), PORT + 1), TAPIR_OK);
    struct tapir_socket *sharing =
        open_socket(bench, TAPIR_UDP, &(struct tapir_socket_options){.share = true});
    assert_int_equal(tapir_bind(sharing, ip4_of(0), PORT + 1), TAPIR_BUSY);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("IPR-21", a_group_is_heard_on_the_interface_where_it_was_joined),
        PROVES("IPR-21 UDP-7", each_socket_hears_where_it_has_joined),
        PROVES("IPR-20 UDP-7", all_hosts_are_heard_without_joining),
        PROVES("IPR-21 UDP-7", a_group_that_others_have_joined_ends_in_silence),
        PROVES("IPR-21", joining_refuses_what_makes_no_sense),
        PROVES("IPR-21", memberships_end_with_their_interface),
        PROVES("IPR-18 UDP-6", what_is_for_many_leaves_where_it_is_told),
        PROVES("UDP-7", a_broadcast_goes_to_each_socket_that_matches),
        PROVES("UDP-7", a_full_ring_keeps_no_copy_from_others),
        PROVES("UDP-7", one_address_goes_to_the_closest_match),
        PROVES("UDP-7", a_port_is_shared_by_all_or_by_none),
    };
    return cmocka_run_group_tests_name("groups", stories, NULL, NULL);
}
