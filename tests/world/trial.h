/* Trials: tests of behaviour as rows. Given this, when that frame arrives, so much happens and nothing else.
 *
 *     {.sentence = "TTL 1 ends here", .ids = "FWD-4", .frame = {.to = HOST_B, .ttl = 1},
 *      .expected = {.reaction = IS_ERROR, .type = 11}, .verdict = TAPIR_IP4_TTL}
 *
 * Source, destination, TTL, TOS, quote and link addresses of a reaction are checked unless a row says otherwise.
 * Next: tests/world/bench.h. */
#ifndef TESTS_WORLD_TRIAL_H
#define TESTS_WORLD_TRIAL_H

#include "tests/world/bench.h"

enum reaction {
    SILENCE,
    IS_ECHOED,     /* an ICMP echo reply with all the data */
    IS_REPLIED,    /* an ICMP reply of `type`, with the octets 4 to 7 asked and these `octets` behind them */
    IS_UDP_ECHOED, /* by the service, with all the data */
    IS_FORWARDED,  /* the same octets but for TTL and checksum */
    IS_ERROR,      /* one ICMP error */
    IS_RESET,      /* one RST */
    IS_DELIVERED,  /* taken by the service, which sends nothing */
    IS_NOTICED     /* an ICMP error, told to a socket */
};

/* One reaction and its details; 0: as it should be, ZERO: the number 0. */
struct expected {
    enum reaction reaction;
    int type, code;     /* of the error or reply */
    const char *octets; /* of the reply, in hex from its octet 8 on: "00 01 5f 90"; NULL: none */
    int64_t to;         /* of the reply: who asked */
    int64_t rest;       /* of the reply: octets 4 to 7, those asked */
    int pointer, mtu;   /* in it; otherwise octets 4 to 7 are zero */
    int quote;          /* octets quoted: all, at most 548 */
    int64_t source;     /* the address asked, or that of the interface */
    int ttl, tos; /* 64; of errors 0xc0 from a router and ZERO from a host, of replies that of the request */
    int data;     /* octets echoed: all */
    int out;      /* 1 + tap: answers leave where the frame came from, transit by the other */
    int64_t next_hop; /* whose MAC it is sent to: host of the source, for transit the destination */
    int64_t sequence, acknowledgment; /* of the RST; flags as below */
    int flags;
};

/* A row of a table: given this, when this frame arrives, that happens and nothing else within a second. A row
 * of silence has a control: the same frame with only the fault mended, which must get its reply on the same
 * bench. */
struct trial {
    const char *sentence;
    const char *ids; /* rows of the ledger, at most two: "ERR-8 ERR-9" */
    enum bench_kind bench;
    const char *given;
    struct frame frame;
    struct expected expected;
    enum tapir_verdict verdict; /* of the frame; 0: as the reaction implies */
    enum tapir_verdict answer;  /* what became of the message it earned; 0: sent, or none was earned */
    struct frame control;
    struct expected control_expected;
    const char *control_given; /* orders before the control, when a setting is what is wrong */
};

/* Runs one row; a `check` for RUN_TABLE. */
void bench_try(void **state);

#endif
