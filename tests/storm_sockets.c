#include "tests/table.h"

#include "tests/storm.h"

#include <string.h>

static const uint16_t ports[] = {0, 1, 7, 53, 65, 5000, 33434, 40000, 65535};
static const uint32_t groups[] = {0xe0000001, 0xe0000005, 0xefffffff, 0x0a000001};
static const uint32_t peers[] = {0x0a00000a, 0x0a00000b, 0x0a0000fe, 0x0a00010a, 0x0a000001,
                                 0x0a000101, 0x0a090001, 0x0a420001, 0x0a430001, 0x0a440001,
                                 0x08080808, 0x0a0000ff, 0xffffffff, 0xe0000001, 0xe0000005,
                                 0x7f000001, 0xf0000001, 0,          0x0a00002a};
static const uint8_t queries[] = {8, 13, 15, 17, 42, 8, 0, 3, 255};

static void expect(struct storm *storm, bool holds, const char *what)
{
    if (!holds)
        storm_fault(storm, what, NULL);
}

static struct tapir_socket *some_socket(struct storm *storm)
{
    struct dice *dice = &storm->dice;
    const struct tapir_socket_options options = {.receive = 64 + dice_below(dice, 4000),
                                                 .send = 64 + dice_below(dice, 4000),
                                                 .share = dice_once_in(dice, 2)};
    return tapir_open(storm->stack, dice_once_in(dice, 2) ? TAPIR_ICMP : TAPIR_UDP, &options);
}

static void say(struct storm *storm, struct tapir_socket *socket)
{
    struct dice *dice = &storm->dice;
    struct tapir_message message;
    if (tapir_reserve(socket, dice_below(dice, 1200), &message) != TAPIR_OK)
        return;
    dice_fill(dice, message.data, message.size);
    message.destination.value = DICE_PICK(dice, peers);
    message.destination_port = DICE_PICK(dice, ports);
    message.source.value = dice_once_in(dice, 4) ? DICE_PICK(dice, peers) : 0;
    message.icmp_type = DICE_PICK(dice, queries);
    message.iface = dice_below(dice, STORM_IFACES + 1);
    message.ttl = (uint8_t)dice_below(dice, 4);
    message.dont_fragment = dice_once_in(dice, 2);
    if (dice_once_in(dice, 4))
        message.size = dice_below(dice, (uint32_t)message.size + 1);
    if (!dice_once_in(dice, 50))
        tapir_commit(socket, &message);
}

static void judge(struct storm *storm, const struct tapir_message *message)
{
    uint8_t type = message->icmp_type;
    expect(storm, message->options_size <= 40 && message->options_size % 4 == 0, "options of a wrong size");
    unsigned sum = 0;
    for (size_t i = 0; i < message->size; i++)
        sum += message->data[i]; /* AddressSanitizer looks */
    storm->talked += sum == 0 ? 1 : 2;
    if (message->error == TAPIR_OK)
        expect(storm, type == 0 || type == 14 || type == 16 || type == 18 || type == 43, "no reply");
    else
        expect(storm, type == 3 || type == 11 || type == 12, "no error");
    expect(storm, message->error == TAPIR_OK || message->source_port != 0, "an error about nobody's message");
    expect(storm, message->mtu == 0 || message->error == TAPIR_TOO_LARGE, "an MTU of another error");
}

static void hear(struct storm *storm, struct tapir_socket *socket)
{
    struct tapir_message message;
    for (uint32_t n = dice_below(&storm->dice, 20); n > 0 && tapir_peek(socket, &message) == TAPIR_OK; n--) {
        judge(storm, &message);
        tapir_consume(socket);
    }
}

static void do_something(struct storm *storm, struct tapir_socket **socket)
{
    struct dice *dice = &storm->dice;
    const struct ip4 peer = {DICE_PICK(dice, peers)}, group = {DICE_PICK(dice, groups)};
    uint32_t what = dice_below(dice, 100);
    if (*socket == NULL)
        *socket = some_socket(storm);
    else if (what < 60)
        say(storm, *socket);
    else if (what < 80)
        hear(storm, *socket);
    else if (what < 85)
        tapir_bind(*socket, dice_once_in(dice, 2) ? peer : (struct ip4){0}, DICE_PICK(dice, ports));
    else if (what < 88)
        tapir_connect(*socket, peer, DICE_PICK(dice, ports));
    else if (what < 94)
        tapir_join(*socket, group, dice_below(dice, STORM_IFACES + 1));
    else if (what < 96)
        tapir_leave(*socket, group, dice_below(dice, STORM_IFACES + 1));
    else if (what < 98) {
        tapir_shut(*socket);
        *socket = NULL;
    }
}

void storm_talk(struct storm *storm)
{
    for (uint32_t n = dice_below(&storm->dice, 10); n > 0; n--)
        do_something(storm, &storm->talkers[dice_below(&storm->dice, STORM_TALKERS)]);
}
