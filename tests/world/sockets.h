/* Sockets on the bench: open, say, hear, by the public functions alone. Next: tests/world/bench.h. */
#ifndef TESTS_WORLD_SOCKETS_H
#define TESTS_WORLD_SOCKETS_H

#include "tests/world/bench.h"

static inline struct ip4 ip4_of(int64_t ip)
{
    return (struct ip4){(uint32_t)ip};
}

/* Opens a socket; `options` may be NULL. Opens one that is bound. */
struct tapir_socket *open_socket(struct bench *bench, enum tapir_protocol protocol,
                                 const struct tapir_socket_options *options);
struct tapir_socket *open_at(struct bench *bench, enum tapir_protocol protocol, int64_t address,
                             uint16_t port);

/* Commits `size` octets of `bytes` (NULL: of 'x') and lets them go. `how`: destination and whatever else. */
enum tapir_result say(struct bench *bench, struct tapir_socket *socket, const struct tapir_message *how,
                      const void *bytes, size_t size);

/* Says 8 octets to a port. */
enum tapir_result say_to(struct bench *bench, struct tapir_socket *socket, int64_t to, uint16_t port);

/* Takes the next message, of which only what lies in the ring dies; fails when there is none. Fails when there is one. */
struct tapir_message hear(struct tapir_socket *socket);
void expect_silence(struct tapir_socket *socket);

#endif
