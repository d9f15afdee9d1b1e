/* The very line that each mistake in a network file earns. The lines are written by hand.
 *
 * What right files become is in test_config.c. */
#include "tests/apps/read_text.h"

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
     "net.conf:1: unknown setting \"router\"; write one of: node, link, event, traffic, loop"},
    {"an engine that there is not", NODE("") "loop {\n engine = kqueue }\n",
     "net.conf:4: \"kqueue\" is not auto, uring or epoll; write it like auto"},
    {"to poll for longer than a second", NODE("") "loop {\n spin = 2s }\n",
     "net.conf:4: \"2s\" is not a duration of at most 1s; write it like 50us"},
    {"two engines", NODE("") "loop { engine = auto\n engine = epoll }\n",
     "net.conf:4: \"engine\" stands twice in this section; keep one of them"},
    {"an unknown word in loop", NODE("") "loop {\n engin = epoll }\n",
     "net.conf:4: unknown setting \"loop.engin\"; did you mean \"engine\"?"},
    {"an event without a time", NODE("") "event {\n link = l state = down }\n",
     "net.conf:3: the event has no time; write at = 10s"},
    {"an event without a state", NODE("") "event { at = 1s\n link = l }\n",
     "net.conf:3: the event has no state; write state = down or state = up"},
    {"an event of a state that there is not", NODE("") "event { at = 1s\n state = broken }\n",
     "net.conf:4: \"broken\" is not up or down; write it like down"},
    {"an event that happens to nothing", NODE("") "event { at = 1s state = up }\n",
     "net.conf:3: the event names nothing that it happens to; write link = NAME, or node = NAME interface = NAME"},
    {"an event that happens to half an interface", NODE("") "event { at = 1s state = up node = n }\n",
     "net.conf:3: the event names only half of an interface; write link = NAME, or node = NAME interface = NAME"},
    {"an event that happens to two things", NODE("") "event { at = 1s state = up node = n link = l }\n",
     "net.conf:3: the event names both a link and an interface; write link = NAME, or node = NAME interface = NAME"},
    {"an event of a link that is not there", NODE("") "event { at = 1s state = up\n link = lin }\n",
     "net.conf:4: there is no link \"lin\"; name one of the file"},
    {"an event of a node that is not there",
     NODE("") "event { at = 1s state = up\n node = m interface = i }\n",
     "net.conf:4: there is no node \"m\"; name one of the file"},
    {"an event of an interface that is not there",
     NODE("") "event { at = 1s state = up\n node = n interface = j }\n",
     "net.conf:4: node \"n\" has no interface \"j\"; name one of its own"},
    {"an event after more than a year", NODE("") "event { at = 8761h }\n",
     "net.conf:3: \"8761h\" is not a time from the start, at most 8760h; write it like 10s"},
    {"traffic from a node that is not there", NODE("") "traffic { from = m }\n",
     "net.conf:3: there is no node \"m\"; name one of the file"},
    {"traffic to what is neither an address nor a node", NODE("") "traffic { from = n\n to = m }\n",
     "net.conf:4: there is no node \"m\"; name one of the file"},
    {"traffic without a pause", NODE("") "traffic { every = 0s }\n",
     "net.conf:3: \"0s\" is not a duration from 1us to 8760h; write it like 1min"},
    {"traffic of no request", NODE("") "traffic { count = 0 }\n",
     "net.conf:3: \"0\" is not a whole number above 0; write it like 5"},
    {"traffic larger than a datagram", NODE("") "traffic { size = 65508 }\n",
     "net.conf:3: \"65508\" is not a number of octets from 0 to 65507; write it like 56"},
    {"traffic that never leaves", NODE("") "traffic { ttl = 0 }\n",
     "net.conf:3: \"0\" is not a TTL from 1 to 255; write it like 64"},
    {"traffic to a node without an address",
     NODE("") "node m { interface i { tap = u } }\ntraffic { to = m }\n",
     "net.conf:4: node \"m\" has no address; name another, or write an address"},
    {"an unknown setting in a section is named in full", NODE(" icmp {\n ehco { answer = on } }\n"),
     "net.conf:3: unknown setting \"icmp.ehco\"; did you mean \"echo\"?"},
    {"an unknown setting two sections deep", NODE(" icmp { redirect {\n sent = on } }\n"),
     "net.conf:3: unknown setting \"icmp.redirect.sent\"; did you mean \"send\"?"},
    {"an unknown name in an interface", INTERFACE(" adress = 10.0.0.1/24\n"),
     "net.conf:2: unknown setting \"adress\"; did you mean \"address\"?"},
    {"a setting of the node in an interface", INTERFACE(" icmp {\n rate = 7 }\n"),
     "net.conf:3: icmp.rate holds for the whole node; write it in node \"n\", outside of interface \"i\""},
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
    {"what is advertised must be an address of the interface",
     INTERFACE(" address = 10.0.0.1/24\n advertise = { 10.0.0.2 }\n"),
     "net.conf:3: 10.0.0.2 is no address of interface \"i\"; write one that is, or remove it from advertise"},
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
     "net.conf:2: \"strct\" is not a value of ip.rpfilter; write one of: off, loose, strict, explicit"},
    {"a number out of range", NODE(" ip {\n ttl = 256 }\n"),
     "net.conf:3: \"256\" is not a value of ip.ttl; write a number from 1 to 255"},
    {"a duration out of range", NODE(" arp { timeout = 5ms }\n"),
     "net.conf:2: \"5ms\" is not a value of arp.timeout; write a duration from 1s to 24h"},
    {"a size out of range", NODE(" ip { reassembly { memory = 64 } }\n"),
     "net.conf:2: \"64\" is not a value of ip.reassembly.memory; write a size from 64KiB to 16MiB"},
    {"a network with bits behind its prefix", NODE(" icmp { probe { name_from = 10.0.0.1/8 } }\n"),
     "net.conf:2: \"10.0.0.1/8\" is not a value of icmp.probe.name_from; write a network from 0.0.0.0/0 to "
     "255.255.255.255/32"},
    {"a wrong setting in an interface", INTERFACE(" udp { checksum = none }\n"),
     "net.conf:2: \"none\" is not a value of udp.checksum; write one of: on, required"},
    {"a truth value where there is none", NODE(" ip { rpfilter = true }\n"),
     "net.conf:2: \"true\" is not a value of ip.rpfilter; write one of: off, loose, strict, explicit"},

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
    {"a next hop twice for one type of service",
     NODE(" route default {\n via = { 10.0.0.2, 10.0.0.2 }\n tos = { 8, 8 } }\n"),
     "net.conf:3: next hop 10.0.0.2 stands twice; remove one of them"},
    {"a type of service that is none", NODE(" route default {\n via = 10.0.0.2 tos = 1 }\n"),
     "net.conf:3: \"1\" is not a type of service: 0, 2, 4, 8 or 16; write it like 8"},
    {"two types of service at once", NODE(" route default {\n via = 10.0.0.2 tos = 6 }\n"),
     "net.conf:3: \"6\" is not a type of service: 0, 2, 4, 8 or 16; write it like 8"},
    {"fewer types of service than next hops",
     NODE(" route default {\n via = { 10.0.0.2, 10.0.0.3 }\n tos = 8 }\n"),
     "net.conf:4: route default has 2 next hops but 1 in tos; write one for each, in the same order"},
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

