/* The cable: latency, rate, queue, chance, order. The oracle is arithmetic on paper: a frame of 1250 octets
 * is 10,000 bits. */
#include "tap/cable.h"

#include <stdlib.h>
#include <string.h>

#include "tests/table.h"

enum {
    SLOTS = 4096,
    ENDS = 3,
    MS = 1000000
};

static const uint8_t SEED[16] = "a cable's seed";

struct bench {
    struct pool pool;
    void *memory;
    struct cable *cable;
    struct device *ends[ENDS];
};

static void bench_open(struct bench *bench, const struct network_link *link, int ends)
{
    bench->memory = aligned_alloc(64, SLOTS * pool_stride(2048));
    pool_init(&bench->pool, bench->memory, SLOTS, 2048);
    bench->cable = cable_create(link, SEED, &bench->pool);
    for (int i = 0; i < ends; i++)
        bench->ends[i] = cable_join(bench->cable);
}

static void bench_close(struct bench *bench)
{
    cable_destroy(bench->cable);
    assert_int_equal(bench->pool.use, 0);
    free(bench->memory);
}

static uint64_t count(const struct bench *bench, enum cable_fate fate)
{
    return cable_counters(bench->cable)->frames[fate];
}

static void keep(struct tapir_pool *home, struct tapir_packet *packet)
{
    (void)home;
    packet->data = NULL;
}

/* Sends a frame of `size` octets that begins with `mark`. */
static void send(struct bench *bench, int from, uint32_t mark, uint32_t size, int64_t now)
{
    uint8_t bytes[2048];
    memset(bytes, 0x5a, sizeof bytes);
    memcpy(bytes, &mark, sizeof mark);
    struct tapir_pool home = {keep};
    struct tapir_packet packet = {.data = bytes, .size = size, .within.home = &home};
    struct tapir_packet *packets[] = {&packet};
    bench->ends[from]->ops->tx_batch(bench->ends[from], packets, 1, (tapir_instant){now});
    assert_null(packet.data); /* it has gone home */
}

/* The mark of the next frame that has arrived at `to` by `now`; -1: none has. */
static int64_t receive(struct bench *bench, int to, int64_t now)
{
    struct tapir_packet *packet;
    if (bench->ends[to]->ops->rx_batch(bench->ends[to], &packet, 1, (tapir_instant){now}) == 0)
        return -1;
    uint32_t mark;
    memcpy(&mark, packet->data, sizeof mark);
    bench->pool.face.give(&bench->pool.face, packet);
    return mark;
}

static int64_t deadline(const struct bench *bench, int to)
{
    return bench->ends[to]->ops->deadline(bench->ends[to]).ns;
}

/* ---- when does a frame arrive? ------------------------------------------------------------------------- */

static const struct {
    const char *sentence;
    struct network_link link;
    uint32_t size;
    int64_t arrives; /* the third of three frames that were sent together at 1 ms */
} arrivals[] = {
    {"without a latency it takes a microsecond", {.latency_ns = 0}, 1250, 1 * MS + 1000},
    {"a latency is exact to the nanosecond", {.latency_ns = 5000001}, 1250, 6 * MS + 1},
    {"10 Mbit/s take 1 ms for each 1250 octets", {.rate = 10000000}, 1250, 4 * MS + 1000},
    {"the rate comes before the latency", {.rate = 10000000, .latency_ns = 7 * MS}, 1250, 11 * MS},
    {"a fraction of a nanosecond counts as one", {.rate = 3000000000}, 64, 1 * MS + 3 * 171 + 1000},
};

static void check_arrival(void **state)
{
    const __typeof__(arrivals[0]) *row = *state;
    struct bench bench;
    bench_open(&bench, &row->link, 2);
    for (uint32_t mark = 1; mark <= 3; mark++)
        send(&bench, 0, mark, row->size, 1 * MS);
    int64_t before = row->arrives - 1;
    for (int64_t mark = receive(&bench, 1, before); mark >= 0; mark = receive(&bench, 1, before))
        assert_int_not_equal(mark, row->link.rate == 0 ? mark : 3);
    if (row->link.rate != 0)
        assert_int_equal(deadline(&bench, 1), row->arrives);
    int64_t last = -1;
    for (int64_t mark = receive(&bench, 1, row->arrives); mark >= 0; mark = receive(&bench, 1, row->arrives))
        last = mark;
    assert_int_equal(last, 3);
    assert_int_equal(deadline(&bench, 1), INT64_MAX);
    assert_int_equal(receive(&bench, 0, INT64_MAX - 1), -1);
    bench_close(&bench);
}

/* ---- scenes -------------------------------------------------------------------------------------------- */

