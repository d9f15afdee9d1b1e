/* `tapir host`: the network file of a single host, written by the command line.
 *
 * Read next: apps/run.c. */
#include <stdio.h>
#include <string.h>

#include "apps/commands.h"
#include "apps/config_build.h"
#include "apps/config_value.h"
#include "apps/run.h"
#include "tap/log.h"
#include "tap/text.h"

enum {
    MTU = 1500,
    OPS = 3 /* interface, address, default route */
};

struct host {
    struct ip4_prefix address;
    struct ip4 gateway;
    bool has_gateway;
    struct network_interface interface;
};

/* Locally administered, the same every time: FNV-1a of the device's name. */
static struct mac derive_mac(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++)
        hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    struct mac mac = {{0x02}};
    for (size_t i = 1; i < 6; i++)
        mac.octet[i] = (uint8_t)(hash >> (8 * i));
    return mac;
}

static int complain(const char *what, const char *value, const char *instead)
{
    log_event(LOG_ERROR, "%s \"%s\"; %s", what, value, instead);
    return EXIT_USAGE;
}

/* Reads "via GATEWAY", "peer ADDRESS/LEN", "netns NAME". 0, or the exit code after a line on stderr. */
static int parse_word(struct host *host, char *word, char *value)
{
    struct network_interface *interface = &host->interface;
    if (strcmp(word, "via") == 0) {
        host->has_gateway = text_parse_ip4(value, &host->gateway);
        return host->has_gateway ? 0 : complain("no gateway:", value, "write an address like 10.0.0.1");
    }
    if (strcmp(word, "peer") == 0) {
        interface->has_peer = text_parse_prefix(value, &interface->peer);
        return interface->has_peer ? 0 : complain("no peer address:", value, "write it like 10.0.0.1/24");
    }
    if (strcmp(word, "netns") != 0)
        return complain("unknown word", word, "write via GATEWAY, peer ADDRESS/LEN or netns NAME");
    interface->netns = value;
    return 0;
}

/* What a network file is told with its line: addresses that cannot speak with each other. NULL: they can. */
static const char *mismatch(const struct host *host)
{
    const struct network_interface *interface = &host->interface;
    if (host->has_gateway && !prefix_holds(host->address, host->gateway))
        return "the gateway is not in the host's network; write an address that is";
    if (host->has_gateway && host->gateway.value == host->address.address.value)
        return "the gateway is the host itself; write the address of a router";
    if (interface->has_peer && !prefix_holds(host->address, interface->peer.address))
        return "the peer is not in the host's network; write an address that is";
    if (interface->has_peer && interface->peer.address.value == host->address.address.value)
        return "the peer has the address of the host; write another of the same network";
    return NULL;
}

/* 0, or the exit code after a line on stderr. `text`: the host's address as it was written. */
static int check_host(const struct host *host, const char *text)
{
    const char *trouble = address_trouble(host->address);
    if (trouble != NULL) {
        log_event(LOG_ERROR, "address %s %s; write the address of a host", text, trouble);
        return EXIT_USAGE;
    }
    trouble = host->interface.has_peer ? address_trouble(host->interface.peer) : NULL;
    if (trouble != NULL) {
        log_event(LOG_ERROR, "the peer's address %s; write the address of a host", trouble);
        return EXIT_USAGE;
    }
    trouble = mismatch(host);
    if (trouble != NULL)
        log_event(LOG_ERROR, "%s", trouble);
    return trouble == NULL ? 0 : EXIT_USAGE;
}

static int run_host(struct host *host)
{
    struct network_interface *interface = &host->interface;
    struct tapir_op ops[OPS] = {{.kind = TAPIR_OP_INTERFACE},
                                {.kind = TAPIR_OP_ADDRESS, .address = host->address},
                                {.kind = TAPIR_OP_ROUTE, .route.via = host->gateway}};
    char name[] = "host";
    struct network_node node = {.name = name,
                                .interfaces = interface,
                                .n_interfaces = 1,
                                .ops = ops,
                                .n_ops = host->has_gateway ? OPS : OPS - 1};
    const struct network network = {.nodes = &node, .n_nodes = 1};

    memcpy(ops[0].interface.name, interface->name, sizeof interface->name);
    ops[0].interface.mac = interface->mac;
    ops[0].interface.mtu = interface->mtu;
    return run_network(&network, NULL, NULL);
}

int host_main(int argc, char **argv)
{
    struct host host = {.interface.mtu = MTU};
    if (argc < 3 || argc % 2 == 0)
        return command_usage("host");
    if (!text_parse_prefix(argv[2], &host.address))
        return complain("no address:", argv[2], "write it like 10.0.0.2/24");
    for (int i = 3; i < argc; i += 2) {
        int code = parse_word(&host, argv[i], argv[i + 1]);
        if (code != 0)
            return code;
    }
    int code = check_host(&host, argv[2]);
    if (code != 0)
        return code;
    host.interface.tap = argv[1];
    host.interface.mac = derive_mac(argv[1]);
    snprintf(host.interface.name, sizeof host.interface.name, "%.15s", argv[1]);
    return run_host(&host);
}
