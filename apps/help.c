/* tapir help: all subcommands, one of them, the network file, its settings, or all verdicts. */
#include <stdio.h>
#include <string.h>

#include "apps/commands.h"
#include "tapir.h"

static const char file_text[] =
    "A network file says which nodes there are, and how they are joined. The smallest one is a host:\n"
    "\n"
    "    node h1 { interface eth0 { tap = tap0  address = { 10.0.0.2/24 } } }\n"
    "\n"
    "All that may stand in it (docs/configuration.md explains it, tapir help settings lists the settings):\n"
    "\n"
    "    node NAME {\n"
    "        forwarding = on                         # be a router\n"
    "        interface NAME {\n"
    "            tap = DEVICE                        # or: link = NAME\n"
    "            netns = NAME                        # the namespace of the TAP\n"
    "            address = { 10.0.0.1/24, ... }\n"
    "            mtu = 1500  mac = 02:00:00:00:00:01  offload = auto\n"
    "            peer { address = 10.0.0.2/24  gateway = 10.0.0.1 }    # the kernel's end of the TAP\n"
    "            arp { ... } ip { ... } icmp { ... } pmtu { ... } udp { ... }   # settings of it alone\n"
    "        }\n"
    "        route 10.1.0.0/16 { via = 10.0.0.2 }    # or: via = { A, B }  metric = { 10, 20 }\n"
    "        route 10.3.0.0/16 { via = { A, B }  tos = { 0, 8 } }      # B: for this type of service\n"
    "        route 10.2.0.0/16 { type = prohibit }   # or: unreachable, blackhole\n"
    "        routes = FILE                           # a line each: 10.4.0.0/16 via 10.0.0.2\n"
    "        neighbor 10.0.0.3 { interface = NAME  mac = 02:00:00:00:00:03 }\n"
    "        services { echo = 7  stall = 9  close = 13 }\n"
    "        icmp { rate = 1000 }                    # settings of the node\n"
    "    }\n"
    "    loop { engine = auto  spin = 0us }          # or: uring, epoll; poll for so long before sleeping\n"
    "    link NAME { latency = 5ms  loss = 0.01  rate = 10mbit  queue = 100  seed = 1 }\n";

/* `off`, `on` or `1s` to `20s`, as a cell of the table. */
static void print_values(enum tapir_setting setting)
{
    const struct tapir_setting_row *row = tapir_setting(setting);
    char low[32], high[32];
    if (row->type == TAPIR_CHOICE) {
        putchar('`');
        for (const char *at = row->choices; *at != '\0'; at++)
            fputs(*at == '|' ? "`, `" : (char[]){*at, '\0'}, stdout);
        putchar('`');
        return;
    }
    tapir_setting_print(setting, row->low, low, sizeof low);
    tapir_setting_print(setting, row->high, high, sizeof high);
    printf("`%s` to `%s`", low, high);
}

static void print_setting(enum tapir_setting setting)
{
    const struct tapir_setting_row *row = tapir_setting(setting);
    char initial[32];
    tapir_setting_print(setting, row->initial, initial, sizeof initial);
    printf("| `%s` | ", row->name);
    print_values(setting);
    const char *where = row->scope == TAPIR_SCOPE_NODE ? "node" : "node, interface";
    printf(" | `%s` | %s | %s |\n", initial, where, row->text);
}

static void print_settings(void)
{
    printf("| setting | values | default | where | what it does |\n|---|---|---|---|---|\n");
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++)
        print_setting((enum tapir_setting)i);
}

/* `type 3 code 1`, `TCP reset` or nothing, as a cell of the table. */
static void print_earned(const struct tapir_fate *fate)
{
    switch (fate->earns) {
    case TAPIR_EARNS_NOTHING:
        printf("nothing | ");
        return;
    case TAPIR_EARNS_ICMP:
        printf("ICMP type %u code %u | ", fate->type, fate->code);
        return;
    case TAPIR_EARNS_RESET:
        printf("TCP reset | ");
        return;
    }
}

static void print_verdicts(void)
{
    static const char *const kinds[] = {"passed", "refused", "held", "answer"};
    printf("| verdict | kind | earns | source | what happened |\n|---|---|---|---|---|\n");
    for (unsigned i = TAPIR_UNSETTLED + 1; i < TAPIR_VERDICT_COUNT; i++) {
        const struct tapir_fate *fate = tapir_fate((enum tapir_verdict)i);
        printf("| `%s` | %s | ", fate->name, kinds[fate->kind]);
        print_earned(fate);
        printf("%s | %s |\n", fate->source, fate->text);
    }
}

static void print_file(void)
{
    fputs(file_text, stdout);
}

static void print_all(void)
{
    printf("tapir %s: virtual hosts and routers on TAP devices, from one network file.\n\n", TAPIR_VERSION);
    for (size_t i = 0; i < n_commands; i++)
        printf("    tapir %s\n            %s\n", commands[i].usage, commands[i].sentence);
    printf(
        "\n"
        "`tapir help SUBCOMMAND` says more, with an example. Exit codes: 0 fine, 1 it ran and the answer is no,\n"
        "2 usage, configuration or environment.\n");
}

static int print_command(const char *name)
{
    const struct command *command = command_find(name);
    if (command == NULL)
        return EXIT_USAGE;
    printf("tapir %s: %s.\n\n%s", command->usage, command->sentence, command->screen);
    return command_finish(EXIT_FINE);
}

int help_main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } topics[] = {{"file", print_file}, {"settings", print_settings}, {"verdicts", print_verdicts}};
    if (argc > 2)
        return command_usage("help");
    if (argc < 2) {
        print_all();
        return command_finish(EXIT_FINE);
    }
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        if (strcmp(argv[1], topics[i].name) != 0)
            continue;
        topics[i].print();
        return command_finish(EXIT_FINE);
    }
    return print_command(argv[1]);
}
