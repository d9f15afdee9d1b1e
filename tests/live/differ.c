/* Sends every stimulus to the router behind two interfaces and prints one line for each: its name, a tab, and what the
 * router sent, in words and in the order of the words: `differ INTERFACE-A INTERFACE-B`.
 *
 * Nothing waits for a clock: behind a stimulus goes an echo request on both sides, and its replies tell that what came
 * before has been dealt with. Three rounds, since the tester's answer to an ARP request may free a packet that earns
 * another one. Words: differ_tell.c. Table: differ_stimuli.c. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/live/differ.h"

enum {
    ROUNDS = 3,
    PATIENCE = 2000, /* ms for a reply to a marker */
    SETTLED = 30,    /* ms after which a kernel lets a neighbor change again */
    REACTIONS = 32,
    WORDS = 1024
};

struct tester {
    int socket[2];
    unsigned marker; /* the identifier of the marker that is on its way */
    bool marked[2];  /* its reply is here */
    const struct stimulus *stimulus;
    struct sent sent;
    char reactions[REACTIONS][WORDS];
    int n;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "differ: %s: %s\n", what, strerror(errno));
    exit(2);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static int listen_on(const char *name)
{
    int on = 1, fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    struct packet_mreq every = {.mr_type = PACKET_MR_PROMISC};
    to.sll_ifindex = every.mr_ifindex = (int)if_nametoindex(name);
    if (fd < 0 || to.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&to, sizeof to) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &every, sizeof every) < 0)
        die(name);
    return fd;
}

static void transmit(const struct tester *tester, enum tap side, const uint8_t *bytes, size_t size)
{
    if (send(tester->socket[side], bytes, size, 0) != (ssize_t)size)
        die("send");
}

/* ---- what comes ---- */

static void answer_arp(const struct tester *tester, enum tap side, const struct view *request)
{
    uint8_t bytes[64];
    struct arp_frame reply = {
        .on = side, .operation = 2, .sender = request->target, .to_mac = request->sender_mac};
    reply.target_mac = request->sender_mac;
    reply.target = request->sender;
    if ((request->target & 255) != 99)
        transmit(tester, side, bytes, arp_frame_build(&reply, bytes));
}

static bool is_marker(const struct tester *tester, const struct view *view)
{
    return view->type == 0x0800 && view->protocol == 1 && view->icmp_type == 0 &&
           view->rest >> 16 == 0x7e57 && (view->rest & 0xffff) == tester->marker;
}

static void note(struct tester *tester, enum tap side, const uint8_t *bytes, size_t size)
{
    if (tester->n < REACTIONS)
        tell(&tester->sent, side == TAP_A ? 'a' : 'b', bytes, size, tester->reactions[tester->n++], WORDS);
}

static void take(struct tester *tester, enum tap side)
{
    uint8_t bytes[FRAME_MAX] = {0};
    struct view view;
    ssize_t size = recv(tester->socket[side], bytes, sizeof bytes, 0);
    if (size < 14)
        return;
    const char *wrong = frame_view(bytes, size < 60 ? 60 : (size_t)size, &view);
    bool is_request = wrong == NULL && view.type == 0x0806 && view.operation == 1;
    if (wrong == NULL && is_marker(tester, &view))
        tester->marked[side] = true;
    else if (wrong == NULL && view.type == 0x0800 && view.protocol == 1 && view.icmp_type == 0 &&
             view.rest >> 16 == 0x7e57)
        return; /* a late one */
    else if (!is_request || tester->stimulus->asking)
        note(tester, side, bytes, (size_t)size);
    if (is_request)
        answer_arp(tester, side, &view);
}

/* Takes what comes until `until`, or until both markers are back. */
static void attend(struct tester *tester, int64_t until, bool for_markers)
{
    while (!for_markers || !tester->marked[TAP_A] || !tester->marked[TAP_B]) {
        struct pollfd fds[] = {{tester->socket[TAP_A], POLLIN, 0}, {tester->socket[TAP_B], POLLIN, 0}};
        int64_t left = until - now_ms();
        if (left < 0 || poll(fds, 2, (int)left) == 0)
            break;
        for (enum tap side = TAP_A; side <= TAP_B; side++)
            if (fds[side].revents != 0)
                take(tester, side);
    }
    if (for_markers && (!tester->marked[TAP_A] || !tester->marked[TAP_B])) {
        fprintf(stderr, "differ: the router does not answer after: %s\n", tester->stimulus->name);
        exit(1);
    }
}

/* A host of its own sends the markers, so that nothing that is learnt of others touches it. */
static void mark(struct tester *tester)
{
    uint8_t bytes[FRAME_MAX];
    tester->marked[TAP_A] = tester->marked[TAP_B] = false;
    tester->marker = (tester->marker + 1) & 0xffff;
    for (enum tap side = TAP_A; side <= TAP_B; side++) {
        struct frame frame = {.on = side, .from = side == TAP_A ? IP(10, 0, 1, 200) : IP(10, 0, 2, 200)};
        frame.rest = 0x7e570000 | tester->marker;
        transmit(tester, side, bytes, frame_build(&frame, bytes));
    }
    attend(tester, now_ms() + PATIENCE, true);
}

/* ---- one stimulus ---- */

static void stimulate(struct tester *tester)
{
    const struct stimulus *stimulus = tester->stimulus;
    uint8_t arp[64];
    tester->sent.n = stimulus->n != 0 ? (size_t)stimulus->n : stimulus->arp == NULL;
    if (stimulus->arp != NULL)
        transmit(tester, stimulus->arp->on, arp, arp_frame_build(stimulus->arp, arp));
    if (stimulus->arp != NULL && tester->sent.n > 0)
        mark(tester); /* no router promises an order between its interfaces */
    for (size_t i = 0; i < tester->sent.n; i++) {
        tester->sent.size[i] = frame_build(&stimulus->frames[i], tester->sent.bytes[i]);
        transmit(tester, stimulus->frames[i].on, tester->sent.bytes[i], tester->sent.size[i]);
    }
}

static int compare(const void *left, const void *right)
{
    return strcmp(left, right);
}

static void run(struct tester *tester, const struct stimulus *stimulus)
{
    tester->stimulus = stimulus;
    tester->n = 0;
    stimulate(tester);
    for (int round = 0; round < ROUNDS; round++)
        mark(tester);
    int wait = stimulus->arp != NULL ? SETTLED : 2;
    attend(tester, now_ms() + (stimulus->wait != 0 ? stimulus->wait : wait), false);
    qsort(tester->reactions, (size_t)tester->n, WORDS, compare);
    printf("%s\t", stimulus->name);
    for (int i = 0; i < tester->n; i++)
        printf("%s%s", i > 0 ? "; " : "", tester->reactions[i]);
    printf(tester->n == 0 ? "nothing\n" : "\n");
}

int main(int argc, char **argv)
{
    static struct tester tester;
    cpu_set_t one;
    if (argc != 3) {
        fputs("usage: differ INTERFACE-A INTERFACE-B\n", stderr);
        return 2;
    }
    /* On one processor the kernel's router takes frames in the order in which they are sent. */
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    tester.socket[TAP_A] = listen_on(argv[1]);
    tester.socket[TAP_B] = listen_on(argv[2]);
    tester.stimulus = &(struct stimulus){.name = "the start"};
    mark(&tester);
    for (size_t i = 0; i < stimuli_count; i++)
        run(&tester, &stimuli[i]);
    return 0;
}
