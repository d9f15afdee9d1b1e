/* The table of subcommands: add a row and a file. */
#include "apps/commands.h"
#include "apps/nearest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct command commands[] = {
    {"run", run_main, "run [-v] [--record DIR] FILE",
     "run every node of a network file until SIGINT or SIGTERM",
     "Opens the TAP devices of FILE, creating those that are missing, and prints \"ready\" on stdout once every\n"
     "address answers. SIGUSR1 prints all counters on stdout. What happens to devices and addresses is told on\n"
     "stderr, with -v in detail. --record keeps in a new folder what every node was told, so that `tapir replay DIR`\n"
     "can make the run again. Needs the right to open /dev/net/tun: root, or unshare -rn.\n"
     "\n"
     "Example:\n"
     "    # tapir run docs/examples/host.conf\n"
     "    ready\n"},
    {"host", host_main, "host TAP ADDRESS/LEN [via GATEWAY] [peer ADDRESS/LEN] [netns NAME]",
     "run one virtual host, without a file",
     "The shortest way to a host that the kernel can ping. `peer` gives the kernel's end of the TAP an address;\n"
     "`netns` opens the TAP inside a named network namespace. Ends as `tapir run` does.\n"
     "\n"
     "Example:\n"
     "    # tapir host tap0 10.77.1.1/24 peer 10.77.1.10/24 &\n"
     "    # ping 10.77.1.1\n"},
    {"check", check_main, "check FILE", "look whether a network file is right, without running it",
     "Prints one line and exits 0 when it is. Else one line says what is wrong in which line of FILE, and\n"
     "what to write instead, and the exit code is 2. What is odd but no mistake is told on stderr.\n"
     "\n"
     "Example:\n"
     "    $ tapir check docs/examples/host.conf\n"
     "    docs/examples/host.conf: 1 node, 1 interface, 1 route: fine\n"},
    {"replay", replay_main, "replay FILE --node NODE --in IFACE=PCAP --out IFACE=PCAP [OPTION...]",
     "give captures to nodes in virtual time: frames out, and a verdict for each frame in",
     "    --in, --out [NODE:]IFACE=PCAP  once for each interface; NODE: where it is another node than --node\n"
     "    --verdicts FILE                a line of JSON for each frame read\n"
     "    --table FILE                   the same for people\n"
     "    --explain [[NODE:]IFACE:]N     what became of frame N, step by step\n"
     "    --capture FILE.pcapng          all frames of all nodes, with verdicts as comments\n"
     "    --filter EXPRESSION            take only these frames, as tcpdump does\n"
     "    --rewrite NET=NET              other addresses, 192.0.2.0/24=10.77.1.0/24; repeated\n"
     "    --dst-mac router|keep          send the frames of a foreign capture to the interface\n"
     "    --progress                     tell now and then how many frames were read\n"
     "    --until DURATION               end so long after the first frame\n"
     "    --seed N                       other chances\n"
     "\n"
     "`tapir replay --onto TAP [--speed 1|N|max] [--netns NAME] PCAP...` writes captures to a real TAP device instead, at\n"
     "their own speed, N times that, or as fast as it goes; --filter, --rewrite and --dst-mac (router: the kernel's end) hold\n"
     "there too. Ends after the last frame or at SIGINT; exit code 1 when the device did not take all. Needs root.\n"
     "\n"
     "`tapir replay DIR` makes a run again that `tapir run --record DIR` has kept, and compares: exit code 1 when a frame\n"
     "or a verdict is not as it was.\n"
     "\"-\" is stdin or stdout. How many frames met which verdict is told on stderr. Time goes on after the last frame\n"
     "until nothing is held, at most 300 s. Needs no rights and no TAP device; the same captures and seed give the same\n"
     "result every time.\n"
     "\n"
     "Example:\n"
     "    $ tapir replay net.conf --node r1 --in lan=in.pcap --out lan=out.pcap --verdicts -\n"},
    {"test", test_main,
     "test [--format text | tap | junit] [--jobs N] [--limit SECONDS] [--update [--yes]] [DIR...]",
     "run cases: captures, and what is expected to come out of them",
     "A case is a folder with a network.conf, captures in-IFACE.pcap, and what is expected: out-IFACE.pcap and\n"
     "verdicts.jsonl. All cases below each DIR (or the current folder) run side by side, N at a time, SECONDS (60)\n"
     "for each at most. What differs is told field by field. --update replaces expectations by what came out, after\n"
     "asking, or at once with --yes.\n"
     "Exit code 1: a case failed; 2: a case cannot be run. docs/testing.md tells more.\n"
     "\n"
     "Example:\n"
     "    $ tapir test pcaps/first-verdicts\n"
     "    ok    pcaps/first-verdicts\n"
     "    1 passed, 0 failed, 0 skipped\n"},
    {"simulate", simulate_main, "simulate FILE --for DURATION [--seed N] [-j]",
     "run a whole network in virtual time, as fast as it goes, and report",
     "The nodes, links, events and traffic of FILE, without its TAP devices. Prints what became of the pings, of the\n"
     "frames on the links and of the packets in the nodes; -j: as JSON. The same file and seed give the same report, octet\n"
     "by octet; how long it took stands on stderr.\n"
     "\n"
     "Example:\n"
     "    $ tapir simulate docs/examples/campus.conf --for 1h\n"},
    {"help", help_main, "help [SUBCOMMAND | file | settings | verdicts]",
     "explain a subcommand, the network file, its settings, or what can happen to a packet",
     "`tapir help file` shows the form of a network file, `tapir help settings` all settings and\n"
     "`tapir help verdicts` all verdicts as tables in Markdown.\n"
     "\n"
     "Example:\n"
     "    $ tapir help check\n"},
};

const size_t n_commands = sizeof commands / sizeof commands[0];

static const struct command *lookup(const char *name)
{
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const struct command *command_find(const char *name)
{
    const char *names[sizeof commands / sizeof commands[0]];
    const struct command *command = lookup(name);
    if (command != NULL)
        return command;
    for (size_t i = 0; i < n_commands; i++)
        names[i] = commands[i].name;
    const char *nearest = nearest_name(name, names, n_commands);
    if (nearest != NULL)
        fprintf(stderr, "tapir: there is no \"%s\"; did you mean tapir %s?\n", name, nearest);
    else
        fprintf(stderr, "tapir: there is no \"%s\"; see tapir help\n", name);
    return NULL;
}

int command_usage(const char *name)
{
    const struct command *command = lookup(name);
    fprintf(stderr, "usage: tapir %s\n", command != NULL ? command->usage : name);
    return EXIT_USAGE;
}

int command_finish(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return code;
    fprintf(stderr, "tapir: stdout cannot be written: %s\n", errno != 0 ? strerror(errno) : "write error");
    return EXIT_USAGE;
}
