/* tapir check FILE: reads a network file and says whether it is right.
 *
 * Its world is also made, without devices, and taken down again: what is fine here, the stack accepts. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/commands.h"
#include "apps/config.h"
#include "tap/world.h"

enum {
    ERROR_SIZE = 1024
};

static void print_warning(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

struct count {
    size_t interfaces, routes;
};

static struct count count_parts(const struct network *network)
{
    struct count count = {0, 0};
    for (size_t i = 0; i < network->n_nodes; i++) {
        count.interfaces += network->nodes[i].n_interfaces;
        for (size_t j = 0; j < network->nodes[i].n_ops; j++)
            count.routes += network->nodes[i].ops[j].kind == TAPIR_OP_ROUTE;
    }
    return count;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void print_fine(const char *path, const struct network *network)
{
    struct count count = count_parts(network);
    printf("%s: %zu node%s, %zu interface%s, %zu route%s: fine\n", path, network->n_nodes,
           plural(network->n_nodes), count.interfaces, plural(count.interfaces), count.routes,
           plural(count.routes));
}

/* False: one line on stderr has said which node's stack refuses what. */
static bool is_accepted(const char *path, const struct network *network)
{
    static const uint8_t seed[16];
    static const tapir_instant start;
    char error[ERROR_SIZE];
    struct world *world = world_create(network, seed, NULL, start, error, sizeof error);
    if (world == NULL) {
        fprintf(stderr, "%s: %s\n", path, error);
        return false;
    }
    world_destroy(world, start);
    return true;
}

int check_main(int argc, char **argv)
{
    static const struct config_warnings warnings = {print_warning, NULL};
    char error[ERROR_SIZE];
    if (argc != 2)
        return command_usage("check");
    struct network *network = config_read(argv[1], error, sizeof error, &warnings);
    if (network == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_USAGE;
    }
    bool accepted = is_accepted(argv[1], network);
    if (accepted)
        print_fine(argv[1], network);
    network_free(network);
    return command_finish(accepted ? EXIT_FINE : EXIT_USAGE);
}