/* `a|b|c` as `a, b, c`. */
static void list(const char *choices, char *out)
{
    for (; *choices != '\0'; choices++) {
        if (*choices == '|')
            *out++ = ',';
        *out++ = *choices == '|' ? ' ' : *choices;
    }
    *out = '\0';
}

/* Every setting with a value that is none: the line names it and what would be right, least and most by the rows themselves. */
static void a_wrong_value_is_told_the_right_ones(void **state)
{
    (void)state;
    static const char *const kinds[] = {[TAPIR_NUMBER] = "number",
                                        [TAPIR_DURATION] = "duration",
                                        [TAPIR_SIZE] = "size",
                                        [TAPIR_PREFIX] = "network"};
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        const struct tapir_setting_row *setting = tapir_setting((enum tapir_setting)i);
        char file[256] = "node n {\n ", ends[16] = "", right[128], low[32], high[32], error[320];
        const char *name = setting->name;
        for (const char *dot; (dot = strchr(name, '.')) != NULL; name = dot + 1) {
            snprintf(file + strlen(file), sizeof file - strlen(file), "%.*s {\n ", (int)(dot - name), name);
            strcat(ends, " }");
        }
        snprintf(file + strlen(file), sizeof file - strlen(file), "%s = mabye %s }", name, ends);
        tapir_setting_print((enum tapir_setting)i, setting->low, low, sizeof low);
        tapir_setting_print((enum tapir_setting)i, setting->high, high, sizeof high);
        if (setting->type == TAPIR_CHOICE)
            list(setting->choices, strcpy(right, "one of: ") + strlen("one of: "));
        else
            snprintf(right, sizeof right, "a %s from %s to %s", kinds[setting->type], low, high);
        snprintf(error, sizeof error, "net.conf:%zu: \"mabye\" is not a value of %s; write %s",
                 2 + strlen(ends) / 2, setting->name, right);
        struct result result;
        read_text(file, &result);
        assert_null(result.network);
        assert_string_equal(result.error, error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_wrong_value_is_told_the_right_ones)};
    void *directory;
    if (enter_directory(&directory) != 0)
        return 1;
    int failed = RUN_TABLE("mistakes", mistakes, check_mistake) +
                 cmocka_run_group_tests_name("settings", tests, NULL, NULL);
    return failed + leave_directory(&directory);
}
