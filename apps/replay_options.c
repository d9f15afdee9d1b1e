#include "apps/replay_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/commands.h"
#include "apps/record.h"
#include "tap/text.h"

static int usage(const char *what, const char *which)
{
    fprintf(stderr, "tapir replay: %s%s; see tapir help replay\n", what, which);
    return EXIT_USAGE;
}

/* ---- options ------------------------------------------------------------------------------------------- */

/* 500ms, 1.5s, 10min, 2h; a number alone means seconds. */
static bool duration_parse(const char *text, int64_t *ns)
{
    char seconds[64];
    if (text_parse_duration(text, ns))
        return true;
    if (text[strspn(text, "0123456789.")] != '\0' || strlen(text) + 2 > sizeof seconds)
        return false;
    snprintf(seconds, sizeof seconds, "%ss", text);
    return text_parse_duration(seconds, ns);
}

static bool name_add(struct replay_names *names, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0' || names->n == REPLAY_FILES)
        return false;
    names->texts[names->n++] = text;
    return true;
}

/* A number in decimal or, after 0x, hexadecimal digits, as the seeds of links are. */
static bool seed_parse(struct replay_options *options, const char *text)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    unsigned long long value = strtoull(text, &end, 0);
    for (int i = 0; i < 8; i++)
        options->seed[i] = (uint8_t)(value >> (8 * i));
    options->has_seed = true;
    return *end == '\0';
}

/* 0, or the exit code. */
static int option_parse(struct replay_options *options, int option, const char *value)
{
    if (option == 'n')
        options->node = value;
    else if (option == 'v')
        options->verdicts = value;
    else if (option == 't')
        options->table = value;
    else if (option == 'e')
        options->explain = value;
    else if (option == 'i' && !name_add(&options->in, value))
        return usage("--in wants [NODE:]IFACE=PCAP, at most 64 times, and not ", value);
    else if (option == 'o' && !name_add(&options->out, value))
        return usage("--out wants [NODE:]IFACE=PCAP, at most 64 times, and not ", value);
    else if (option == 'u' && !duration_parse(value, &options->until_ns))
        return usage("--until wants a duration like 500ms, 60s or 10min, and not ", value);
    else if (option == 's' && !seed_parse(options, value))
        return usage("--seed wants a number like 7, and not ", value);
    else if (option == ':' || option == '?')
        return usage(option == ':' ? "a value is missing after " : "there is no option ", value);
    return 0;
}

int replay_options_parse(struct replay_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"node", required_argument, NULL, 'n'},
        {"in", required_argument, NULL, 'i'},
        {"out", required_argument, NULL, 'o'},
        {"verdicts", required_argument, NULL, 'v'},
        {"until", required_argument, NULL, 'u'},
        {"seed", required_argument, NULL, 's'},
        {"table", required_argument, NULL, 't'},
        {"explain", required_argument, NULL, 'e'},
        {NULL, 0, NULL, 0},
    };
    int option;
    *options = (struct replay_options){.until_ns = -1};
    optind = 0; /* also starts over when the program has used getopt before */
    while ((option = getopt_long(argc, argv, ":", known, NULL)) != -1) {
        const char *value = option == ':' || option == '?' ? argv[optind - 1] : optarg;
        int code = option_parse(options, option, value);
        if (code != 0)
            return code;
    }
    if (optind + 1 != argc)
        return usage(optind == argc ? "the network file is missing" : "one network file, and not also ",
                     optind == argc ? "" : argv[optind + 1]);
    options->file = argv[optind];
    if (record_is_there(options->file))
        return options->in.n == 0 && options->explain == NULL
                   ? 0
                   : usage("a recording has its frames with it: no --in and no --explain beside ",
                           options->file);
    if (options->in.n == 0)
        return usage("--in is missing: it says which frames come in and where", "");
    return 0;
}

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
        return usage("--node is missing: it says which node is meant by ", text);
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
                return usage("an interface stands twice, name one file for it: ", names->texts[i]);
    }
    return 0;
}

/* Two outputs cannot share stdout. */
static bool is_stdout_shared(const struct replay_options *options)
{
    int uses = options->verdicts != NULL && strcmp(options->verdicts, "-") == 0;
    uses += options->table != NULL && strcmp(options->table, "-") == 0;
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
    char *end, name[512];
    struct replay_file file = plan->in[0];
    plan->told = strtoull(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end != '\0' || plan->told == 0)
        return usage("--explain wants the number of a frame, from 1, like 4, lan:4 or r1:lan:4, and not ",
                     options->explain);
    if (colon != NULL) {
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
    return usage("--explain names an interface that has no --in: ", options->explain);
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
        return usage("only one of --out, --verdicts and --table can be -, and none beside --explain", "");
    *plan = (struct replay_plan){.network = network,
                                 .in = options->in.files,
                                 .out = options->out.files,
                                 .n_in = options->in.n,
                                 .n_out = options->out.n,
                                 .verdicts = options->verdicts,
                                 .table = options->table,
                                 .until_ns = options->until_ns,
                                 .seed = options->has_seed ? options->seed : NULL};
    return explain_resolve(options, network, plan);
}
