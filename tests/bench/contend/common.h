/* What contenders and load generators share: namespaces, TAP devices, time, and the shape of a program that answers frames. */
#ifndef TESTS_BENCH_CONTEND_COMMON_H
#define TESTS_BENCH_CONTEND_COMMON_H

#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ETHER_SIZE 14
#define IP4_SIZE   20
#define UDP_SIZE   8
#define HEADERS    (ETHER_SIZE + IP4_SIZE + UDP_SIZE)
#define BATCH      64
#define LARGEST    (65536 + 64)

/* One end of a TAP device: we read and write fd, the kernel's end has the MAC. */
struct tap {
    int fd;
    uint8_t mac[6];
};

/* A program that answers frames. `answer` works on a frame in place and returns the device to send it by, or -1 for none.
 * `virtio`: octets of virtio-net header before each frame, 0 for none. */
struct job {
    struct tap taps[2];
    size_t n_taps, virtio;
    uint32_t address;
    int (*answer)(const struct job *, size_t from, uint8_t *frame, size_t size);
};

/* All contenders have this MAC on all their devices, so that one load fits all. */
extern const uint8_t our_mac[6];

_Noreturn void die(const char *what);
void enter_netns(const char *name);
/* Creates the device in the namespace and sets it up; with `offload` it takes super-frames and partial checksums. */
struct tap open_tap(const char *netns, const char *device, bool virtio, bool offload);
uint64_t now_ns(void);
double number(const char *text);
uint32_t address_of(const char *text);

uint16_t get16(const uint8_t *at);
void put16(uint8_t *at, uint32_t value);
void put32(uint8_t *at, uint32_t value);
/* Adds up 16-bit words; `fold` makes a 16-bit sum of it, not yet complemented. */
uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t size);
uint16_t fold(uint32_t sum);
void ip4_checksum(uint8_t *ip);

/* The engines: none returns. */
_Noreturn void run_epoll(struct job *job, unsigned frames_per_wake_up);
_Noreturn void run_merge(struct job *job);
_Noreturn void run_uring(struct job *job, bool merge);

/* The load: each prints one line of `name=value`. */
int load_flood(char **arguments);
int load_verify(char **arguments);
int load_ping(char **arguments);
int load_tcp(char **arguments);

int forward(const struct job *job, size_t from, uint8_t *frame, size_t size);
int echo(const struct job *job, size_t from, uint8_t *frame, size_t size);

#endif
