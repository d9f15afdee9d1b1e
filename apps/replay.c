/* tapir replay: captures in, frames and verdicts out, in virtual time. The contract stands in
 * docs/configuration.md.
 *
 * Next: tap/replay.h, which does it. */
#include "tap/replay.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/commands.h"
#include "apps/config.h"
#include "tap/text.h"

enum {
    MOST_FILES = 64 /* of each kind */
};

/* IFACE=PCAP, not looked up yet. */
struct files {
    const char *texts[MOST_FILES];
    struct replay_file files[MOST_FILES];
    size_t n;
};

struct arguments {
    const char *file, *node, *verdicts;
    struct files in, out;
    int64_t until_ns;
};

static int usage(const char *what, const char *which)
{
    fprintf(stderr,
            "tapir replay: %s%s; usage: tapir replay FILE --node NODE --in IFACE=PCAP --out IFACE=PCAP "
            "[--verdicts FILE] [--until DURATION]\n",
            what, which);
    return EXIT_USAGE;
}

/* ---- arguments ----------------------------------------------------------------------------------------- */

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

static bool file_add(struct files *files, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0' || files->n == MOST_FILES)
        return false;
    files->texts[files->n++] = text;
    return true;
}

/* 0, or the exit code. */
static int option_parse(struct arguments *arguments, int option, const char *value)
{
    if (option == 'n')
        arguments->node = value;
    else if (option == 'v')
        arguments->verdicts = value;
    else if (option == 'i' && !file_add(&arguments->in, value))
        return usage("--in wants IFACE=PCAP, at most 64 times, and not ", value);
    else if (option == 'o' && !file_add(&arguments->out, value))
        return usage("--out wants IFACE=PCAP, at most 64 times, and not ", value);
    else if (option == 'u' && !duration_parse(value, &arguments->until_ns))
        return usage("--until wants a duration like 500ms, 60s or 10min, and not ", value);
    else if (option == ':' || option == '?')
        return usage(option == ':' ? "a value is missing after " : "there is no option ", value);
    return 0;
}

static int arguments_parse(struct arguments *arguments, int argc, char **argv)
{
    static const struct option options[] = {
        {"node", required_argument, NULL, 'n'},  {"in", required_argument, NULL, 'i'},
        {"out", required_argument, NULL, 'o'},   {"verdicts", required_argument, NULL, 'v'},
        {"until", required_argument, NULL, 'u'}, {NULL, 0, NULL, 0},
    };
    int option;
    optind = 0; /* also starts over when the program has used getopt before */
    while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        const char *value = option == ':' || option == '?' ? argv[optind - 1] : optarg;
        int code = option_parse(arguments, option, value);
        if (code != 0)
            return code;
    }
    if (optind + 1 != argc)
        return usage(optind == argc ? "the network file is missing" : "one network file, and not also ",
                     optind == argc ? "" : argv[optind + 1]);
    arguments->file = argv[optind];
    if (arguments->node == NULL)
        return usage("--node is missing: it says which node of the file takes the frames", "");
    if (arguments->in.n == 0)
        return usage("--in is missing: it says which frames come in and where", "");
    return 0;
}

/* ---- names --------------------------------------------------------------------------------------------- */

static int node_find(const struct network *network, const struct arguments *arguments, size_t *node)
{
    for (size_t i = 0; i < network->n_nodes; i++)
        if (strcmp(network->nodes[i].name, arguments->node) == 0) {
            *node = i;
            return 0;
        }
    fprintf(stderr, "tapir replay: %s has no node %s; its nodes are:", arguments->file, arguments->node);
    for (size_t i = 0; i < network->n_nodes; i++)
        fprintf(stderr, " %s", network->nodes[i].name);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

static int iface_find(const struct network_node *node, const char *text, unsigned *iface)
{
    size_t length = strcspn(text, "=");
    for (unsigned i = 0; i < node->n_interfaces; i++)
        if (strlen(node->interfaces[i].name) == length &&
            memcmp(node->interfaces[i].name, text, length) == 0) {
            *iface = i;
            return 0;
        }
    fprintf(stderr, "tapir replay: node %s has no interface %.*s; its interfaces are:", node->name,
            (int)length, text);
    for (size_t i = 0; i < node->n_interfaces; i++)
        fprintf(stderr, " %s", node->interfaces[i].name);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

/* Each interface stands once in each list. */
static int files_resolve(struct files *files, const struct network_node *node)
{
    for (size_t i = 0; i < files->n; i++) {
        int code = iface_find(node, files->texts[i], &files->files[i].iface);
        if (code != 0)
            return code;
        files->files[i].path = strchr(files->texts[i], '=') + 1;
        for (size_t earlier = 0; earlier < i; earlier++)
            if (files->files[earlier].iface == files->files[i].iface)
                return usage("an interface stands twice, name one file for it: ", files->texts[i]);
    }
    return 0;
}

/* Two outputs cannot share stdout. */
static bool is_stdout_shared(const struct arguments *arguments)
{
    int uses = arguments->verdicts != NULL && strcmp(arguments->verdicts, "-") == 0;
    for (size_t i = 0; i < arguments->out.n; i++)
        uses += strcmp(arguments->out.files[i].path, "-") == 0;
    return uses > 1;
}

/* ---- the run ------------------------------------------------------------------------------------------- */

static void report(const struct replay_result *result)
{
    if (result->backward > 0)
        fprintf(stderr,
                "tapir replay: warning: %" PRIu64
                " time stamps go backwards; each counts as the one before\n",
                result->backward);
    if (result->cut > 0)
        fprintf(stderr,
                "tapir replay: warning: the capture holds only the beginning of %" PRIu64 " frames; capture "
                "with a larger snapshot length\n",
                result->cut);
    fprintf(stderr, "%" PRIu64 " frames read, %" PRIu64 " verdicts, %" PRIu64 " frames written\n",
            result->read, result->verdicts, result->written);
}

static int replay_network(struct arguments *arguments, const struct network *network)
{
    struct replay_plan plan = {.network = network};
    int code = node_find(network, arguments, &plan.node);
    if (code == 0)
        code = files_resolve(&arguments->in, &network->nodes[plan.node]);
    if (code == 0)
        code = files_resolve(&arguments->out, &network->nodes[plan.node]);
    if (code != 0)
        return code;
    if (is_stdout_shared(arguments))
        return usage("only one of --out and --verdicts can be -", "");
    plan.in = arguments->in.files;
    plan.n_in = arguments->in.n;
    plan.out = arguments->out.files;
    plan.n_out = arguments->out.n;
    plan.verdicts = arguments->verdicts;
    plan.until_ns = arguments->until_ns;
    struct replay_result result;
    char error[PCAPFILE_ERROR];
    code = replay_run(&plan, &result, error);
    if (code != 0)
        fprintf(stderr, "tapir replay: %s\n", error);
    if (code == 0 || result.read > 0)
        report(&result);
    return code;
}

static void warn(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

int replay_main(int argc, char **argv)
{
    struct arguments arguments = {.until_ns = -1};
    int code = arguments_parse(&arguments, argc, argv);
    if (code != 0)
        return code;
    char error[PCAPFILE_ERROR];
    struct config_warnings warnings = {warn, NULL};
    struct network *network = config_read(arguments.file, error, sizeof error, &warnings);
    if (network == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_USAGE;
    }
    code = replay_network(&arguments, network);
    network_free(network);
    return code;
}
