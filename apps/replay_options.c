#include "apps/replay_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/commands.h"
#include "apps/record.h"
#include "tap/onto.h"
#include "tap/text.h"

int replay_usage(const char *what, const char *which)
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

/* A=B, two prefixes of the same length; at most REPLAY_REWRITES. */
static bool rewrite_add(struct replay_options *options, const char *text)
{
    char from[TEXT_PREFIX];
    const char *equals = strchr(text, '=');
    struct rewrite *rule = &options->rewrites[options->n_rewrites];
    if (equals == NULL || (size_t)(equals - text) >= sizeof from || options->n_rewrites == REPLAY_REWRITES)
        return false;
    snprintf(from, sizeof from, "%.*s", (int)(equals - text), text);
    if (!text_parse_prefix(from, &rule->from) || !text_parse_prefix(equals + 1, &rule->to) ||
        rule->from.length != rule->to.length)
        return false;
    options->n_rewrites++;
    return true;
}

static bool destination_parse(struct replay_options *options, const char *text)
{
    bool is_router = strcmp(text, "router") == 0;
    options->alter.destination = is_router ? ALTER_MAC_ROUTER : ALTER_MAC_KEEP;
    return is_router || strcmp(text, "keep") == 0;
}

/* 1, 0.5, 10 times the speed of the capture, or max. Slower than a thousandth is hardly meant. */
static bool speed_parse(struct replay_options *options, const char *text)
{
    char *end;
    options->has_speed = true;
    options->speed = 0;
    if (strcmp(text, "max") == 0)
        return true;
    if (text[0] == '\0' || text[strspn(text, "0123456789.")] != '\0')
        return false;
    options->speed = strtod(text, &end);
    return *end == '\0' && options->speed >= 0.001 && options->speed <= 1e9;
}

static const struct option known[] = {
    {"node", required_argument, NULL, 'n'},
    {"in", required_argument, NULL, 'i'},
    {"out", required_argument, NULL, 'o'},
    {"verdicts", required_argument, NULL, 'v'},
    {"table", required_argument, NULL, 't'},
    {"capture", required_argument, NULL, 'c'},
    {"explain", required_argument, NULL, 'e'},
    {"filter", required_argument, NULL, 'f'},
    {"dst-mac", required_argument, NULL, 'd'},
    {"rewrite", required_argument, NULL, 'r'},
    {"until", required_argument, NULL, 'u'},
    {"seed", required_argument, NULL, 's'},
    {"progress", no_argument, NULL, 'p'},
    {"onto", required_argument, NULL, 'O'},
    {"netns", required_argument, NULL, 'N'},
    {"speed", required_argument, NULL, 'S'},
    {NULL, 0, NULL, 0},
};

/* Where an option keeps its value that is a text; NULL: it is another one. */
static const char **text_place(struct replay_options *options, int option)
{
    switch (option) {
    case 'n':
        return &options->node;
    case 'v':
        return &options->verdicts;
    case 't':
        return &options->table;
    case 'c':
        return &options->capture;
    case 'e':
        return &options->explain;
    case 'f':
        return &options->alter.filter;
    case 'O':
        return &options->onto;
    case 'N':
        return &options->netns;
    default:
        return NULL;
    }
}

/* An option and its value; NULL: it is fine. */
static const char *complaint(struct replay_options *options, int option, const char *value)
{
    const char **place = text_place(options, option);
    if (place != NULL) {
        *place = value;
        return NULL;
    }
    switch (option) {
    case 'p':
        options->has_progress = true;
        return NULL;
    case 'i':
        return name_add(&options->in, value) ? NULL
                                             : "--in wants [NODE:]IFACE=PCAP, at most 64 times, and not ";
    case 'o':
        return name_add(&options->out, value) ? NULL
                                              : "--out wants [NODE:]IFACE=PCAP, at most 64 times, and not ";
    case 'u':
        return duration_parse(value, &options->until_ns)
                   ? NULL
                   : "--until wants a duration like 500ms, 60s or 10min, and not ";
    case 's':
        return seed_parse(options, value) ? NULL : "--seed wants a number like 7, and not ";
    case 'r':
        return rewrite_add(options, value)
                   ? NULL
                   : "--rewrite wants two networks of one length like 192.0.2.0/24=10.77.1.0/24, and not ";
    case 'd':
        return destination_parse(options, value) ? NULL : "--dst-mac wants router or keep, and not ";
    case 'S':
        return speed_parse(options, value)
                   ? NULL
                   : "--speed wants max, or how many times as fast as the capture, like 1 or 0.5, and not ";
    case ':':
        return "a value is missing after ";
    default:
        return "there is no option ";
    }
}

