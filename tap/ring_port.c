/* Ports of a ring: see tap/ring.h. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tap/ring_inside.h"

enum {
    BUFFERS_FIRST = 16, /* slots of a port that nobody sends much: memory is used up to what is needed */
    BUFFERS_LEAST = 8,
    PORTS_MOST = 65536
};

/* Octets that are read ahead: what is read long before it is written has left the cache by then. */
static const size_t ahead = 512 * 1024;

/* ---- slots to the kernel and back ---- */

static void get_hungry(struct ring_port *port)
{
    if (port->is_hungry || port->fd < 0)
        return;
    port->is_hungry = true;
    port->next_hungry = port->ring->hungry;
    port->ring->hungry = port;
}

/* The kernel takes slots in the order in which they were lent: the place of one is free again long before it comes round. */
static void lend(struct ring_port *port)
{
    int n = 0;
    while (port->n_lent + port->n_arrived < port->most) {
        struct tapir_packet *packet = pool_take(port->pool);
        if (packet == NULL)
            break;
        struct iovec area = port->user->area(port->user, packet);
        unsigned place = port->next_lent++ % RING_BUFFERS;
        port->lent[place] = packet;
        port->n_lent++;
        io_uring_buf_ring_add(port->buffers, area.iov_base, (unsigned)area.iov_len, (unsigned short)place,
                              RING_BUFFERS - 1, n++);
    }
    io_uring_buf_ring_advance(port->buffers, n);
}

static void read_on(struct ring_port *port)
{
    struct io_uring_sqe *request = ring_request(port->ring, (uintptr_t)port, RING_READ);
    if (request == NULL)
        return;
    request->opcode = RING_READ_MULTISHOT;
    request->fd = port->fd;
    request->flags = IOSQE_BUFFER_SELECT;
    request->buf_group = (uint16_t)port->number;
    port->reads = true;
}

/* A pool that has no slot now will have one when some frame goes home: the port asks again in the next turn. */
static bool feed(struct ring_port *port)
{
    if (port->fd < 0)
        return true;
    lend(port);
    if (!port->reads && port->n_lent > 0)
        read_on(port);
    return port->reads && port->n_lent + port->n_arrived >= port->most;
}

void ring_refill(struct ring *ring)
{
    struct ring_port *next, *port = ring->hungry;
    ring->hungry = NULL;
    for (; port != NULL; port = next) {
        next = port->next_hungry;
        port->is_hungry = false;
        if (!feed(port))
            get_hungry(port);
    }
}

/* ---- reading ---- */

static void arrive(struct ring_port *port, unsigned place, uint32_t size)
{
    struct tapir_packet *packet = port->lent[place];
    port->lent[place] = NULL;
    port->n_lent--;
    packet->size = size;
    port->waiting += size;
    __builtin_prefetch(packet->data);
    port->arrived[(port->first + port->n_arrived++) % RING_BUFFERS] = packet;
    port->ring->news = port->ring->news == RING_QUIET ? RING_FRAMES : port->ring->news;
    port->user->arrived(port->user);
}

/* All slots are full: they were too few, unless what they hold is much already. */
static void adapt(struct ring_port *port)
{
    if (port->waiting > ahead && port->most > BUFFERS_LEAST)
        port->most /= 2;
    else if (port->waiting <= ahead / 2 && port->most < RING_BUFFERS)
        port->most *= 2;
}

/* The one read of a port has ended: for want of slots, because it was cancelled, or because the device refuses. */
static void read_ended(struct ring_port *port, int error)
{
    port->reads = false;
    if (error == ENOBUFS)
        adapt(port);
    get_hungry(port);
    if (error != 0 && error != ENOBUFS && error != ECANCELED && port->fd >= 0)
        port->user->broken(port->user, error);
}

void ring_port_read(struct ring_port *port, int result, uint32_t flags)
{
    if (flags & IORING_CQE_F_BUFFER)
        arrive(port, flags >> IORING_CQE_BUFFER_SHIFT, result > 0 ? (uint32_t)result : 0);
    if ((flags & IORING_CQE_F_MORE) == 0)
        read_ended(port, result < 0 ? -result : 0);
}

struct tapir_packet *ring_take(struct ring_port *port)
{
    if (port->n_arrived == 0)
        return NULL;
    struct tapir_packet *packet = port->arrived[port->first];
    port->first = (port->first + 1) % RING_BUFFERS;
    port->n_arrived--;
    port->waiting -= packet->size;
    get_hungry(port);
    return packet;
}

