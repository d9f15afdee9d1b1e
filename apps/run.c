/* A network in real time: see apps/run.h. Prints "ready" and, on SIGUSR1, the counters of every node. */
#include "apps/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "apps/commands.h"
#include "apps/config.h"
#include "apps/record.h"
#include "tap/log.h"
#include "tap/loop.h"
#include "tap/text.h"

struct run {
    const struct network *network;
    const char *path; /* NULL: no file */
    struct loop *loop;
    struct world *world;
    bool ready, is_recorded;
};

/* ---- counters ---- */

static void print_origin(const char *node, const char *origin, const struct tapir_counters *counters,
                         size_t which)
{
    printf("%s: %" PRIu64 " %s = %" PRIu64 " settled + %" PRIu64 " held + %" PRIu64 " waiting\n", node,
           counters->packets[which], origin, counters->settled[which], counters->held[which],
           counters->waiting[which]);
}

/* Every verdict that was given, with the sentence that explains it. */
static void print_node(struct node *node)
{
    const struct tapir_counters *counters = tapir_counters(node_stack(node));
    const char *name = node_spec(node)->name;

    print_origin(name, "received", counters, TAPIR_RECEIVED);
    print_origin(name, "born", counters, TAPIR_BORN);
    for (int verdict = TAPIR_UNSETTLED + 1; verdict < TAPIR_VERDICT_COUNT; verdict++) {
        const uint64_t *count = counters->verdicts[verdict];
        const struct tapir_fate *fate = tapir_fate((enum tapir_verdict)verdict);
        if (count[TAPIR_RECEIVED] + count[TAPIR_BORN] == 0)
            continue;
        printf("%s: %-24s %10" PRIu64 " received %10" PRIu64 " born  %s\n", name, fate->name,
               count[TAPIR_RECEIVED], count[TAPIR_BORN], fate->text);
    }
}

/* What became of the frames that nodes have sent into a link: its queue may refuse them. */
static void print_link(const char *name, const struct cable_counters *counters)
{
    for (int fate = 0; fate < CABLE_FATE_COUNT; fate++)
        if (counters->frames[fate] > 0)
            printf("link %s: %-19s %10" PRIu64 " frames\n", name, cable_fate_name((enum cable_fate)fate),
                   counters->frames[fate]);
}

static void on_report(void *context)
{
    struct run *run = context;
    for (size_t i = 0; i < world_nodes(run->world); i++)
        print_node(world_node(run->world, i));
    for (size_t i = 0; i < run->network->n_links; i++)
        print_link(run->network->links[i].name, cable_counters(world_cable(run->world, i)));
    fflush(stdout);
}

/* ---- events ---- */

static void on_ready(void *context)
{
    struct run *run = context;
    run->ready = true;
    puts("ready");
    fflush(stdout);
}

/* Before "ready" an address that another host has ends the run: what was asked for cannot be had. */
static void on_event(void *context, struct node *node, const struct tapir_event *event)
{
    struct run *run = context;
    const struct network_node *spec = node_spec(node);
    char address[TEXT_IP4], mac[TEXT_MAC], where[64];

    if (event->socket != NULL || event->iface >= spec->n_interfaces)
        return;
    text_ip4(address, sizeof address, event->address);
    text_mac(mac, sizeof mac, event->mac);
    snprintf(where, sizeof where, "node %s, %s", spec->name, spec->interfaces[event->iface].name);
    if (event->bits & TAPIR_EVENT_LOST && !run->ready) {
        log_event(LOG_ERROR, "%s: address %s is in use by %s; take another address or switch that host off",
                  where, address, mac);
        loop_stop(run->loop, EXIT_USAGE);
    } else if (event->bits & TAPIR_EVENT_LOST) {
        log_event(LOG_WARNING, "%s: address %s given up: %s uses it too", where, address, mac);
    } else if (event->bits & TAPIR_EVENT_CONFLICT) {
        log_event(LOG_WARNING, "%s: %s claims our address %s", where, mac, address);
    } else if (event->bits & TAPIR_EVENT_MOVED) {
        log_event(LOG_INFO, "%s: neighbor %s is now at %s", where, address, mac);
    } else if (event->bits & TAPIR_EVENT_CLAIMED) {
        log_event(LOG_WARNING, "%s: %s claims to be neighbor %s", where, mac, address);
    } else if (event->bits & TAPIR_EVENT_MASK) {
        log_event(LOG_INFO, "%s: address %s has prefix length %u, says an address mask reply", where, address,
                  event->length);
    }
}

