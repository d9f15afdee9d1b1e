/* Any octets as a network file: a network, which a real stack takes or refuses, or one line that says what is
 * wrong. */
#include <stdint.h>
#include <string.h>

#include "apps/config.h"
#include "tests/fuzz/fuzz.h"

static void *allocate(void *context, size_t size)
{
    (void)context;
    return aligned_alloc(16, (size + 15) & ~(size_t)15);
}

static void release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

static void is_one_line(const char *line)
{
    if (line[0] == '\0' || strchr(line, '\n') != NULL)
        abort();
}

static void warn(void *context, const char *line)
{
    (void)context;
    is_one_line(line);
}

static void try_ops(const struct network_node *node)
{
    struct tapir_config config = {.observe = true, .limits = {.routes = 4096}};
    struct tapir_memory memory = {allocate, release, NULL, false};
    struct tapir *stack = tapir_create(&config, &memory, (tapir_instant){0});
    struct tapir_fault fault = {0, ""};
    if (stack == NULL)
        return;
    if (tapir_apply(stack, node->ops, node->n_ops, &fault, (tapir_instant){0}) != TAPIR_OK)
        is_one_line(fault.why);
    tapir_destroy(stack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[32], error[512] = "";
    fuzz_write(data, size, path);
    const struct config_warnings warnings = {warn, NULL};
    struct network *network = config_read(path, error, sizeof error, &warnings);
    if (network == NULL) {
        is_one_line(error);
        return 0;
    }
    for (size_t i = 0; i < network->n_nodes; i++)
        try_ops(&network->nodes[i]);
    network_free(network);
    return 0;
}