/* ---- writing ---- */

static void wrote(struct ring_port *port, struct tapir_packet *packet, int error)
{
    port->writing--;
    port->ring->writing--;
    packet_release(packet);
    port->user->written(port->user, error);
}

void ring_port_wrote(struct ring *ring, struct tapir_packet *packet, int result)
{
    wrote(ring->ports[packet->iface], packet, result < 0 ? -result : 0);
}

/* Which port a packet goes by stands in its `iface`: whoever else knew that field has let it go. */
void ring_write(struct ring_port *port, struct tapir_packet *packet, struct iovec area)
{
    struct io_uring_sqe *request = ring_request(port->ring, (uintptr_t)packet, RING_WRITE);
    port->writing++;
    port->ring->writing++;
    packet->iface = port->number;
    if (request == NULL) {
        wrote(port, packet, EIO);
        return;
    }
    request->opcode = IORING_OP_WRITE;
    request->fd = port->fd;
    request->addr = (uintptr_t)area.iov_base;
    request->len = (uint32_t)area.iov_len;
}

void ring_flush(struct ring_port *port)
{
    while (port->writing > 0 && ring_await_one(port->ring))
        ;
}

/* ---- life ---- */

static bool take_number(struct ring *ring, struct ring_port *port)
{
    while (port->number < ring->n_ports && ring->ports[port->number] != NULL)
        port->number++;
    if (port->number == ring->n_ports) {
        struct ring_port **ports =
            port->number == PORTS_MOST
                ? NULL
                : realloc(ring->ports, (port->number + 1) * sizeof(struct ring_port *));
        if (ports == NULL)
            return false;
        ring->ports = ports;
        ring->n_ports++;
    }
    ring->ports[port->number] = port;
    return true;
}

static bool share_buffers(struct ring_port *port)
{
    size_t size = RING_BUFFERS * sizeof(struct io_uring_buf);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    struct io_uring_buf_reg reg = {
        .ring_addr = (uintptr_t)memory, .ring_entries = RING_BUFFERS, .bgid = (uint16_t)port->number};
    int result = io_uring_register_buf_ring(&port->ring->uring, &reg, 0);
    if (result != 0) {
        munmap(memory, size);
        errno = -result;
        return false;
    }
    port->buffers = memory;
    return true;
}

struct ring_port *ring_open(struct ring *ring, struct pool *pool, struct ring_user *user)
{
    struct ring_port *port = calloc(1, sizeof *port);
    if (port == NULL)
        return NULL;
    *port = (struct ring_port){.ring = ring, .pool = pool, .user = user, .most = BUFFERS_FIRST, .fd = -1};
    if (!take_number(ring, port)) {
        free(port);
        return NULL;
    }
    if (!share_buffers(port)) {
        ring_close(port);
        return NULL;
    }
    return port;
}

void ring_start(struct ring_port *port, int fd)
{
    port->fd = fd;
    get_hungry(port);
}

/* A closed file lives on while something reads it, and its device with it. */
void ring_stop(struct ring_port *port)
{
    int fd = port->fd;
    struct io_uring_sqe *request = port->reads && fd >= 0 ? ring_request(port->ring, 0, RING_CANCEL) : NULL;
    port->fd = -1;
    if (request != NULL) {
        request->opcode = IORING_OP_ASYNC_CANCEL;
        request->fd = -1;
        request->addr = (uintptr_t)port | RING_READ;
    }
    while ((port->reads || port->writing > 0) && ring_await_one(port->ring))
        ;
}

static void go_home(struct ring_port *port)
{
    for (unsigned i = 0; i < RING_BUFFERS; i++)
        if (port->lent[i] != NULL)
            packet_release(port->lent[i]);
    struct tapir_packet *packet;
    while ((packet = ring_take(port)) != NULL)
        packet_release(packet);
}

static void leave_hungry(struct ring_port *port)
{
    struct ring_port **link = &port->ring->hungry;
    while (*link != NULL && *link != port)
        link = &(*link)->next_hungry;
    if (*link != NULL)
        *link = port->next_hungry;
}

void ring_close(struct ring_port *port)
{
    if (port == NULL)
        return;
    ring_stop(port);
    if (port->buffers != NULL) {
        (void)io_uring_unregister_buf_ring(&port->ring->uring, (int)port->number);
        munmap(port->buffers, RING_BUFFERS * sizeof(struct io_uring_buf));
        go_home(port);
    }
    leave_hungry(port);
    port->ring->ports[port->number] = NULL;
    free(port);
}
