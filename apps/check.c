/* tapir check FILE: reads a network file and says whether it is right.
 *
 * The operations of each node are also given to a real stack: what is fine here, runs. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/commands.h"
#include "apps/config.h"

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
    print_fine(argv[1], network);
    network_free(network);
    return EXIT_FINE;
}
