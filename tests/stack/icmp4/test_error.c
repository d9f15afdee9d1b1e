/* Several packets in one call: each earns its own error, though source and verdict are the same. */
#include "tests/stack/stage_set.h"

enum {
    PACKETS = 4
};

/* From 10.0.0.2 to a port of 10.0.0.1 that is closed. */
static const uint8_t probe[] = {2,    0, 0,  0,    0, 0, 2, 9, 9,  9,  9,    9,    8,  0,
                                0x45, 0, 0,  0x1c, 0, 1, 0, 0, 64, 17, 0x66, 0xce, 10, 0,
                                0,    2, 10, 0,    0, 1, 0, 9, 0,  99, 0,    8,    0,  0};

static void each_packet_is_told(void **state)
{
    (void)state;
    static const struct tapir_op ops[] = {ADD_IFACE(0), ADD_ADDRESS(0, A4(10, 0, 0, 1), 24),
                                          ADD_NEIGHBOR(0, A4(10, 0, 0, 2)),
                                          SET(TAPIR_EVERYWHERE, ICMP_RATE, 0)};
    struct stage_set set = {0};
    struct tapir_packet *packets[PACKETS];
    assert_true(set_create(&set, NULL));
    set_apply(&set, ops, COUNT(ops));
    for (int i = 0; i < PACKETS; i++) {
        packets[i] = tapir_take(set.stack, sizeof probe);
        memcpy(packets[i]->data, probe, sizeof probe);
        packets[i]->size = sizeof probe;
    }
    tapir_input(set.stack, 0, packets, PACKETS, NOW);
    assert_int_equal(tapir_counters(set.stack)->verdicts[TAPIR_UDP_PORT][TAPIR_RECEIVED], PACKETS);
    assert_int_equal(tapir_counters(set.stack)->verdicts[TAPIR_ANSWER_SENT][TAPIR_RECEIVED], PACKETS);
    unsigned iface;
    assert_int_equal(tapir_output(set.stack, &iface, packets, PACKETS), PACKETS);
    tapir_release(set.stack, packets, PACKETS);
    assert_int_equal(tapir_settled(set.stack, packets, PACKETS), PACKETS);
    tapir_release(set.stack, packets, PACKETS);
    set_destroy(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"each packet of a batch is answered", each_packet_is_told, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("icmp errors", tests, NULL, NULL);
}
