/* tapir replay: captures in, frames and verdicts out, in virtual time. The contract stands in
 * docs/configuration.md. With --onto, to a device and in real time instead (apps/onto.c).
 *
 * Next: tap/replay.h, which does it. */
#include "tap/replay.h"

#include <stdio.h>

#include "apps/commands.h"
#include "apps/config.h"
#include "apps/onto.h"
#include "apps/record.h"
#include "apps/replay_options.h"
#include "apps/rerun.h"

static int replay_network(struct replay_options *options, const struct network *network)
{
    struct replay_plan plan;
    struct replay_result result;
    char error[PCAPFILE_ERROR];
    int code = replay_options_resolve(options, network, &plan);
    if (code != 0)
        return code;
    plan.summary = stderr;
    code = replay_run(&plan, &result, error);
    if (code != 0)
        fprintf(stderr, "tapir replay: %s\n", error);
    return code;
}

static void warn(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

int replay_main(int argc, char **argv)
{
    struct replay_options options;
    int code = replay_options_parse(&options, argc, argv);
    if (code != 0)
        return code;
    if (options.onto != NULL)
        return onto_device(&options);
    if (record_is_there(options.file))
        return rerun_recording(&options);
    char error[PCAPFILE_ERROR];
    struct config_warnings warnings = {warn, NULL};
    struct network *network = config_read(options.file, error, sizeof error, &warnings);
    if (network == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_USAGE;
    }
    code = replay_network(&options, network);
    network_free(network);
    return code;
}