void replay_options_init(struct replay_options *options)
{
    *options = (struct replay_options){.until_ns = -1, .speed = 1};
}

const char *replay_options_take(struct replay_options *options, const char *name, const char *value)
{
    int option = '?';
    for (size_t i = 0; known[i].name != NULL; i++)
        if (strcmp(known[i].name, name) == 0)
            option = known[i].val;
    return complaint(options, option, value);
}

/* ---- what stands beside them --------------------------------------------------------------------------- */

/* A recording says itself what arrives, when, and by which chances. */
static int arguments_recording(const struct replay_options *options)
{
    const struct alter_plan *alter = &options->alter;
    bool is_altered = options->in.n > 0 || alter->filter != NULL || options->n_rewrites > 0 ||
                      alter->destination != ALTER_MAC_KEEP || options->until_ns >= 0 || options->has_seed;
    if (!is_altered && options->explain == NULL && !options->has_progress)
        return 0;
    return replay_usage("a recording has its frames with it: beside it stand --node, --out, --verdicts, "
                        "--table and --capture alone: ",
                        options->file);
}

/* What stands beside the options, in a replay through a network: its file. */
static int arguments_file(struct replay_options *options, int n, char **arguments)
{
    if (options->netns != NULL || options->has_speed)
        return replay_usage(
            "--netns and --speed belong to --onto TAP: without it time is virtual, and no device is opened",
            "");
    if (n != 1)
        return replay_usage(n == 0 ? "the network file is missing" : "one network file, and not also ",
                            n == 0 ? "" : arguments[1]);
    options->file = arguments[0];
    if (record_is_there(options->file))
        return arguments_recording(options);
    if (options->in.n == 0)
        return replay_usage("--in is missing: it says which frames come in and where", "");
    return 0;
}

/* And in a replay onto a device: captures. */
static int arguments_onto(struct replay_options *options, int n, char **arguments)
{
    bool has_network = options->node != NULL || options->in.n > 0 || options->out.n > 0 ||
                       options->verdicts != NULL || options->table != NULL || options->capture != NULL ||
                       options->explain != NULL || options->until_ns >= 0 || options->has_seed ||
                       options->has_progress;
    if (has_network)
        return replay_usage("--onto writes captures to a device, without a network and verdicts: beside it "
                            "stand --speed, --netns, --filter, --rewrite and --dst-mac alone",
                            "");
    if (n == 0 || n > ONTO_FILES)
        return replay_usage(n == 0 ? "the captures for --onto are missing: name at least one"
                                   : "at most 64 captures, and not also ",
                            n == 0 ? "" : arguments[ONTO_FILES]);
    options->captures = (const char *const *)arguments;
    options->n_captures = (size_t)n;
    return 0;
}

int replay_options_parse(struct replay_options *options, int argc, char **argv)
{
    int option;
    replay_options_init(options);
    optind = 0; /* also starts over when the program has used getopt before */
    while ((option = getopt_long(argc, argv, ":", known, NULL)) != -1) {
        const char *value = option == ':' || option == '?' ? argv[optind - 1] : optarg;
        const char *what = complaint(options, option, value);
        if (what != NULL)
            return replay_usage(what, value);
    }
    return options->onto != NULL ? arguments_onto(options, argc - optind, argv + optind)
                                 : arguments_file(options, argc - optind, argv + optind);
}
