/* The network file: what each sentence of it becomes, what is odd about one, and what damage does.
 *
 * Mistakes are in test_config_mistakes.c. */
#include "tests/apps/read_text.h"

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

/* ---- warnings ------------------------------------------------------------------------------------------ */

static const struct oddity {
    const char *sentence, *text, *warnings;
} oddities[] = {
    {"nothing is odd about a host", NODE(""), ""},
    {"offload may be on, off or auto",
     "node n {\n interface i { tap = t offload = off address = 10.0.0.1/24 }\n"
     " interface j { tap = u offload = auto address = 10.1.0.1/24 }\n"
     " interface k { tap = v offload = on address = 10.2.0.1/24 }\n}",
     ""},
    {"next hops may share, or wait for the failure of a better one",
     NODE(" route 10.8.0.0/16 { via = { 10.0.0.2, 10.0.0.3 } }\n"
          " route 10.9.0.0/16 { via = { 10.0.0.2, 10.0.0.3, 10.0.0.4 } metric = { 10, 20, 10 } }\n"),
     ""},
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

/* Every setting, with its first value, in an interface: taken, or refused on its line where interfaces share what it bounds. */
static void the_node_alone_has_what_interfaces_share(void **state)
{
    (void)state;
    unsigned refused = 0;
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        const struct tapir_setting_row *setting = tapir_setting((enum tapir_setting)i);
        char value[32], lines[160] = "", ends[16] = "", file[640], error[160];
        tapir_setting_print((enum tapir_setting)i, setting->initial, value, sizeof value);
        const char *name = setting->name;
        for (const char *dot; (dot = strchr(name, '.')) != NULL; name = dot + 1) {
            snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "%.*s { ", (int)(dot - name), name);
            strcat(ends, " }");
        }
        snprintf(file, sizeof file,
                 "node n {\n %s %s = \"%s\" %s\n"
                 " interface i { tap = t address = 10.0.0.1/24\n %s %s = \"%s\" %s } }",
                 lines, name, value, ends, lines, name, value, ends);
        snprintf(
            error, sizeof error,
            "net.conf:4: %s holds for the whole node; write it in node \"n\", outside of interface \"i\"",
            setting->name);
        bool is_shared = setting->scope == TAPIR_SCOPE_NODE;
        refused += is_shared;
        struct result result;
        read_text(file, &result);
        assert_string_equal(result.error, is_shared ? error : "");
        assert_string_equal(result.warnings, "");
        network_free(result.network);
    }
    assert_int_equal(refused,
                     9); /* memory, datagrams, per_source; rate and burst of errors, replies and probes */
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
        snprintf(out, size, "route %08x/%u kind %d via %08x metric %u", op->route.prefix.address.value,
                 op->route.prefix.length, (int)op->route.kind, op->route.via.value, op->route.metric);
        if (op->route.tos != 0)
            snprintf(out + strlen(out), size - strlen(out), " tos %u", op->route.tos);
        snprintf(out + strlen(out), size - strlen(out), "\n");
        break;
    case TAPIR_OP_NEIGHBOR:
        snprintf(out, size, "neighbor %u %08x ..:%02x\n", op->iface, op->neighbor.address.value,
                 op->neighbor.mac.octet[5]);
        break;
    case TAPIR_OP_SET:
        tapir_setting_print(op->set.setting, op->set.value, value, sizeof value);
        snprintf(out, size, "set %d %s %s\n", (int)op->iface, tapir_setting(op->set.setting)->name, value);
        break;
    case TAPIR_OP_ADVERTISE:
        snprintf(out, size, "%sadvertise %u %08x\n", op->remove ? "no " : "", op->iface,
                 op->address.address.value);
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
    {"only what is listed is advertised",
     INTERFACE("address = { 10.0.0.1/24, 10.0.0.2/24, 10.1.0.1/24 } advertise = { 10.0.0.2 }"),
     "interface 0 i mtu 1500\naddress 0 0a000001/24\naddress 0 0a000002/24\naddress 0 0a010001/24\n"
     "no advertise 0 0a000001\nno advertise 0 0a010001\n"},
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
    {"next hops for types of service, one of them twice (FWD-8)",
     NODE("route 10.9.0.0/16 { via = { 10.0.0.2, 10.0.0.3, 10.0.0.2 } tos = { 0, 8, 16 } }\n"
          "route 10.8.0.0/16 { type = prohibit tos = 2 }\n"),
     "interface 0 i mtu 1500\naddress 0 0a000001/24\n"
     "route 0a090000/16 kind 0 via 0a000002 metric 0\nroute 0a090000/16 kind 0 via 0a000003 metric 0 tos 8\n"
     "route 0a090000/16 kind 0 via 0a000002 metric 0 tos 16\n"
     "route 0a080000/16 kind 6 via 00000000 metric 0 tos 2\n"},
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

static const struct loop_row {
    const char *sentence, *text;
    enum network_engine engine;
    int64_t spin_ns;
} loops[] = {
    {"the engine is chosen, and sleeps at once, unless the file says otherwise", NODE(""),
     NETWORK_ENGINE_AUTO, 0},
    {"auto may be written", NODE("") "loop { engine = auto }", NETWORK_ENGINE_AUTO, 0},
    {"the ring, polling for 50 us", "loop { engine = uring spin = 50us }" NODE(""), NETWORK_ENGINE_URING,
     50000},
    {"epoll, polling for the longest time", NODE("") "loop { spin = 1s } loop { engine = epoll }",
     NETWORK_ENGINE_EPOLL, 1000000000},
};

static void check_loop(void **state)
{
    const struct loop_row *row = *state;
    struct result result;
    read_text(row->text, &result);
    assert_string_equal(result.error, "");
    assert_string_equal(result.warnings, "");
    assert_int_equal(result.network->loop.engine, row->engine);
    assert_int_equal(result.network->loop.spin_ns, row->spin_ns);
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

int main(void)
{
    void *directory;
    const struct CMUnitTest others[] = {
        cmocka_unit_test(the_node_alone_has_what_interfaces_share),
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
    int failed = RUN_TABLE("oddities", oddities, check_oddity) +
                 RUN_TABLE("becomings", becomings, check_becoming) + RUN_TABLE("loop", loops, check_loop) +
                 cmocka_run_group_tests(others, NULL, NULL);
    return failed + leave_directory(&directory);
}
