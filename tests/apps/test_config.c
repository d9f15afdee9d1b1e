/* The network file: what each sentence of it becomes, and the very line that a mistake earns.
 *
 * Each test writes net.conf into a directory of its own; the expected lines are written by hand. */
#include "apps/config.h"
#include "tests/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The whole example of the contract, as it stands there. */
static const char contract[] =
    "node r1 {\n"
    "    forwarding = true\n"
    "    interface lan {\n"
    "        tap     = lan0              # TAP device: attached to if it exists (persistent), else created "
    "and set up\n"
    "        netns   = blue              # optional: open it inside this named namespace\n"
    "        address = { 10.77.1.1/24 }  # one or more: { 10.77.1.1/24, 10.7.7.1/24 }\n"
    "        mtu     = 1500              # tapir's own; see below for the kernel's end\n"
    "        mac     = 02:00:00:00:01:01 # optional; default: derived from node and interface name, stable\n"
    "        peer { address = 10.77.1.10/24  gateway = 10.77.1.1 }   # optional: configure the kernel's end "
    "too\n"
    "    }\n"
    "    interface wan { tap = wan0  address = { 10.77.2.1/24 } }\n"
    "    route 10.77.9.0/24 { via = 10.77.1.254 }\n"
    "    route default      { via = 10.77.2.254 }\n"
    "    route 10.66.0.0/16 { type = prohibit }        # unreachable | blackhole | prohibit\n"
    "    neighbor 10.77.2.7 { interface = wan  mac = 02:00:00:00:02:07 }\n"
    "    services { echo = 7 stall = 9 close = 13 }    # built-in services for tests, off unless named\n"
    "    icmp { timestamp = on  information = off }    # settings as in conformance.md section 12\n"
    "}\n"
    "node h1 { interface eth0 { link = backbone  address = { 10.0.0.2/24 } } }\n"
    "link backbone { latency = 5ms  loss = 0.01  rate = 10mbit  seed = 1 }   # in-memory wire between "
    "nodes\n";

struct result {
    struct network *network;
    char error[512];
    char warnings[2048]; /* each with a newline */
};

static void keep_warning(void *context, const char *line)
{
    struct result *result = context;
    size_t used = strlen(result->warnings);
    snprintf(result->warnings + used, sizeof result->warnings - used, "%s\n", line);
}

