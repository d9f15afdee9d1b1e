/* tapir simulate FILE --for DURATION: a network in virtual time, and a report of what happened.
 *
 * Next: tap/virtual.h, which moves the time; apps/simulate_report.c. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "apps/commands.h"
#include "apps/config.h"
#include "apps/config_value.h"
#include "apps/simulate_report.h"
#include "tap/text.h"
#include "tap/virtual.h"

enum {
    ERROR_SIZE = 512
};

struct arguments {
    const char *file;
    int64_t for_ns, seed;
    bool json;
};

static int usage(const char *what, const char *which)
{
    fprintf(stderr, "tapir simulate: %s%s; usage: tapir simulate FILE --for DURATION [--seed N] [-j]\n", what,
            which);
    return EXIT_USAGE;
}

static int option_parse(struct arguments *arguments, int option, const char *value)
{
    if (option == 'j')
        arguments->json = true;
    else if (option == 'f' && (!text_parse_duration(value, &arguments->for_ns) || arguments->for_ns == 0))
        return usage("--for wants a duration like 500ms, 10min or 1h, and not ", value);
    else if (option == 's' && !parse_number(value, 0, INT64_MAX, &arguments->seed))
        return usage("--seed wants a whole number, and not ", value);
    else if (option == ':' || option == '?')
        return usage(option == ':' ? "a value is missing after " : "there is no option ", value);
    return EXIT_FINE;
}

static int arguments_parse(struct arguments *arguments, int argc, char **argv)
{
    static const struct option options[] = {
        {"for", required_argument, NULL, 'f'}, {"seed", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
    int option;
    optind = 0; /* also starts over when the program has used getopt before */
    while ((option = getopt_long(argc, argv, ":j", options, NULL)) != -1) {
        const char *value = option == ':' || option == '?' ? argv[optind - 1] : optarg;
        int code = option_parse(arguments, option, value);
        if (code != EXIT_FINE)
            return code;
    }
    if (optind + 1 != argc)
        return usage(optind == argc ? "the network file is missing" : "one network file, and not also ",
                     optind == argc ? "" : argv[optind + 1]);
    arguments->file = argv[optind];
    return arguments->for_ns == 0 ? usage("--for is missing: it says how long", "") : EXIT_FINE;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* On stderr, because it differs from run to run. */
static void tell_cost(double seconds, const struct arguments *arguments)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    fprintf(stderr, "tapir simulate: %.3g s of virtual time in %.3g s, %ld MiB at most\n",
            (double)arguments->for_ns / 1e9, seconds, used.ru_maxrss / 1024);
}

/* What happens at the very end of the time is part of it. */
static int simulate(const struct network *network, const struct arguments *arguments)
{
    char error[ERROR_SIZE];
    uint8_t seed[16] = "tapir simulate";
    for (unsigned i = 0; i < 8; i++)
        seed[i] ^= (uint8_t)((uint64_t)arguments->seed >> (8 * i));
    struct virtual_time time = {.now = {0}};
    time.world = world_create(network, seed, NULL, time.now, error, sizeof error);
    if (time.world == NULL) {
        fprintf(stderr, "%s: %s\n", arguments->file, error);
        return EXIT_USAGE;
    }
    virtual_pass(&time, (tapir_instant){arguments->for_ns + 1});
    if (time.is_stuck)
        fprintf(stderr, "tapir simulate: a stack has work for ever at one instant: a bug of tapir\n");
    struct simulate_report report = {network, time.world, arguments->for_ns, arguments->seed};
    if (arguments->json)
        report_json(&report);
    else
        report_text(&report);
    world_destroy(time.world, time.now);
    return time.is_stuck ? EXIT_NO : EXIT_FINE;
}

static void print_warning(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

int simulate_main(int argc, char **argv)
{
    static const struct config_warnings warnings = {print_warning, NULL};
    struct arguments arguments = {.seed = 1};
    char error[ERROR_SIZE];
    int code = arguments_parse(&arguments, argc, argv);
    if (code != EXIT_FINE)
        return code;
    double begin = seconds_now();
    struct network *network = config_read(arguments.file, error, sizeof error, &warnings);
    if (network == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_USAGE;
    }
    code = simulate(network, &arguments);
    network_free(network);
    tell_cost(seconds_now() - begin, &arguments);
    return command_finish(code);
}
