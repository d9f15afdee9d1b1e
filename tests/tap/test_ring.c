/* The ring with a pair of sockets in place of a device: what is read ahead, that reading goes on, that slots come home. */
#include "tap/ring.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/table.h"

enum {
    ROOM = 65000,
    SLOTS = 512,
    QUIET = 8 /* turns in which nothing happens: nothing will */
};

struct bench {
    struct ring *ring;
    struct ring_port *port;
    struct ring_user user;
    struct pool pool;
    void *memory;
    int ends[2]; /* the port's, ours */
    unsigned arrived, written, failed;
    uint32_t sent, taken; /* frames carry their number */
};

static struct bench bench;

static struct iovec area(struct ring_user *user, const struct tapir_packet *packet)
{
    (void)user;
    return (struct iovec){packet->data, packet->tailroom};
}

static void arrived(struct ring_user *user)
{
    (void)user;
    bench.arrived++;
}

static void written(struct ring_user *user, int error)
{
    (void)user;
    bench.written++;
    bench.failed += error != 0;
}

static void broken(struct ring_user *user, int error)
{
    (void)user;
    (void)error;
    bench.failed++;
}

static void begin(uint32_t slots)
{
    bench = (struct bench){.ring = ring_create(), .user = {area, arrived, written, broken}};
    if (bench.ring == NULL)
        skip(); /* no io_uring here, or none for us */
    bench.memory = aligned_alloc(64, slots * pool_stride(ROOM));
    assert_non_null(bench.memory);
    pool_init(&bench.pool, bench.memory, slots, ROOM);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, bench.ends), 0);
    bench.port = ring_open(bench.ring, &bench.pool, &bench.user);
    assert_non_null(bench.port);
    ring_start(bench.port, bench.ends[0]);
}

static void end(void)
{
    ring_close(bench.port);
    assert_int_equal(bench.pool.use, 0);
    assert_int_equal(bench.failed, 0);
    ring_destroy(bench.ring);
    close(bench.ends[0]);
    close(bench.ends[1]);
    free(bench.memory);
}

/* Sends as many frames as the socket takes, `n` at most. */
static uint32_t send_some(size_t size, uint32_t n)
{
    static uint8_t frame[ROOM];
    uint32_t done = 0;
    for (; done < n; done++, bench.sent++) {
        memcpy(frame, &bench.sent, sizeof bench.sent);
        if (send(bench.ends[1], frame, size, MSG_DONTWAIT) < 0)
            break;
    }
    return done;
}

/* Sends frames and takes none, until no more are read. */
static void fill(size_t size)
{
    for (unsigned quiet = 0; quiet < QUIET;) {
        unsigned before = bench.arrived;
        (void)send_some(size, SLOTS);
        assert_true(ring_wait(bench.ring, 0) != RING_FAILED);
        quiet = bench.arrived == before ? quiet + 1 : 0;
    }
}

/* Takes what has arrived, in order and of that size; returns how many. */
static unsigned take_all(size_t size)
{
    struct tapir_packet *packet;
    unsigned n = 0;
    for (; (packet = ring_take(bench.port)) != NULL; n++) {
        assert_int_equal(packet->size, size);
        assert_memory_equal(packet->data, &bench.taken, sizeof bench.taken);
        bench.taken++;
        packet_release(packet);
    }
    return n;
}

/* Takes all that is under way. */
static void drain(size_t size)
{
    for (unsigned quiet = 0; quiet < QUIET; quiet = take_all(size) == 0 ? quiet + 1 : 0)
        assert_true(ring_wait(bench.ring, 0) != RING_FAILED);
    assert_int_equal(bench.taken, bench.sent);
}

/* After frames of `first` octets, so many of `size` octets wait when nobody takes them. */
static const struct row {
    const char *sentence;
    size_t first, size;
    unsigned least, most;
} rows[] = {
    {"small frames wait in all buffers", 60, 60, RING_BUFFERS, RING_BUFFERS},
    {"frames of an Ethernet wait in all buffers", 1514, 1514, RING_BUFFERS, RING_BUFFERS},
    {"of super-frames half a megabyte waits", 60000, 60000, 8, 8},
    {"of frames of 20,000 octets, that leave the cache later, some more", 20000, 20000, 16, 32},
    {"small frames after super-frames wait in all buffers again", 60000, 60, RING_BUFFERS, RING_BUFFERS},
    {"super-frames after small frames are as many as before", 60, 60000, 8, 8},
};

