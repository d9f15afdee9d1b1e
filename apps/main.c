/* tapir: hands the words of the command line to a subcommand. Their table is in commands.c. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/commands.h"

static int print_version(void)
{
    printf("tapir %s\n", TAPIR_VERSION);
    return command_finish(EXIT_FINE);
}

/* Who starts us with stdin, stdout or stderr closed must not find their text in a capture or on a TAP device,
 * which would get the free number. Use of them fails as if they were still closed. */
static void keep_standard_files(void)
{
    int fd;
    do
        fd = open("/dev/null", fcntl(STDIN_FILENO, F_GETFD) < 0 ? O_WRONLY : O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    keep_standard_files();
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