static void scene_queue(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){.rate = 10000000, .queue = 2}, 2);
    for (uint32_t mark = 1; mark <= 5; mark++) /* one on the transmitter, two wait, two find no room */
        send(&bench, 0, mark, 1250, 0);
    assert_int_equal(count(&bench, CABLE_QUEUE_FULL), 2);
    assert_int_equal(bench.ends[0]->lost, 2);
    send(&bench, 1, 9, 1250, 0); /* the other direction has a queue of its own */
    assert_int_equal(receive(&bench, 0, 1 * MS + 1000), 9);
    send(&bench, 0, 6, 1250, 1 * MS); /* the second frame begins: there is room for one */
    send(&bench, 0, 7, 1250, 1 * MS);
    assert_int_equal(count(&bench, CABLE_QUEUE_FULL), 3);
    for (uint32_t i = 0; i < 4; i++) {
        static const int64_t marks[] = {1, 2, 3, 6};
        assert_int_equal(receive(&bench, 1, 4 * MS + 1000), marks[i]);
    }
    assert_int_equal(count(&bench, CABLE_DELIVERED), 5);
    bench_close(&bench);
}

static void scene_loss(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){.loss = 0.1}, 2);
    uint64_t arrived = 0;
    for (uint32_t mark = 0; mark < 10000; mark++) {
        send(&bench, 0, mark, 64, (int64_t)mark * 2000);
        arrived += receive(&bench, 1, (int64_t)mark * 2000 + 1000) >= 0;
    }
    /* binomial: 1000 lost, a standard deviation of 30 */
    assert_in_range(count(&bench, CABLE_LOST), 850, 1150);
    assert_int_equal(arrived + count(&bench, CABLE_LOST), 10000);
    assert_int_equal(arrived, count(&bench, CABLE_DELIVERED));
    bench_close(&bench);
}

static void scene_certain_loss(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){.loss = 1.0}, 2);
    for (uint32_t mark = 0; mark < 1000; mark++)
        send(&bench, 0, mark, 64, 0);
    assert_int_equal(count(&bench, CABLE_LOST), 1000);
    assert_int_equal(bench.pool.peak, 0);
    bench_close(&bench);
}

static void scene_duplicate(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){.duplicate = 1.0}, 2);
    send(&bench, 0, 1, 64, 0);
    send(&bench, 0, 2, 64, 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(receive(&bench, 1, 1000), 1 + i / 2);
    assert_int_equal(receive(&bench, 1, MS), -1);
    assert_int_equal(count(&bench, CABLE_DUPLICATED), 2);
    bench_close(&bench);
}

static void scene_corrupt(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){.corrupt = 1.0}, 2);
    send(&bench, 0, 0x5a5a5a5a, 64, 0);
    struct tapir_packet *packet;
    assert_int_equal(bench.ends[1]->ops->rx_batch(bench.ends[1], &packet, 1, (tapir_instant){1000}), 1);
    assert_int_equal(packet->size, 64);
    int turned = 0;
    for (int bit = 0; bit < 64 * 8; bit++)
        turned += ((packet->data[bit / 8] ^ 0x5a) >> (bit % 8)) & 1;
    assert_int_equal(turned, 1);
    bench.pool.face.give(&bench.pool.face, packet);
    bench_close(&bench);
}

static void scene_order(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){.latency_ns = MS}, 2);
    for (uint32_t mark = 0; mark < 1000; mark++)
        send(&bench, 0, mark, 64, mark / 100);
    for (uint32_t mark = 0; mark < 1000; mark++)
        assert_int_equal(receive(&bench, 1, 2 * MS), mark);
    bench_close(&bench);
}

static void scene_reorder(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){.latency_ns = MS, .reorder = 0.25}, 2);
    bool seen[1000] = {false};
    int64_t highest = -1, late = 0;
    for (uint32_t mark = 0; mark < 1000; mark++)
        send(&bench, 0, mark, 64, mark * 1000);
    for (uint32_t i = 0; i < 1000; i++) {
        int64_t mark = receive(&bench, 1, 10 * MS);
        assert_in_range(mark, 0, 999);
        assert_false(seen[mark]);
        seen[mark] = true;
        late += mark < highest;
        highest = mark > highest ? mark : highest;
    }
    assert_in_range(late, 150, 350);
    assert_in_range(count(&bench, CABLE_REORDERED), 200, 300);
    bench_close(&bench);
}

