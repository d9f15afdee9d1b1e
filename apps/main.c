/* tapir: hands the words of the command line to a subcommand. Their table is in commands.c. */
#include <stdio.h>
#include <string.h>

#include "apps/commands.h"

static int print_version(void)
{
    printf("tapir %s\n", TAPIR_VERSION);
    return EXIT_FINE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "tapir: no subcommand; see tapir help\n");
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
        return print_version();
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help_main(1, argv + 1);
    const struct command *command = command_find(argv[1]);
    return command == NULL ? EXIT_USAGE : command->main(argc - 1, argv + 1);
}
