/* The subcommands of tapir. main.c holds their table; each has a file of its own. */
#ifndef APPS_COMMANDS_H
#define APPS_COMMANDS_H

#include <stddef.h>

#ifndef TAPIR_VERSION
#define TAPIR_VERSION "0.1.0"
#endif

/* Exit codes, the same for all subcommands. */
enum {
    EXIT_FINE = 0,
    EXIT_NO = 1,   /* it ran, and the answer is no: no reply, a mismatch */
    EXIT_USAGE = 2 /* usage, configuration or environment: one line has said what to do */
};

struct command {
    const char *name;
    int (*main)(int argc, char **argv); /* argv[0] is the subcommand's name; returns the exit code */
    const char *usage;                  /* what stands behind `tapir` */
    const char *sentence;               /* what it does */
    const char *screen; /* the rest of `tapir help NAME`, with an example; ends with a newline */
};

/* All of them, in the order of the help. */
extern const struct command commands[];
extern const size_t n_commands;

/* The command of that name; NULL: none, and one line on stderr has said which was meant. */
const struct command *command_find(const char *name);

/* One line on stderr: how the command wants to be called. Returns EXIT_USAGE. */
int command_usage(const char *name);

/* For a command whose answer is on stdout: `code`, or EXIT_USAGE after one line on stderr when the answer could
 * not be written. */
int command_finish(int code);

int run_main(int argc, char **argv);
int check_main(int argc, char **argv);
int host_main(int argc, char **argv);
int replay_main(int argc, char **argv);
int test_main(int argc, char **argv);
int simulate_main(int argc, char **argv);
int help_main(int argc, char **argv);

#endif
