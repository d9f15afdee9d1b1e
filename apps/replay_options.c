#include "apps/replay_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/commands.h"
#include "apps/record.h"
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

/* An option and its value; NULL: it is fine. */
static const char *complaint(struct replay_options *options, int option, const char *value)
{
    switch (option) {
    case 'n':
        options->node = value;
        return NULL;
    case 'v':
        options->verdicts = value;
        return NULL;
    case 't':
        options->table = value;
        return NULL;
    case 'c':
        options->capture = value;
        return NULL;
    case 'e':
        options->explain = value;
        return NULL;
    case 'f':
        options->alter.filter = value;
        return NULL;
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
    case ':':
        return "a value is missing after ";
    default:
        return "there is no option ";
    }
}

int replay_options_parse(struct replay_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"node", required_argument, NULL, 'n'},    {"in", required_argument, NULL, 'i'},
        {"out", required_argument, NULL, 'o'},     {"verdicts", required_argument, NULL, 'v'},
        {"table", required_argument, NULL, 't'},   {"capture", required_argument, NULL, 'c'},
        {"explain", required_argument, NULL, 'e'}, {"filter", required_argument, NULL, 'f'},
        {"dst-mac", required_argument, NULL, 'd'}, {"rewrite", required_argument, NULL, 'r'},
        {"until", required_argument, NULL, 'u'},   {"seed", required_argument, NULL, 's'},
        {"progress", no_argument, NULL, 'p'},      {NULL, 0, NULL, 0},
    };
    int option;
    *options = (struct replay_options){.until_ns = -1};
    optind = 0; /* also starts over when the program has used getopt before */
    while ((option = getopt_long(argc, argv, ":", known, NULL)) != -1) {
        const char *value = option == ':' || option == '?' ? argv[optind - 1] : optarg;
        const char *what = complaint(options, option, value);
        if (what != NULL)
            return replay_usage(what, value);
    }
    if (optind + 1 != argc)
        return replay_usage(optind == argc ? "the network file is missing"
                                           : "one network file, and not also ",
                            optind == argc ? "" : argv[optind + 1]);
    options->file = argv[optind];
    if (record_is_there(options->file))
        return options->in.n == 0 && options->explain == NULL
                   ? 0
                   : replay_usage("a recording has its frames with it: no --in and no --explain beside ",
                                  options->file);
    if (options->in.n == 0)
        return replay_usage("--in is missing: it says which frames come in and where", "");
    return 0;
}