static void write_file(const char *text, size_t size)
{
    FILE *file = fopen("net.conf", "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
}

static void read_octets(const char *text, size_t size, struct result *result)
{
    struct config_warnings warnings = {keep_warning, result};
    memset(result, 0, sizeof *result);
    write_file(text, size);
    result->network = config_read("net.conf", result->error, sizeof result->error, &warnings);
}

static void read_text(const char *text, struct result *result)
{
    read_octets(text, strlen(text), result);
}

/* ---- mistakes ---------------------------------------------------------------------------------------- */

/* A node with one interface in 10.0.0.0/24, the given lines from line 2 on. */
#define NODE(lines) "node n { interface i { tap = t address = 10.0.0.1/24 }\n" lines "}\n"
/* An interface with the given lines from line 2 on. */
#define INTERFACE(lines) "node n { interface i {\n" lines "}}\n"

static const struct mistake {
    const char *sentence, *text, *error;
} mistakes[] = {
    {"an empty file holds no node", "",
     "net.conf: there is no node in it; write at least: "
     "node h1 { interface eth0 { tap = tap0  address = { 10.0.0.2/24 } } }"},
    {"a file of comments holds no node", "# nothing\n/* here */ // either\n",
     "net.conf: there is no node in it; write at least: "
     "node h1 { interface eth0 { tap = tap0  address = { 10.0.0.2/24 } } }"},
    {"a section without its end is told on the line where it began", "node n {\n interface i {\n tap = t\n",
     "net.conf:2: this \"{\" is never closed; add \"}\""},
    {"a bracket too many", "node n {\n}}\n",
     "net.conf:2: \"}\" closes nothing; remove it, or open a section with \"{\""},
    {"a string without its end", "node n {\n interface \"i { }\n}\n",
     "net.conf:2: this string has no end; add \" on the same line"},
    {"a string without its end at the end of the file", "node n {}\nnode 'm",
     "net.conf:2: this string has no end; add ' on the same line"},
    {"a comment without its end", "node n {}\n/* more\n\n",
     "net.conf:2: this \"/*\" comment never ends; add \"*/\""},
    {"an octet that is no text", "node n {}\n\x01\n",
     "net.conf:2: octet 0x01 has no place here; a network file is plain text"},
    {"a character that means nothing", "node n { interface i { mtu = 15*100 } }",
     "net.conf:1: \"*\" has no place here; remove it, or quote the value"},
    {"an escape that nobody knows", "node n { interface i {\n tap = \"\\999\" } }",
     "net.conf:2: no such escape: \"\\999\"; write \\\\ for a backslash"},
    {"lines are counted over C comments", "/* one\n two */\nnode n { /* three */\n forwrding = on }",
     "net.conf:4: unknown setting \"forwrding\"; did you mean \"forwarding\"?"},
    {"lines are counted as on Windows", "node n {\r\n\r\n forwrding = on }",
     "net.conf:3: unknown setting \"forwrding\"; did you mean \"forwarding\"?"},

    {"an unknown word at the top", "nod n {}\n",
     "net.conf:1: unknown setting \"nod\"; did you mean \"node\"?"},
    {"an unknown word that resembles none", "router n {}\n",
     "net.conf:1: unknown setting \"router\"; write one of: node, link"},
    {"an unknown setting in a section is named in full", NODE(" icmp {\n ehco { answer = on } }\n"),
     "net.conf:3: unknown setting \"icmp.ehco\"; did you mean \"echo\"?"},
    {"an unknown setting two sections deep", NODE(" icmp { redirect {\n sent = on } }\n"),
     "net.conf:3: unknown setting \"icmp.redirect.sent\"; did you mean \"send\"?"},
    {"an unknown name in an interface", INTERFACE(" adress = 10.0.0.1/24\n"),
     "net.conf:2: unknown setting \"adress\"; did you mean \"address\"?"},
    {"pmtu belongs to the node", INTERFACE(" pmtu { floor = 552 }\n"),
     "net.conf:2: unknown setting \"pmtu\"; did you mean \"mtu\"?"},
    {"a value without its equal sign", NODE(" forwarding on\n"),
     "net.conf:2: no \"=\" after \"forwarding\"; write name = value"},
    {"a section without its bracket", "node n forwarding = on\n",
     "net.conf:1: no \"{\" where the section \"node\" should begin; write { ... } behind it"},
    {"a node without its name", "node { }\n",
     "net.conf:1: no name behind \"node\"; write the section as kind NAME { ... }"},
    {"a list for a single value", INTERFACE(" mtu = { 1500 }\n"),
     "net.conf:2: \"{\" has no place here; write name = value, or name = { value, value }"},
    {"more for a single value", INTERFACE(" mtu += 1500\n"),
     "net.conf:2: \"mtu\" holds one value; write = and not +="},
    {"a value twice", INTERFACE(" mtu = 1500\n mtu = 1400\n"),
     "net.conf:3: \"mtu\" stands twice in this section; keep one of them"},
    {"a list twice", INTERFACE(" address = { 10.0.0.1/24, 10.0.0.2/24 }\n address = 10.0.0.3/24\n"),
     "net.conf:3: \"address\" stands twice in this section; keep one of them"},

    {"a node twice", "node n {}\nnode n {}\n",
     "net.conf:2: node \"n\" stands twice; merge the two sections, or name one of them anew"},
    {"a link twice", "link l {}\nlink l {}\n",
     "net.conf:2: link \"l\" stands twice; merge the two sections, or name one of them anew"},
    {"an interface twice", NODE(" interface i {}\n"),
     "net.conf:2: interface \"i\" stands twice; merge the two sections, or name one of them anew"},
    {"a route twice", NODE(" route default { via = 10.0.0.2 }\n route default { via = 10.0.0.3 }\n"),
     "net.conf:3: route \"default\" stands twice; merge the two sections, or name one of them anew"},
    {"a route twice by another name",
     NODE(" route default { via = 10.0.0.2 }\n route 0.0.0.0/0 { via = 10.0.0.3 }\n"),
     "net.conf:3: route 0.0.0.0/0 stands twice; write its next hops in one: via = { A.B.C.D, A.B.C.E }"},
    {"a neighbor twice",
     NODE(" neighbor 10.0.0.2 { interface = i mac = 02:00:00:00:00:02 }\n neighbor 10.0.0.2 { }\n"),
     "net.conf:3: neighbor \"10.0.0.2\" stands twice; merge the two sections, or name one of them anew"},

    {"an address with an octet beyond 255", INTERFACE(" address = { 10.77.1.300/24 }\n"),
     "net.conf:2: \"10.77.1.300/24\" is not an IPv4 address with prefix length; write it like 10.77.1.1/24"},
    {"an address without its length", INTERFACE(" address = 10.77.1.3\n"),
     "net.conf:2: \"10.77.1.3\" is not an IPv4 address with prefix length; write it like 10.77.1.1/24"},
    {"an address in octal", INTERFACE(" address = 10.77.1.010/24\n"),
     "net.conf:2: \"10.77.1.010/24\" is not an IPv4 address with prefix length; write it like 10.77.1.1/24"},
    {"a prefix length beyond 32", INTERFACE(" address = 10.77.1.1/33\n"),
     "net.conf:2: \"10.77.1.1/33\" is not an IPv4 address with prefix length; write it like 10.77.1.1/24"},
    {"an MTU below the least", INTERFACE(" mtu = 67\n"),
     "net.conf:2: \"67\" is not an MTU from 68 to 65535; write it like 1500"},
    {"an MTU above the most", INTERFACE(" mtu = 65536\n"),
     "net.conf:2: \"65536\" is not an MTU from 68 to 65535; write it like 1500"},
    {"a multicast MAC", INTERFACE(" mac = 01:00:5e:00:00:01\n"),
     "net.conf:2: \"01:00:5e:00:00:01\" is not the MAC address of one station; write it like "
     "02:00:00:00:01:01"},
    {"a MAC of five octets", INTERFACE(" mac = 02:00:00:00:01\n"),
     "net.conf:2: \"02:00:00:00:01\" is not the MAC address of one station; write it like 02:00:00:00:01:01"},
    {"a TAP name that the kernel refuses", INTERFACE(" tap = \"a/b\"\n"),
     "net.conf:2: \"a/b\" is not a name of letters, digits, \"-\", \"_\" and \".\", at most 15; write it "
     "like lan0"},
    {"a TAP name of 16 octets", INTERFACE(" tap = abcdefghijklmnop\n"),
     "net.conf:2: \"abcdefghijklmnop\" is not a name of letters, digits, \"-\", \"_\" and \".\", at most 15; "
     "write it like lan0"},
    {"an interface name of 16 octets", "node n {\n interface abcdefghijklmnop { }\n}\n",
     "net.conf:2: \"abcdefghijklmnop\" is not a name of letters, digits, \"-\", \"_\" and \".\", at most 15; "
     "write it like eth0"},
    {"an offload that is none", INTERFACE(" tap = t offload = maybe\n"),
     "net.conf:2: \"maybe\" is not on, off or auto; write it like auto"},
    {"a loss above one", "link l {\n loss = 1.5 }",
     "net.conf:2: \"1.5\" is not a probability from 0 to 1; write it like 0.01"},
    {"a rate without a unit", "link l {\n rate = 10 }",
     "net.conf:2: \"10\" is not a rate; write it like 10mbit"},
    {"a latency without a unit", "link l {\n latency = 5 }",
     "net.conf:2: \"5\" is not a duration of at most 1h; write it like 5ms"},
    {"a negative seed", "link l {\n seed = -1 }",
     "net.conf:2: \"-1\" is not a whole number; write it like 1"},
    {"a choice that is none", NODE(" ip { rpfilter = strct }\n"),
     "net.conf:2: \"strct\" is not a value of ip.rpfilter; write one of: off, loose, strict"},
    {"a number out of range", NODE(" ip {\n ttl = 256 }\n"),
     "net.conf:3: \"256\" is not a value of ip.ttl; write a number from 1 to 255"},
    {"a duration out of range", NODE(" arp { timeout = 5ms }\n"),
     "net.conf:2: \"5ms\" is not a value of arp.timeout; write a duration from 1s to 24h"},
    {"a truth value where there is none", NODE(" ip { rpfilter = true }\n"),
     "net.conf:2: \"true\" is not a value of ip.rpfilter; write one of: off, loose, strict"},

    {"tap and link together", INTERFACE(" tap = t\n link = l\n"),
     "net.conf:3: interface \"i\" has both tap and link; keep one of them"},
    {"a namespace without a TAP", INTERFACE(" netns = blue\n"),
     "net.conf:2: interface \"i\" has netns but no TAP; write tap = NAME too"},
    {"a peer without a TAP", INTERFACE(" address = 10.0.0.1/24\n peer { address = 10.0.0.2/24 }\n"),
     "net.conf:1: interface \"i\" has a peer but no TAP; write tap = NAME too, or remove the peer"},
    {"a link that is not there", INTERFACE(" address = 10.0.0.1/24\n link = backbone\n"),
     "net.conf:3: there is no link \"backbone\"; write link backbone { } beside the nodes"},
    {"a link that is there under another name", INTERFACE(" link = bakcbone\n") "link backbone {}\n",
     "net.conf:2: there is no link \"bakcbone\"; did you mean \"backbone\"?"},
    {"one TAP for two interfaces", NODE(" interface j { tap = t }\n"),
     "net.conf:2: TAP \"t\" belongs to interface \"i\" on line 1 already; name another"},
    {"the network's own address", INTERFACE(" address = 10.0.0.0/24\n"),
     "net.conf:2: 10.0.0.0/24 is the address of the network itself; write the address of a host"},
    {"the network's broadcast address", INTERFACE(" address = 10.0.0.255/24\n"),
     "net.conf:2: 10.0.0.255/24 is the broadcast address of its network; write the address of a host"},
    {"a multicast address", INTERFACE(" address = 224.0.0.5/24\n"),
     "net.conf:2: 224.0.0.5/24 is a multicast address; write the address of a host"},
    {"a loopback address", INTERFACE(" address = 127.0.0.1/8\n"),
     "net.conf:2: 127.0.0.1/8 is a loopback address; write the address of a host"},
    {"an address twice in a node", NODE(" interface j { address = 10.0.0.1/8 }\n"),
     "net.conf:2: node \"n\" has 10.0.0.1/8 twice; remove one of them"},
    {"a peer outside", INTERFACE(" tap = t address = 10.0.0.1/24\n peer { address = 10.0.1.2/24 }\n"),
     "net.conf:3: peer address 10.0.1.2/24 is not in a network of interface \"i\"; write one that is"},
    {"a peer with our own address",
     INTERFACE(" tap = t address = 10.0.0.1/24\n peer { address = 10.0.0.1/24 }\n"),
     "net.conf:3: peer address 10.0.0.1/24 is tapir's own; write another of the same network"},
    {"a gateway outside",
     INTERFACE(" tap = t address = 10.0.0.1/24\n peer { address = 10.0.0.2/24\n gateway = 10.1.0.1 }\n"),
     "net.conf:4: gateway 10.1.0.1 is not in the peer's network 10.0.0.2/24; write an address that is"},
    {"a gateway without a peer address", INTERFACE(" tap = t\n peer { gateway = 10.1.0.1 }\n"),
     "net.conf:3: the peer has a gateway but no address; write address = A.B.C.D/LEN too"},

    {"a route with bits behind its prefix", NODE(" route 10.1.2.0/16 { type = prohibit }\n"),
     "net.conf:2: route 10.1.2.0/16 has bits behind its prefix; write 10.1.0.0/16"},
    {"a route to no network", NODE(" route somewhere { type = prohibit }\n"),
     "net.conf:2: \"somewhere\" is not a network; write it like 10.77.9.0/24, or default"},
    {"a route to nowhere", NODE(" route default {\n }\n"),
     "net.conf:2: route default leads nowhere; write { via = A.B.C.D } or { type = prohibit }"},
    {"a route of two kinds", NODE(" route default {\n via = 10.0.0.2\n type = prohibit }\n"),
     "net.conf:4: route default has both via and type; keep one of them"},
    {"a next hop in no network of ours", NODE(" route default {\n via = 10.0.1.2 }\n"),
     "net.conf:3: next hop 10.0.1.2 is in no network of node \"n\"; write a neighbor's address"},
    {"a next hop that is ourselves", NODE(" route default {\n via = 10.0.0.1 }\n"),
     "net.conf:3: next hop 10.0.0.1 is the node itself; write a neighbor's address"},
    {"a next hop that is a broadcast address", NODE(" route default {\n via = 10.0.0.255 }\n"),
     "net.conf:3: next hop 10.0.0.255 is the broadcast address of its network; write a neighbor's address"},
    {"a next hop twice", NODE(" route default {\n via = { 10.0.0.2, 10.0.0.2 } }\n"),
     "net.conf:3: next hop 10.0.0.2 stands twice; remove one of them"},
    {"fewer metrics than next hops",
     NODE(" route default {\n via = { 10.0.0.2, 10.0.0.3 }\n metric = 10 }\n"),
     "net.conf:4: route default has 2 next hops but 1 in metric; write one for each, in the same order"},
    {"a neighbor by name", NODE(" neighbor bob { }\n"),
     "net.conf:2: \"bob\" is not an IPv4 address; write it like 10.77.1.1"},
    {"a neighbor without a MAC", NODE(" neighbor 10.0.0.2 { interface = i }\n"),
     "net.conf:2: neighbor 10.0.0.2 has no MAC; write { interface = NAME  mac = 02:00:00:00:01:01 }"},
    {"a neighbor at no interface of ours",
     NODE(" neighbor 10.0.0.2 {\n interface = j mac = 02:00:00:00:01:01 }\n"),
     "net.conf:3: node \"n\" has no interface \"j\"; name one of its own"},
    {"a neighbor in no network of its interface",
     NODE(" neighbor 10.0.1.2 { interface = i mac = 02:00:00:00:01:01 }\n"),
     "net.conf:2: neighbor 10.0.1.2 is in no network of interface \"i\"; write one that is"},
    {"a service at port 0", NODE(" services { echo = 0 }\n"),
     "net.conf:2: \"0\" is not a port from 1 to 65535; write it like 7"},
    {"two services at one port", NODE(" services { echo = 7\n stall = 7 }\n"),
     "net.conf:3: port 7 has a service already; write another port"},
    {"a node with a name that no command line takes", "node \"r 1\" { }\n",
     "net.conf:1: \"r 1\" is not a name of letters, digits, \"-\", \"_\" and \".\", at most 63; write it "
     "like r1"},
};

static void check_mistake(void **state)
{
    const struct mistake *row = *state;
    struct result result;
    read_text(row->text, &result);
    assert_null(result.network);
    assert_string_equal(result.error, row->error);
}

/* ---- warnings ------------------------------------------------------------------------------------------ */

static const struct oddity {
    const char *sentence, *text, *warnings;
} oddities[] = {
    {"nothing is odd about a host", NODE(""), ""},
    {"a setting that is not built is told once",
     NODE(" icmp {\n timestamp = on }\n interface j { icmp { timestamp = off } address = 10.1.0.1/24 }\n"),
     "net.conf:3: icmp.timestamp is accepted but has no effect in this version yet\n"},
    {"a node without interfaces", "\nnode n { }",
     "net.conf:2: node \"n\" has no interface; nobody can reach it\n"},
    {"an interface without addresses", "node n {\n interface i { tap = t } }",
     "net.conf:2: interface \"i\" has no address; write address = { A.B.C.D/LEN }\n"},
    {"a link with one end", INTERFACE("link = l address = 10.0.0.1/24") "link l {}\n",
     "net.conf:3: link \"l\" has one end only; nothing can cross it\n"},
};

static void check_oddity(void **state)
{
    const struct oddity *row = *state;
    struct result result;
    read_text(row->text, &result);
    assert_string_equal(result.error, "");
    assert_non_null(result.network);
    assert_string_equal(result.warnings, row->warnings);
    network_free(result.network);
}

/* ---- what a right file becomes ---------------------------------------------------------------------------
 */

static void describe_op(const struct tapir_op *op, char *out, size_t size)
{
    char value[32] = "";
    switch (op->kind) {
    case TAPIR_OP_INTERFACE:
        snprintf(out, size, "interface %u %s mtu %u\n", op->iface, op->interface.name, op->interface.mtu);
        break;
    case TAPIR_OP_ADDRESS:
        snprintf(out, size, "address %u %08x/%u\n", op->iface, op->address.address.value, op->address.length);
        break;
    case TAPIR_OP_ROUTE:
        snprintf(out, size, "route %08x/%u kind %d via %08x metric %u\n", op->route.prefix.address.value,
                 op->route.prefix.length, (int)op->route.kind, op->route.via.value, op->route.metric);
        break;
    case TAPIR_OP_NEIGHBOR:
        snprintf(out, size, "neighbor %u %08x ..:%02x\n", op->iface, op->neighbor.address.value,
                 op->neighbor.mac.octet[5]);
        break;
    case TAPIR_OP_SET:
        tapir_setting_print(op->set.setting, op->set.value, value, sizeof value);
        snprintf(out, size, "set %d %s %s\n", (int)op->iface, tapir_setting(op->set.setting)->name, value);
        break;
    case TAPIR_OP_LINK:
    case TAPIR_OP_CLOCK:
        fail();
    }
}

static const struct becoming {
    const char *sentence, *text, *ops; /* of the first node */
} becomings[] = {
    {"the contract's example, each line as written", contract,
     "interface 0 lan mtu 1500\n"
     "interface 1 wan mtu 1500\n"
     "set -1 forwarding on\n"
     "set -1 icmp.timestamp on\n"
     "set -1 icmp.information off\n"
     "address 0 0a4d0101/24\n"
     "address 1 0a4d0201/24\n"
     "neighbor 1 0a4d0207 ..:07\n"
     "route 0a4d0900/24 kind 0 via 0a4d01fe metric 0\n"
     "route 00000000/0 kind 0 via 0a4d02fe metric 0\n"
     "route 0a420000/16 kind 6 via 00000000 metric 0\n"},
    {"quoted values are the same as bare ones",
     "node \"n\" { interface 'i' { tap = \"t\" address = { \"10.0.0.1/24\", '10.1.0.1/24' } mtu = \"9000\"\n"
     "mac = \"02:00:00:00:00:01\" } arp { timeout = \"30s\" } }",
     "interface 0 i mtu 9000\nset -1 arp.timeout 30s\naddress 0 0a000001/24\naddress 0 0a010001/24\n"},
    {"a list may grow", INTERFACE("address = 10.0.0.1/24 address += { 10.1.0.1/24 }"),
     "interface 0 i mtu 1500\naddress 0 0a000001/24\naddress 0 0a010001/24\n"},
    {"settings of an interface hold there alone",
     "node n { interface i { address = 10.0.0.1/24 forwarding = yes ip { rpfilter = strict } arp { acd = on "
     "} } ip { ttl = 9 } }",
     "interface 0 i mtu 1500\nset -1 ip.ttl 9\nset 0 forwarding on\nset 0 arp.acd on\nset 0 ip.rpfilter "
     "strict\n"
     "address 0 0a000001/24\n"},
    {"limits of ICMP, three deep",
     "node n { icmp { rate = 0 burst = 5 destination { rate = 2 } redirect { send = auto rate = 3 } } }",
     "set -1 icmp.rate 0\nset -1 icmp.burst 5\nset -1 icmp.destination.rate 2\nset -1 icmp.redirect.send "
     "auto\n"
     "set -1 icmp.redirect.rate 3\n"},
    {"next hops of one route, in order, with their metrics",
     NODE("route 10.9.0.0/16 { via = { 10.0.0.2, 10.0.0.3 } metric = { 10, 20 } }\n"),
     "interface 0 i mtu 1500\naddress 0 0a000001/24\n"
     "route 0a090000/16 kind 0 via 0a000002 metric 10\nroute 0a090000/16 kind 0 via 0a000003 metric 20\n"},
    {"unreachable and blackhole",
     NODE("route 10.9.0.0/16 { type = unreachable }\nroute 10.8.0.0/16 { type = blackhole metric = 5 }\n"),
     "interface 0 i mtu 1500\naddress 0 0a000001/24\n"
     "route 0a090000/16 kind 4 via 00000000 metric 0\nroute 0a080000/16 kind 5 via 00000000 metric 5\n"},
    {"both ends of a /31 are hosts",
     "node n { interface i { address = 10.0.0.0/31 } route default { via = 10.0.0.1 } }",
     "interface 0 i mtu 1500\naddress 0 0a000000/31\nroute 00000000/0 kind 0 via 0a000001 metric 0\n"},
    {"a section that stands twice is one", "node n { ip { ttl = 9 } ip { martians = off } }",
     "set -1 ip.ttl 9\nset -1 ip.martians off\n"},
    {"a variable of the environment", "node n { interface i { address = { ${TAPIR_TEST_ADDRESS} } } }",
     "interface 0 i mtu 1500\naddress 0 0a090909/24\n"},
};

static void check_becoming(void **state)
{
    const struct becoming *row = *state;
    struct result result;
    char ops[2048] = "";
    setenv("TAPIR_TEST_ADDRESS", "10.9.9.9/24", 1);
    read_text(row->text, &result);
    assert_string_equal(result.error, "");
    assert_non_null(result.network);
    for (size_t i = 0; i < result.network->nodes[0].n_ops; i++)
        describe_op(&result.network->nodes[0].ops[i], ops + strlen(ops), sizeof ops - strlen(ops));
    assert_string_equal(ops, row->ops);
    network_free(result.network);
}

static void devices_and_services_of_the_contract(void **state)
{
    (void)state;
    struct result result;
    read_text(contract, &result);
    assert_int_equal(result.network->n_nodes, 2);
    const struct network_node *r1 = &result.network->nodes[0];
    const struct network_interface *lan = &r1->interfaces[0], *eth0 = &result.network->nodes[1].interfaces[0];
    assert_string_equal(r1->name, "r1");
    assert_string_equal(lan->tap, "lan0");
    assert_string_equal(lan->netns, "blue");
    assert_null(lan->link);
    assert_int_equal(lan->line, 4);
    assert_true(lan->has_peer && lan->has_gateway);
    assert_int_equal(lan->peer.address.value, 0x0a4d010a);
    assert_int_equal(lan->gateway.value, 0x0a4d0101);
    assert_memory_equal(&lan->mac, "\x02\0\0\0\x01\x01", 6);
    assert_string_equal(eth0->link, "backbone");
    assert_null(eth0->tap);
    assert_int_equal(r1->n_services, 3);
    assert_int_equal(r1->services[2].kind, NETWORK_CLOSE);
    assert_int_equal(r1->services[2].port, 13);
    network_free(result.network);
}

static void links_have_their_values(void **state)
{
    (void)state;
    struct result result;
    read_text(
        "node n { } link l { latency = 1.5ms loss = 2% rate = 1.5gbit queue = 7 seed = 3 reorder = 0.25\n"
        "duplicate = 1 corrupt = 0 } link m { }",
        &result);
    const struct network_link *l = &result.network->links[0], *m = &result.network->links[1];
    assert_int_equal(result.network->n_links, 2);
    assert_int_equal(l->latency_ns, 1500000);
    assert_int_equal(l->rate, 1500000000);
    assert_int_equal(l->queue, 7);
    assert_int_equal(l->seed, 3);
    assert_true(l->loss == 0.02 && l->reorder == 0.25 && l->duplicate == 1.0 && l->corrupt == 0.0);
    assert_int_equal(m->latency_ns, 0);
    assert_int_equal(m->rate, 0);
    network_free(result.network);
}

static struct mac mac_of(const char *text, size_t interface)
{
    struct result result;
    read_text(text, &result);
    struct mac mac = result.network->nodes[0].interfaces[interface].mac;
    assert_memory_equal(&mac, &result.network->nodes[0].ops[interface].interface.mac, sizeof mac);
    network_free(result.network);
    return mac;
}

static void a_mac_follows_from_names_alone(void **state)
{
    (void)state;
    struct mac alone = mac_of("node n { interface i { } }", 0);
    struct mac beside =
        mac_of("node n { interface h { mtu = 68 } interface i { mtu = 9000 } } node m { }", 1);
    struct mac other = mac_of("node m { interface i { } }", 0);
    assert_int_equal(alone.octet[0], 0x02);
    assert_memory_equal(&alone, &beside, sizeof alone);
    assert_memory_not_equal(&alone, &other, sizeof alone);
}

/* The MAC that would follow from the names is given to another interface by hand. */
static void a_mac_that_is_taken_is_avoided(void **state)
{
    (void)state;
    char text[256];
    struct mac m = mac_of("node n { interface i { } }", 0);
    snprintf(text, sizeof text,
             "node n { interface i { } interface j { mac = %02x:%02x:%02x:%02x:%02x:%02x } }", m.octet[0],
             m.octet[1], m.octet[2], m.octet[3], m.octet[4], m.octet[5]);
    struct mac first = mac_of(text, 0), again = mac_of(text, 0);
    assert_memory_not_equal(&first, &m, sizeof m);
    assert_memory_equal(&first, &again, sizeof first);
}

static void a_file_that_cannot_be_read_is_told(void **state)
{
    (void)state;
    char error[256];
    assert_null(config_read("none.conf", error, sizeof error, NULL));
    assert_string_equal(error, "none.conf: No such file or directory; name a network file that exists");
    assert_null(config_read(".", error, sizeof error, NULL));
    assert_string_equal(error, ".: Is a directory; name a network file, not a directory");
}

static void a_short_error_buffer_is_respected(void **state)
{
    (void)state;
    char error[12] = "............";
    assert_null(config_read("none.conf", error, 8, NULL));
    assert_memory_equal(error, "none.co\0....", 12);
}

/* ---- damaged files ------------------------------------------------------------------------------------- */

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Overwrites, removes, doubles or swaps a piece of `text`. Returns its new size; there is room for twice the
 * old. */
static size_t damage(char *text, size_t size, uint32_t *state)
{
    static const char likely[] = "{}\"'#=/*,$\\|+( \n\0\x80\xff"
                                 "0a";
    size_t at = next(state) % size, n = 1 + next(state) % 8;
    n = at + n > size ? size - at : n;
    switch (next(state) % 4) {
    case 0:
        text[at] = likely[next(state) % (sizeof likely - 1)];
        return size;
    case 1:
        memmove(text + at, text + at + n, size - at - n);
        return size - n;
    case 2:
        memmove(text + at + n, text + at, size - at);
        return size + n;
    default:
        text[at] = (char)next(state);
        return size;
    }
}

static void two_thousand_damaged_files_do_no_harm(void **state)
{
    (void)state;
    uint32_t seed = 1;
    unsigned refused = 0;
    struct result result;
    for (int i = 0; i < 2000; i++) {
        char text[2 * sizeof contract];
        size_t size = sizeof contract - 1;
        memcpy(text, contract, size);
        for (uint32_t times = 1 + next(&seed) % 3; times > 0; times--)
            size = damage(text, size, &seed);
        read_octets(text, size, &result);
        assert_true((result.network == NULL) == (strncmp(result.error, "net.conf", 8) == 0));
        assert_null(strchr(result.error, '\n'));
        refused += result.network == NULL;
        network_free(result.network);
    }
    assert_in_range(refused, 500, 1990); /* or the damage is none, or the reader refuses all */
    read_text(contract, &result);        /* and what was damaged leaves nothing behind */
    assert_string_equal(result.error, "");
    network_free(result.network);
}

static int enter_directory(void **state)
{
    static char directory[] = "/tmp/tapir-config-XXXXXX";
    *state = directory;
    return mkdtemp(directory) == NULL || chdir(directory) != 0 ? -1 : 0;
}

static int leave_directory(void **state)
{
    unlink("net.conf");
    return chdir("/") == 0 ? rmdir(*state) : -1;
}

int main(void)
{
    void *directory;
    const struct CMUnitTest others[] = {
        cmocka_unit_test(devices_and_services_of_the_contract),
        cmocka_unit_test(links_have_their_values),
        cmocka_unit_test(a_mac_follows_from_names_alone),
        cmocka_unit_test(a_mac_that_is_taken_is_avoided),
        cmocka_unit_test(a_file_that_cannot_be_read_is_told),
        cmocka_unit_test(a_short_error_buffer_is_respected),
        cmocka_unit_test(two_thousand_damaged_files_do_no_harm),
    };
    if (enter_directory(&directory) != 0)
        return 1;
    int failed =
        RUN_TABLE("mistakes", mistakes, check_mistake) + RUN_TABLE("oddities", oddities, check_oddity) +
        RUN_TABLE("becomings", becomings, check_becoming) + cmocka_run_group_tests(others, NULL, NULL);
    return failed + leave_directory(&directory);
}