static void scene_hub(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){0}, 3);
    send(&bench, 1, 7, 64, 0);
    assert_int_equal(receive(&bench, 0, 999), -1);
    assert_int_equal(receive(&bench, 0, 1000), 7);
    assert_int_equal(receive(&bench, 2, 1000), 7);
    assert_int_equal(receive(&bench, 1, 1000), -1);
    bench_close(&bench);
}

static void scene_alone(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){0}, 1);
    send(&bench, 0, 7, 64, 0);
    assert_int_equal(count(&bench, CABLE_UNHEARD), 1);
    assert_int_equal(cable_deadline(bench.cable).ns, INT64_MAX);
    bench_close(&bench);
}

static void scene_pool(void)
{
    struct bench bench;
    bench_open(&bench, &(struct network_link){0}, 2);
    for (uint32_t mark = 0; mark < SLOTS + 5; mark++)
        send(&bench, 0, mark, 64, 0);
    assert_int_equal(count(&bench, CABLE_NO_SLOT), 5);
    assert_int_equal(count(&bench, CABLE_DELIVERED), SLOTS);
    assert_int_equal(cable_deadline(bench.cable).ns, 1000);
    bench_close(&bench); /* what is on its way goes home */
}

/* Everything at once, and a sum over all that arrives and when. */
static uint64_t noise(const uint8_t seed[16])
{
    struct network_link link = {.latency_ns = MS,
                                .rate = 100000000,
                                .queue = 50,
                                .loss = 0.05,
                                .reorder = 0.1,
                                .duplicate = 0.1,
                                .corrupt = 0.1};
    struct bench bench;
    bench_open(&bench, &link, 0);
    cable_destroy(bench.cable);
    bench.cable = cable_create(&link, seed, &bench.pool);
    for (int i = 0; i < 2; i++)
        bench.ends[i] = cable_join(bench.cable);
    for (uint32_t mark = 0; mark < 2000; mark++)
        send(&bench, 0, mark, 64 + mark % 1000, (int64_t)mark * 30000);
    uint64_t sum = 14695981039346656037U;
    for (int64_t at = deadline(&bench, 1); at != INT64_MAX; at = deadline(&bench, 1)) {
        struct tapir_packet *packet;
        assert_int_equal(bench.ends[1]->ops->rx_batch(bench.ends[1], &packet, 1, (tapir_instant){at}), 1);
        for (uint32_t i = 0; i < packet->size; i++)
            sum = (sum ^ packet->data[i]) * 1099511628211U;
        sum = (sum ^ (uint64_t)at) * 1099511628211U;
        bench.pool.face.give(&bench.pool.face, packet);
    }
    bench_close(&bench);
    return sum;
}

static void scene_same_seed(void)
{
    static const uint8_t other[16] = "another seed";
    assert_int_equal(noise(SEED), noise(SEED));
    assert_int_not_equal(noise(SEED), noise(other));
}

static void scene_names(void)
{
    for (int fate = 0; fate < CABLE_FATE_COUNT; fate++)
        assert_memory_equal(cable_fate_name((enum cable_fate)fate), "cable-", 6);
}

/* 2000 octets take 16,000 s. The year is 2106. */
static void scene_slow(void)
{
    struct bench bench;
    const int64_t now = INT64_C(4294967295000000000);
    bench_open(&bench, &(struct network_link){.rate = 1, .queue = 1000000}, 2);
    for (uint32_t i = 0; i < 400000; i++)
        send(&bench, 0, i, 2000, now);
    assert_int_equal(bench.ends[0]->sent, 62501); /* 31 years of them, and the one behind */
    assert_int_equal(bench.ends[0]->lost, 400000 - 62501);
    assert_int_equal(cable_deadline(bench.cable).ns, now + 16000 * INT64_C(1000000000) + CABLE_MINIMUM_NS);
    bench_close(&bench);
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"the queue for the rate drops its tail, each direction apart", scene_queue},
    {"one frame in ten is lost", scene_loss},
    {"a wire that loses all delivers nothing and takes no buffer", scene_certain_loss},
    {"a duplicate follows its frame", scene_duplicate},
    {"a corrupted frame has one bit turned", scene_corrupt},
    {"frames that arrive together come in the order of entry", scene_order},
    {"some frames come late, none is lost by that", scene_reorder},
    {"with three ends it is a hub: all others hear, the sender does not", scene_hub},
    {"an end alone is not heard", scene_alone},
    {"an empty pool loses frames by name, and all slots come home", scene_pool},
    {"the same seed gives the same bytes at the same times, another seed does not", scene_same_seed},
    {"a slow link drops what would wait for decades", scene_slow},
    {"every fate has its name", scene_names},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    return RUN_TABLE("arrival", arrivals, check_arrival) + RUN_TABLE("cable", scenes, check_scene);
}
