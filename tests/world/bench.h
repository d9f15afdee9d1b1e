/* The bench: one stack between two wires, in virtual time, with a clerk who checks everything.
 *
 *                 host A  10.0.1.10 --.                        .-- host B 10.0.2.10
 *     router 2 (10.9/16)  10.0.1.2  --+-- tapA [ DUT ] tapB ---+
 *     gateways 10.0.1.254, .253     --'    .1          .1      '
 *
 * ROUTER has both interfaces and forwards; HOST has tapA alone and a default route by gateway 1. The UDP echo
 * service listens on 7. All neighbors are known and ICMP rates are off, unless `given` says otherwise.
 *
 * Checked without being asked: every frame that leaves (bench_check.c); after each call the conservation of
 * packets and the return of every slot; at the end one final verdict for each number, and no memory lost.
 *
 * Most tests are rows of `struct trial`: tests/world/trial.h. Next: tests/world/frames.h, tests/table.h. */
#ifndef TESTS_WORLD_BENCH_H
#define TESTS_WORLD_BENCH_H

#include "tapir.h"
#include "tests/table.h"
#include "tests/world/frames.h"

#define MS      INT64_C(1000000)
#define SECONDS INT64_C(1000000000)

enum bench_kind {
    ROUTER,
    HOST
};

/* A frame that the stack was given, and what became of it. */
struct given_frame {
    uint8_t *bytes, *wire; /* as given; as it is on a wire: its checksum complete */
    size_t size;
    struct tapir_offload offload;
    uint64_t into; /* number of the packet that carries its bytes on */
    enum tap on;
    enum tapir_verdict verdict, answer; /* final; TAPIR_UNSETTLED: not yet */
    unsigned holds;                     /* times that it came back with a verdict of kind held */
    unsigned answers;                   /* ICMP errors and resets that it caused */
    uint32_t entry;                     /* that decided */
};

/* A frame that left, and when. Its view leads into its bytes. */
struct sight {
    int64_t at_ns;
    enum tap on;
    bool forwarded;
    uint64_t number, cause;
    uint8_t *bytes;
    size_t size;
    struct tapir_offload
        offload; /* partial: the checksum was left to the device, and is complete in `bytes` */
    struct view view;
};

/* A frame as a device hands it over. */
struct arrival {
    const uint8_t *bytes;
    size_t size;
    struct tapir_offload offload;
};

struct bench {
    struct tapir *stack;
    struct tapir_socket *echo;
    enum bench_kind kind;
    int64_t now_ns;
    bool deaf, amplifies;       /* the service does not run; answers to broadcasts are wanted */
    bool passes_broadcasts[2];  /* directed ones for the network of a tap are wanted */
    uint8_t takes[2];           /* beyond whole frames, by tap */
    bool counts_hops[2];        /* of RFC 1393: what arrives at a tap gets one more */
    bool proxies;               /* ARP replies for hosts behind it are wanted */
    bool marked;                /* all memory of the stack was full of 0xa5 */
    bool traces;                /* frames that arrive are marked traced from now on */
    struct given_frame *frames; /* by number; [0] is nobody */
    struct sight *sights;       /* all that left */
    enum tapir_verdict *born;   /* by number */
    uint64_t n_frames, n_sights, n_seen, n_born;
    size_t slots_out[2], memory;
    uint32_t entry;                   /* that decided what got its verdict last */
    struct tapir_packet *taken[4096]; /* out of the store, by bench_starve */
    size_t n_taken;
};

/* Sets a stack up. `given` may be NULL, or orders separated by ';':
 *   strangers                         no neighbor is known
 *   limited                           ICMP rates as they are by default
 *   deaf                              no echo service
 *   amplifies                         answers to broadcasts are no mistake
 *   proxies                           ARP answers for others are no mistake
 *   marked                            all memory that it gets is full of 0xa5
 *   mtu b 576
 *   address a 10.0.1.5/24             another address;  `no address b 10.0.2.1/24`
 *   route 10.8.0.0/16 via 10.0.1.2    also `metric 20` and `tos 8` behind it; `default` is 0.0.0.0/0
 *   route 10.8.0.0/16 prohibit        or unreachable, blackhole
 *   neighbor a 10.0.1.7               its MAC is MAC_OF its address
 *   clock 43200000                    told: so many ms since midnight UT now
 *   no advertise a 10.0.1.5           its Advertise flag is off
 *   down b                            or `up b`
 *   takes b checksum tcp udp          its device completes checksums and takes super-frames; `takes b`: nothing any more
 *   set ip.ttl 200                    `set ip.ttl 200 on a` for one interface */
struct bench *bench_open(enum bench_kind kind, const char *given);

/* Closes the stack, drains it, and checks that nothing was lost. */
void bench_close(struct bench *bench);

/* Orders as above, now. */
void bench_do(struct bench *bench, const char *orders);

/* Lets a frame arrive now; returns its number. */
uint64_t bench_send(struct bench *bench, const struct frame *frame);

/* The same for any octets. */
uint64_t bench_send_bytes(struct bench *bench, enum tap on, const uint8_t *bytes, size_t size);

/* Lets frames arrive together; returns the number of the first. */
uint64_t bench_send_batch(struct bench *bench, enum tap on, const struct arrival arrivals[], size_t n);

/* Lets a station answer ARP: `ip` is at MAC_OF(ip), said to the DUT alone. */
uint64_t bench_send_arp_reply(struct bench *bench, enum tap on, int64_t ip);

/* Takes all that the store has, so that nothing can be born; and gives it back. */
void bench_starve(struct bench *bench);
void bench_starve_all(struct bench *bench); /* also what it keeps for large ones */
void bench_feed(struct bench *bench);

/* Runs to an instant, from deadline to deadline, exactly. Or on by so much. */
void bench_run_until(struct bench *bench, int64_t ns);
void bench_run(struct bench *bench, int64_t ns);

/* Lets what is due now happen: sockets that have something to send. */
void bench_settle(struct bench *bench);

enum tapir_verdict verdict_of(const struct bench *bench, uint64_t number);
enum tapir_verdict answer_of(const struct bench *bench, uint64_t number);
uint64_t count_of(const struct bench *bench, enum tapir_verdict verdict, enum tapir_origin origin);

/* ---- what leaves: each takes the next frame in order of departure, and fails when it is another ---- */

/* The next frame, or NULL. */
const struct sight *bench_next(struct bench *bench);
const struct sight *expect_frame(struct bench *bench);
const struct sight *expect_icmp_error(struct bench *bench, unsigned type, unsigned code);
const struct sight *expect_echo_reply(struct bench *bench);
const struct sight *expect_udp(struct bench *bench, unsigned to_port);
const struct sight *expect_reset(struct bench *bench);
const struct sight *expect_arp_request(struct bench *bench, int64_t target);
const struct sight *expect_forwarded(struct bench *bench, uint64_t number);
void expect_nothing(struct bench *bench);
void expect_verdict(const struct bench *bench, uint64_t number, enum tapir_verdict verdict);
void expect_answer(const struct bench *bench, uint64_t number, enum tapir_verdict answer);

#endif