static void check(void **state)
{
    const struct row *row = *state;
    begin(SLOTS);
    for (unsigned round = 0; round < 6; round++) { /* each halves or doubles once at most */
        fill(row->first);
        drain(row->first);
    }
    for (unsigned round = 0; round < 6; round++) {
        fill(row->size);
        drain(row->size);
    }
    fill(row->size);
    assert_in_range(take_all(row->size), row->least, row->most);
    drain(row->size);
    end();
}

/* Each frame takes a slot, which is held. */
static void a_port_without_slots_reads_on_when_one_comes_home(void **state)
{
    (void)state;
    enum {
        FEW = 4
    };
    struct tapir_packet *held[FEW];
    begin(FEW);
    fill(60);
    assert_int_equal(bench.arrived, FEW);
    for (unsigned i = 0; i < FEW; i++)
        assert_non_null(held[i] = ring_take(bench.port));
    fill(60);
    assert_int_equal(bench.arrived, FEW);
    for (unsigned i = 0; i < FEW; i++) {
        assert_int_equal(held[i]->size, 60);
        assert_memory_equal(held[i]->data, &bench.taken, sizeof bench.taken);
        bench.taken++;
        packet_release(held[i]);
        (void)ring_wait(bench.ring, 0);
        (void)ring_wait(bench.ring, 0);
        assert_int_equal(bench.arrived, FEW + i + 1);
    }
    drain(60);
    end();
}

/* A frame of no octets ends the read that was made once for many, as want of room for completions does. */
static void a_read_that_ended_without_an_error_is_made_again(void **state)
{
    (void)state;
    begin(SLOTS);
    for (unsigned round = 0; round < 3; round++) {
        (void)send_some(60, 2);
        drain(60);
        assert_int_equal(send(bench.ends[1], "", 0, 0), 0);
        for (unsigned turn = 0; turn < QUIET; turn++)
            assert_true(ring_wait(bench.ring, 0) != RING_FAILED);
        for (struct tapir_packet *empty; (empty = ring_take(bench.port)) != NULL;) {
            assert_int_equal(empty->size, 0); /* some kernels hand it over */
            packet_release(empty);
        }
        (void)send_some(60, 3);
        drain(60);
    }
    end();
}

static void what_is_written_arrives_in_order_and_goes_home(void **state)
{
    (void)state;
    begin(SLOTS);
    for (uint32_t i = 0; i < 100; i++) {
        struct tapir_packet *packet = pool_take(&bench.pool);
        assert_non_null(packet);
        memcpy(packet->data, &i, sizeof i);
        ring_write(bench.port, packet, (struct iovec){packet->data, 60 + i});
    }
    assert_int_equal(bench.written, 0);
    ring_flush(bench.port);
    assert_int_equal(bench.written, 100);
    for (uint32_t i = 0; i < 100; i++) {
        uint8_t frame[200];
        assert_int_equal(recv(bench.ends[1], frame, sizeof frame, MSG_DONTWAIT), 60 + i);
        assert_memory_equal(frame, &i, sizeof i);
    }
    end();
}

static void a_stopped_port_reads_no_more_until_it_is_started_anew(void **state)
{
    (void)state;
    begin(SLOTS);
    fill(60);
    ring_stop(bench.port);
    unsigned before = bench.arrived;
    fill(60);
    assert_int_equal(bench.arrived, before);
    ring_start(bench.port, bench.ends[0]);
    drain(60);
    end();
}

static void what_is_listened_to_is_told_once_a_turn(void **state)
{
    (void)state;
    int ear[2];
    uint8_t octet = 1;
    begin(SLOTS);
    assert_int_equal(pipe(ear), 0);
    ring_listen(bench.ring, ear[0]);
    assert_int_equal(ring_wait(bench.ring, 0), RING_QUIET);
    assert_int_equal(write(ear[1], &octet, 1), 1);
    assert_int_equal(ring_wait(bench.ring, INT64_MAX), RING_READABLE);
    assert_int_equal(read(ear[0], &octet, 1), 1);
    assert_int_equal(ring_wait(bench.ring, 1000000), RING_QUIET);
    assert_int_equal(write(ear[1], &octet, 1), 1);
    assert_int_equal(ring_wait(bench.ring, INT64_MAX), RING_READABLE);
    close(ear[0]);
    close(ear[1]);
    end();
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_port_without_slots_reads_on_when_one_comes_home),
        cmocka_unit_test(a_read_that_ended_without_an_error_is_made_again),
        cmocka_unit_test(what_is_written_arrives_in_order_and_goes_home),
        cmocka_unit_test(a_stopped_port_reads_no_more_until_it_is_started_anew),
        cmocka_unit_test(what_is_listened_to_is_told_once_a_turn),
    };
    return RUN_TABLE("ring: ahead", rows, check) + cmocka_run_group_tests_name("ring", others, NULL, NULL);
}
