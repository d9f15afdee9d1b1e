#include "apps/rerun.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apps/commands.h"
#include "apps/config.h"
#include "apps/record.h"
#include "tap/capture.h"
#include "tap/journey_print.h"
#include "tap/journey_table.h"
#include "tap/rerun.h"

/* One node while it runs again. */
struct again {
    struct journeys *book;
    struct capture *capture; /* or NULL */
    size_t node;
    struct pcapfile_writer *outs[REPLAY_FILES];
    const struct replay_plan *plan;
    uint64_t *read, *sent; /* frames of each interface */
};

/* ---- what the node tells ------------------------------------------------------------------------------- */

static void on_arrived(void *context, struct node *node, const struct tapir_packet *packet, uint64_t number)
{
    struct again *again = context;
    if (again->capture != NULL)
        capture_arrived(again->capture, again->node, packet, number);
    journey_begin(again->book, again->node, packet->iface, ++again->read[packet->iface], node_now(node));
    journey_number(again->book, again->node, true);
}

static void on_settled(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct again *again = context;
    if (again->capture != NULL)
        capture_settled(again->capture, again->node, packet);
    journey_settled(again->book, again->node, packet, node_now(node));
}

static void on_sent(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct again *again = context;
    if (again->capture != NULL)
        capture_sent(again->capture, again->node, packet, node_now(node));
    journey_sent(again->book, again->node, packet, ++again->sent[packet->iface], node_now(node));
    for (size_t i = 0; i < again->plan->n_out; i++)
        if (again->outs[i] != NULL && again->plan->out[i].iface == packet->iface)
            pcapfile_write(again->outs[i], node_now(node), packet->data, packet->size);
}

/* ---- one node ------------------------------------------------------------------------------------------ */

static bool outs_open(struct again *again, char error[PCAPFILE_ERROR])
{
    for (size_t i = 0; i < again->plan->n_out; i++) {
        const struct replay_file *out = &again->plan->out[i];
        char name[CAPTURE_NAME];
        if (out->node != again->node)
            continue;
        capture_name(&again->plan->network->nodes[out->node], out->iface, name);
        again->outs[i] = pcapfile_create(out->path, name, error);
        if (again->outs[i] == NULL)
            return false;
    }
    return true;
}

static bool outs_finish(struct again *again, char error[PCAPFILE_ERROR])
{
    bool written = true;
    for (size_t i = 0; i < again->plan->n_out; i++)
        written = pcapfile_finish(again->outs[i], error) && written;
    return written;
}

static int run_node(struct again *again, const char *dir)
{
    char path[RECORD_PATH], error[TAPE_ERROR] = "the name of the recording is too long";
    const struct network_node *spec = &again->plan->network->nodes[again->node];
    const struct node_watcher watcher = {on_arrived, on_sent, on_settled, NULL, again};
    struct rerun_result result = {0};
    int code = EXIT_USAGE;
    if (record_path_tape(path, dir, again->node) && outs_open(again, error))
        code = rerun_node(spec, path, &watcher, &result, error);
    if (!outs_finish(again, error) && code == 0)
        code = EXIT_USAGE;
    if (code == 0)
        fprintf(stderr,
                "%s: %" PRIu64 " turns, %" PRIu64 " frames read, %" PRIu64 " sent, %" PRIu64
                " settled: all as recorded%s\n",
                spec->name, result.turns, result.read, result.sent, result.settled,
                result.is_closed ? "" : "; the run was killed before its end");
    else
        fprintf(stderr, "tapir replay: %s: %s\n", spec->name, error);
    return code;
}

static int run_nodes(const struct replay_plan *plan, struct journeys *book, struct capture *capture,
                     const char *dir)
{
    int code = 0;
    for (size_t node = 0; node < plan->network->n_nodes && code == 0; node++) {
        size_t n = plan->network->nodes[node].n_interfaces;
        struct again again = {.book = book, .capture = capture, .node = node, .plan = plan};
        again.read = calloc(n + 1, sizeof *again.read);
        again.sent = calloc(n + 1, sizeof *again.sent);
        code = again.read != NULL && again.sent != NULL ? run_node(&again, dir) : EXIT_USAGE;
        free(again.read);
        free(again.sent);
    }
    return code;
}

/* ---- the recording ------------------------------------------------------------------------------------- */

static bool save(const struct journeys *book, const char *path,
                 bool (*write)(const struct journeys *, FILE *))
{
    if (path == NULL)
        return true;
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    bool written = file != NULL && write(book, file);
    if (file != NULL && file != stdout)
        written = fclose(file) == 0 && written;
    if (!written)
        fprintf(stderr, "tapir replay: %s: cannot be written: %s\n", path, strerror(errno));
    return written;
}

static int complain(const char *why)
{
    fprintf(stderr, "tapir replay: %s\n", why);
    return EXIT_USAGE;
}

static int run_network(struct replay_options *options, const struct network *network)
{
    struct replay_plan plan;
    int code = replay_options_resolve(options, network, &plan);
    if (code != 0)
        return code;
    struct journeys *book = journeys_create(network);
    struct capture *capture = NULL;
    char error[PCAPFILE_ERROR] = "out of memory";
    if (book == NULL ||
        (plan.capture != NULL && (capture = capture_create(plan.capture, network, error)) == NULL)) {
        journeys_destroy(book);
        return complain(error);
    }
    code = run_nodes(&plan, book, capture, options->file);
    if (!capture_finish(capture, error))
        code = complain(error);
    if (!save(book, plan.verdicts, journeys_write) || !save(book, plan.table, journeys_write_table))
        code = EXIT_USAGE;
    journeys_destroy(book);
    return code;
}

int rerun_recording(struct replay_options *options)
{
    char path[RECORD_PATH], error[TAPE_ERROR];
    if (!record_path_network(path, options->file))
        return complain("the name of the recording is too long");
    struct network *network = config_read(path, error, sizeof error, NULL);
    if (network == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_USAGE;
    }
    int code = run_network(options, network);
    network_free(network);
    return code;
}
