/* The names on a command line of `tapir replay`, looked up in the network of its file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/claims.h"
#include "apps/commands.h"
#include "apps/record.h"
#include "apps/replay_options.h"

/* ---- names --------------------------------------------------------------------------------------------- */

static int node_find(const struct network *network, const char *file, const char *name, size_t length,
                     size_t *place)
{
    for (size_t i = 0; i < network->n_nodes; i++)
        if (strlen(network->nodes[i].name) == length && memcmp(network->nodes[i].name, name, length) == 0) {
            *place = i;
            return 0;
        }
    fprintf(stderr, "tapir replay: %s has no node %.*s; its nodes are:", file, (int)length, name);
    for (size_t i = 0; i < network->n_nodes; i++)
        fprintf(stderr, " %s", network->nodes[i].name);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

static int iface_find(const struct network_node *node, const char *name, size_t length, unsigned *iface)
{
    for (unsigned i = 0; i < node->n_interfaces; i++)
        if (strlen(node->interfaces[i].name) == length &&
            memcmp(node->interfaces[i].name, name, length) == 0) {
            *iface = i;
            return 0;
        }
    fprintf(stderr, "tapir replay: node %s has no interface %.*s; its interfaces are:", node->name,
            (int)length, name);
    for (size_t i = 0; i < node->n_interfaces; i++)
        fprintf(stderr, " %s", node->interfaces[i].name);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

/* The node before the colon; without one, that of --node. */
static int file_resolve(const struct replay_options *options, const struct network *network, const char *text,
                        struct replay_file *file)
{
    const char *path = strchr(text, '=') + 1;
    size_t length = (size_t)(path - 1 - text), before = strcspn(text, ":=");
    bool is_qualified = before < length;
    const char *node = is_qualified ? text : options->node;
    const char *iface = is_qualified ? text + before + 1 : text;
    if (node == NULL)
        return replay_usage("--node is missing: it says which node is meant by ", text);
    int code = node_find(network, options->file, node, is_qualified ? before : strlen(node), &file->node);
    if (code == 0)
        code = iface_find(&network->nodes[file->node], iface, (size_t)(path - 1 - iface), &file->iface);
    file->path = path;
    return code;
}

/* Each interface stands once in each list. */
static int names_resolve(const struct replay_options *options, const struct network *network,
                         struct replay_names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        const struct replay_file *file = &names->files[i];
        int code = file_resolve(options, network, names->texts[i], &names->files[i]);
        if (code != 0)
            return code;
        for (size_t earlier = 0; earlier < i; earlier++)
            if (names->files[earlier].node == file->node && names->files[earlier].iface == file->iface)
                return replay_usage("an interface stands twice, name one file for it: ", names->texts[i]);
    }
    return 0;
}

/* Two outputs cannot share stdout. */
static bool is_stdout_shared(const struct replay_options *options)
{
    int uses = options->verdicts != NULL && strcmp(options->verdicts, "-") == 0;
    uses += options->table != NULL && strcmp(options->table, "-") == 0;
    uses += options->capture != NULL && strcmp(options->capture, "-") == 0;
    uses += options->explain != NULL;
    for (size_t i = 0; i < options->out.n; i++)
        uses += strcmp(options->out.files[i].path, "-") == 0;
    return uses > 1;
}

/* Which frame --explain means: number N of the input of that interface, or of the first input. */
static int explain_resolve(const struct replay_options *options, const struct network *network,
                           struct replay_plan *plan)
{
    if (options->explain == NULL)
        return 0;
    const char *colon = strrchr(options->explain, ':'),
               *digits = colon == NULL ? options->explain : colon + 1;
    char *end;
    struct replay_file file = plan->in[0];
    plan->told = strtoull(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end != '\0' || plan->told == 0)
        return replay_usage(
            "--explain wants the number of a frame, from 1, like 4, lan:4 or r1:lan:4, and not ",
            options->explain);
    if (colon != NULL) {
        char name[512];
        snprintf(name, sizeof name, "%.*s=", (int)(colon - options->explain), options->explain);
        int code = file_resolve(options, network, name, &file);
        if (code != 0)
            return code;
    }
    for (size_t i = 0; i < plan->n_in; i++)
        if (plan->in[i].node == file.node && plan->in[i].iface == file.iface) {
            plan->teller = i;
            plan->story = stdout;
            return 0;
        }
    return replay_usage("--explain names an interface that has no --in: ", options->explain);
}

/* ---- outputs ------------------------------------------------------------------------------------------- */

/* The network file and captures, or all files of a recording. False: out of memory. */
static bool claim_inputs(struct claims *claims, const char *file, const struct replay_plan *plan)
{
    char path[RECORD_PATH];
    bool is_recording = record_is_there(file), fine = true;
    if (!is_recording)
        fine = claims_read(claims, file);
    else if (record_path_network(path, file))
        fine = claims_read(claims, path);
    for (size_t i = 0; is_recording && fine && i < plan->network->n_nodes; i++)
        fine = !record_path_tape(path, file, i) || claims_read(claims, path);
    for (size_t i = 0; fine && i < plan->n_in; i++)
        fine = claims_read(claims, plan->in[i].path);
    return fine;
}

static int claim_output(struct claims *claims, const char *path)
{
    switch (path == NULL ? CLAIMS_FREE : claims_write(claims, path)) {
    case CLAIMS_FREE:
        return 0;
    case CLAIMS_TAKEN:
        fprintf(stderr, "tapir replay: %s: is another input or output of this run; name another file\n",
                path);
        return EXIT_USAGE;
    case CLAIMS_STARVED:
        break;
    }
    return replay_usage("out of memory", "");
}

/* Nothing is written before it is known that no output destroys an input or another output. */
static int outputs_claim(const char *file, const struct replay_plan *plan)
{
    const char *const texts[] = {plan->verdicts, plan->table, plan->capture};
    struct claims claims = {.list = NULL};
    int code = claim_inputs(&claims, file, plan) ? 0 : replay_usage("out of memory", "");
    for (size_t i = 0; code == 0 && i < plan->n_out; i++)
        code = claim_output(&claims, plan->out[i].path);
    for (size_t i = 0; code == 0 && i < sizeof texts / sizeof texts[0]; i++)
        code = claim_output(&claims, texts[i]);
    claims_free(&claims);
    return code;
}

void replay_options_plan(const struct replay_options *options, struct replay_plan *plan)
{
    plan->alter = options->alter;
    plan->alter.rewrites = options->rewrites;
    plan->alter.n_rewrites = options->n_rewrites;
    plan->until_ns = options->until_ns;
    plan->seed = options->has_seed ? options->seed : NULL;
}

int replay_options_resolve(struct replay_options *options, const struct network *network,
                           struct replay_plan *plan)
{
    size_t node;
    int code = options->node == NULL
                   ? 0
                   : node_find(network, options->file, options->node, strlen(options->node), &node);
    if (code == 0)
        code = names_resolve(options, network, &options->in);
    if (code == 0)
        code = names_resolve(options, network, &options->out);
    if (code != 0)
        return code;
    if (is_stdout_shared(options))
        return replay_usage(
            "only one of --out, --verdicts, --table and --capture can be -, and none beside --explain", "");
    *plan = (struct replay_plan){.network = network,
                                 .in = options->in.files,
                                 .out = options->out.files,
                                 .n_in = options->in.n,
                                 .n_out = options->out.n,
                                 .verdicts = options->verdicts,
                                 .table = options->table,
                                 .capture = options->capture,
                                 .progress = options->has_progress ? stderr : NULL};
    replay_options_plan(options, plan);
    code = explain_resolve(options, network, plan);
    return code != 0 ? code : outputs_claim(options->file, plan);
}