/* ---- life ---- */

static void complain(const struct run *run, int line, const char *error)
{
    if (run->path == NULL || line == 0)
        log_event(LOG_ERROR, "%s", error);
    else
        fprintf(stderr, "%s:%d: %s\n", run->path, line, error);
}

/* A recording is of frames as a wire carries them: replay has no devices that could complete them. */
static enum network_offload offload_of(const struct run *run, const struct network_interface *interface)
{
    return run->is_recorded ? NETWORK_OFFLOAD_OFF : interface->offload;
}

static bool open_interface(struct run *run, const struct network_interface *interface, struct device **device)
{
    char error[TAP_ERROR];
    const struct tap_spec spec = {.name = interface->tap,
                                  .netns = interface->netns,
                                  .mtu = interface->mtu,
                                  .is_default = !interface->has_mtu,
                                  .offload = offload_of(run, interface),
                                  .has_peer = interface->has_peer,
                                  .has_gateway = interface->has_gateway,
                                  .peer = interface->peer,
                                  .gateway = interface->gateway};
    *device = loop_open_tap(run->loop, &spec, interface->netns, error, sizeof error);
    if (*device == NULL)
        complain(run, interface->line, error);
    return *device != NULL;
}

/* Opens the devices and gives them to their nodes. They are all attached before the first turn. */
static bool open_devices(struct run *run)
{
    for (size_t i = 0; i < run->network->n_nodes; i++) {
        const struct network_node *spec = &run->network->nodes[i];
        for (size_t j = 0; j < spec->n_interfaces; j++) {
            struct device *device;
            if (spec->interfaces[j].tap == NULL)
                continue;
            if (!open_interface(run, &spec->interfaces[j], &device))
                return false;
            node_attach(world_node(run->world, i), (unsigned)j, device);
        }
    }
    return true;
}

static bool make_world(struct run *run)
{
    uint8_t seed[16];
    char error[TAP_ERROR];
    const struct node_watcher watcher = {.event = on_event, .context = run};

    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        log_event(LOG_ERROR, "no random numbers from the system: %s", strerror(errno));
        return false;
    }
    run->world = world_create(run->network, seed, &watcher, loop_now(), error, sizeof error);
    if (run->world == NULL)
        log_event(LOG_ERROR, "%s%s%s", run->path == NULL ? "" : run->path, run->path == NULL ? "" : ": ",
                  error);
    return run->world != NULL;
}

int run_network(const struct network *network, const char *path, const char *record)
{
    struct run run = {.network = network, .path = path, .is_recorded = record != NULL};
    struct record recording = {0};
    const struct loop_listener listener = {on_ready, on_report, &run};
    char error[TAP_ERROR];
    int code = EXIT_USAGE; /* also when the environment is not as it should be */

    run.loop = loop_create(&network->loop, &listener, error, sizeof error);
    if (run.loop == NULL)
        log_event(LOG_ERROR, "%s", error);
    else if (make_world(&run) && (record == NULL || record_begin(&recording, record, path, run.world)) &&
             open_devices(&run))
        code = loop_run(run.loop, run.world);
    if (run.world != NULL)
        world_destroy(run.world, loop_now());
    if (!record_end(&recording))
        code = EXIT_USAGE;
    loop_destroy(run.loop);
    return code;
}

static void on_warning(void *context, const char *line)
{
    (void)context;
    log_event(LOG_WARNING, "%s", line);
}

int run_main(int argc, char **argv)
{
    const struct config_warnings warnings = {on_warning, NULL};
    const char *record = NULL;
    char error[TAP_ERROR];
    int at = 1;

    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "-v") == 0)
            log_limit(LOG_INFO);
        else if (strcmp(argv[at], "--record") == 0 && at + 1 < argc)
            record = argv[++at];
        else
            return command_usage("run");
    }
    if (argc - at != 1)
        return command_usage("run");
    struct network *network = config_read(argv[at], error, sizeof error, &warnings);
    if (network == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_USAGE;
    }
    int code = EXIT_USAGE;
    if (record != NULL && network->n_traffic > 0)
        fprintf(stderr,
                "%s: a recording does not keep what traffic asks for; take the traffic sections out\n",
                argv[at]);
    else
        code = run_network(network, argv[at], record);
    network_free(network);
    return code;
}
