/* Files of routes (`routes = FILE`): what right lines become, and the very line that each mistake earns. By hand.
 *
 * The rest of the network file is in test_config.c and test_config_mistakes.c. */
#include "tests/apps/read_text.h"

enum {
    MANY = 1000000
};

static const char network[] = NODE(" routes = r.txt\n");

static void write_routes(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
}

/* The routes of the first node as text. */
static void describe(const struct network *read, char *out, size_t size)
{
    *out = '\0';
    for (size_t i = 0; i < read->nodes[0].n_ops; i++) {
        const struct tapir_op *op = &read->nodes[0].ops[i];
        size_t used = strlen(out);
        if (op->kind == TAPIR_OP_ROUTE)
            snprintf(out + used, size - used, "%08x/%u %d %08x %u %u\n", op->route.prefix.address.value,
                     op->route.prefix.length, (int)op->route.kind, op->route.via.value, op->route.metric,
                     op->route.tos);
    }
}

static const struct becoming {
    const char *sentence, *text, *routes; /* prefix, kind of tapir.h, next hop, metric, TOS */
} becomings[] = {
    {"a next hop, with a metric and a type of service in any order",
     "10.4.0.0/16 via 10.0.0.2 metric 10 tos 8\n10.5.0.0/16 tos 16 via 10.0.0.3\n",
     "0a040000/16 0 0a000002 10 8\n0a050000/16 0 0a000003 0 16\n"},
    {"default is the network that holds all", "default via 10.0.0.2\n", "00000000/0 0 0a000002 0 0\n"},
    {"three kinds of refusal", "unreachable 10.4.0.0/16\nblackhole 10.5.0.0/16 metric 7\nprohibit default",
     "0a040000/16 4 00000000 0 0\n0a050000/16 5 00000000 7 0\n00000000/0 6 00000000 0 0\n"},
    {"comments, empty lines, tabs and blanks before and behind",
     "# all\n\n   \t\n \t10.4.0.0/16\tvia  10.0.0.2 \t# one\n#10.5.0.0/16 via 10.0.0.2\n",
     "0a040000/16 0 0a000002 0 0\n"},
    {"lines as on Windows", "10.4.0.0/16 via 10.0.0.2\r\n\r\n10.5.0.0/16 via 10.0.0.2\r\n",
     "0a040000/16 0 0a000002 0 0\n0a050000/16 0 0a000002 0 0\n"},
    {"the last line needs no end", "10.4.0.0/16 via 10.0.0.2", "0a040000/16 0 0a000002 0 0\n"},
    {"nor need a comment at the end", "10.4.0.0/16 via 10.0.0.2#", "0a040000/16 0 0a000002 0 0\n"},
    {"an empty file holds no route", "", ""},
    {"one prefix by several metrics and types of service",
     "10.4.0.0/16 via 10.0.0.2\n10.4.0.0/16 via 10.0.0.3 metric 1\n10.4.0.0/16 via 10.0.0.3 tos 8\n",
     "0a040000/16 0 0a000002 0 0\n0a040000/16 0 0a000003 1 0\n0a040000/16 0 0a000003 0 8\n"},
    {"one address with several lengths", "10.0.0.0/8 via 10.0.0.2\n10.0.0.0/9 via 10.0.0.2\n",
     "0a000000/8 0 0a000002 0 0\n0a000000/9 0 0a000002 0 0\n"},
};

static void check_becoming(void **state)
{
    const struct becoming *row = *state;
    struct result result;
    char routes[512];
    write_routes("r.txt", row->text, strlen(row->text));
    read_text(network, &result);
    assert_string_equal(result.error, "");
    describe(result.network, routes, sizeof routes);
    assert_string_equal(routes, row->routes);
    network_free(result.network);
}

#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct mistake {
    const char *sentence, *text, *error;
} mistakes[] = {
    {"a network that is none", "\nsomewhere via 10.0.0.2\n",
     "r.txt:2: \"somewhere\" is not a network; write it like 10.77.9.0/24, or default"},
    {"a prefix that is too long", "10.4.0.0/33 via 10.0.0.2\n",
     "r.txt:1: \"10.4.0.0/33\" is not a network; write it like 10.77.9.0/24, or default"},
    {"a long word is cut in what is told", LONG LONG LONG LONG LONG LONG LONG LONG,
     "r.txt:1: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" is not a network; write it like 10.77.9.0/24, or "
     "default"},
    {"bits behind the prefix", "10.4.1.0/16 via 10.0.0.2\n",
     "r.txt:1: route 10.4.1.0/16 has bits behind its prefix; write 10.4.0.0/16"},
    {"a route to nowhere", "10.4.0.0/16 metric 7\n",
     "r.txt:1: route 10.4.0.0/16 leads nowhere; write 10.4.0.0/16 via A.B.C.D, or prohibit 10.4.0.0/16"},
    {"a refusal of nothing", "prohibit\n",
     "r.txt:1: the line ends before a network; write prohibit 10.77.9.0/24"},
    {"a refusal with a next hop", "prohibit 10.4.0.0/16 via 10.0.0.2\n",
     "r.txt:1: route 10.4.0.0/16 has both via and prohibit; keep one of them"},
    {"a next hop that is left out", "10.4.0.0/16 via\n",
     "r.txt:1: the line ends before an IPv4 address; write it like 10.77.1.1"},
    {"a next hop by name", "10.4.0.0/16 via bob\n",
     "r.txt:1: \"bob\" is not an IPv4 address; write it like 10.77.1.1"},
    {"a metric that is none", "10.4.0.0/16 via 10.0.0.2 metric -1\n",
     "r.txt:1: \"-1\" is not a metric from 0 to 4294967295; write it like 10"},
    {"a type of service that is none", "10.4.0.0/16 via 10.0.0.2 tos 3\n",
     "r.txt:1: \"3\" is not a type of service: 0, 2, 4, 8 or 16; write it like 8"},
    {"a word of ip route that has no place here", "10.4.0.0/16 via 10.0.0.2 dev eth0\n",
     "r.txt:1: \"dev\" has no place behind a prefix; write via A.B.C.D, metric N or tos N"},
    {"two next hops on a line", "10.4.0.0/16 via 10.0.0.2 via 10.0.0.3\n",
     "r.txt:1: a value stands twice on this line; keep one of them"},
    {"a metric twice", "\n10.4.0.0/16 metric 1 metric 1\n",
     "r.txt:2: a value stands twice on this line; keep one of them"},
    {"a type of service twice", "\n\n10.4.0.0/16 tos 8 tos 16\n",
     "r.txt:3: a value stands twice on this line; keep one of them"},
    {"a metric that is missing", "\n10.4.0.0/16 via 10.0.0.2 metric\n",
     "r.txt:2: the line ends before a metric from 0 to 4294967295; write it like 10"},
    {"a type of service that is missing", "\n10.4.0.0/16 via 10.0.0.2 tos # 8\n",
     "r.txt:2: the line ends before a type of service: 0, 2, 4, 8 or 16; write it like 8"},
    {"a refusal without a network", "# none\n\n\nblackhole\n",
     "r.txt:4: the line ends before a network; write blackhole 10.77.9.0/24"},
    {"more words than a route has", "prohibit 10.4.0.0/16 metric 1 tos 8 via 10.0.0.2 and\n",
     "r.txt:1: there are too many words; write one route a line, like 10.77.9.0/24 via 10.77.1.1"},
    {"a route twice", "10.4.0.0/16 via 10.0.0.2\n# then\n10.4.0.0/16 via 10.0.0.3\n",
     "r.txt:3: route 10.4.0.0/16 stands twice; remove one of them, or give it another metric or tos"},
    {"a next hop in no network of ours", "10.4.0.0/16 via 10.0.0.2\n10.5.0.0/16 via 10.0.1.2\n",
     "r.txt:2: next hop 10.0.1.2 is in no network of node \"n\"; write a neighbor's address"},
    {"a next hop that is ourselves", "10.4.0.0/16 via 10.0.0.1\n",
     "r.txt:1: next hop 10.0.0.1 is the node itself; write a neighbor's address"},
    {"a next hop that is a broadcast address", "10.4.0.0/16 via 10.0.0.255\n",
     "r.txt:1: next hop 10.0.0.255 is the broadcast address of its network; write a neighbor's address"},
    {"a next hop of zero", "10.4.0.0/16 via 0.0.0.0\n",
     "r.txt:1: next hop 0.0.0.0 is in no network of node \"n\"; write a neighbor's address"},
    {"an octet that is no text", "10.4.0.0/16 via 10.0.0.2 \x01\n",
     "r.txt:1: octet 0x01 has no place here; a file of routes is plain text"},
    {"a carriage return within a line", "10.4.0.0/16\rvia 10.0.0.2\n",
     "r.txt:1: octet 0x0d has no place here; a file of routes is plain text"},
};

static void check_mistake(void **state)
{
    const struct mistake *row = *state;
    struct result result;
    write_routes("r.txt", row->text, strlen(row->text));
    read_text(network, &result);
    assert_null(result.network);
    assert_string_equal(result.error, row->error);
}

static void a_nul_is_no_text(void **state)
{
    (void)state;
    static const char text[] = "10.4.0.0/16 via 10.0.0.2\n\0prohibit";
    struct result result;
    write_routes("r.txt", text, sizeof text - 1);
    read_text(network, &result);
    assert_null(result.network);
    assert_string_equal(result.error,
                        "r.txt:2: octet 0x00 has no place here; a file of routes is plain text");
}

static void several_files_are_one_list(void **state)
{
    (void)state;
    struct result result;
    char routes[256];
    write_routes("r.txt", "10.4.0.0/16 via 10.0.0.2\n", 25);
    write_routes("s.txt", "10.5.0.0/16 via 10.0.0.2\n10.4.0.0/16 via 10.0.0.3\n", 50);
    read_text(NODE(" routes = { r.txt, s.txt }\n"), &result);
    assert_null(result.network);
    assert_string_equal(
        result.error,
        "s.txt:2: route 10.4.0.0/16 stands twice; remove one of them, or give it another metric or tos");
    read_text(NODE(" route 10.6.0.0/16 { via = 10.0.0.4 }\n routes = r.txt\n"), &result);
    describe(result.network, routes, sizeof routes);
    assert_string_equal(routes, "0a060000/16 0 0a000004 0 0\n0a040000/16 0 0a000002 0 0\n");
    network_free(result.network);
    read_text(NODE(" route 10.4.0.0/16 { via = 10.0.0.4 }\n routes = r.txt\n"), &result);
    assert_null(result.network);
    unlink("s.txt");
}

static void a_file_that_is_not_there_is_told_where_it_is_named(void **state)
{
    (void)state;
    struct result result;
    read_text(NODE(" routes = none.txt\n"), &result);
    assert_null(result.network);
    assert_string_equal(
        result.error,
        "net.conf:2: none.txt: No such file or directory; name a file of routes that can be read");
    read_text(NODE(" routes = .\n"), &result);
    assert_string_equal(result.error,
                        "net.conf:2: .: Is a directory; name a file of routes that can be read");
}

static void a_path_begins_at_the_network_file(void **state)
{
    (void)state;
    char error[256];
    assert_null(config_read_text("nowhere/./none.conf", network, error, sizeof error, NULL));
    assert_string_equal(error, "nowhere/./none.conf:2: nowhere/./r.txt: No such file or directory; "
                               "name a file of routes that can be read");
}

/* A million networks /24, all different, and one more line. */
static void write_many(const char *last)
{
    FILE *file = fopen("r.txt", "w");
    assert_non_null(file);
    for (unsigned i = 0; i < MANY; i++)
        fprintf(file, "%u.%u.%u.0/24 via 10.0.0.2\n", 16 + (i >> 16), i >> 8 & 255, i & 255);
    fputs(last, file);
    fclose(file);
}

static void a_million_lines_with_a_mistake_in_the_last(void **state)
{
    (void)state;
    struct result result;
    write_many("16.0.0.0/24 via 10.0.0.3");
    read_text(network, &result);
    assert_null(result.network);
    assert_string_equal(result.error, "r.txt:1000001: route 16.0.0.0/24 stands twice; "
                                      "remove one of them, or give it another metric or tos");
}

static void a_million_lines_are_a_million_routes(void **state)
{
    (void)state;
    struct result result;
    write_many("");
    read_text(network, &result);
    assert_non_null(result.network);
    assert_int_equal(result.network->nodes[0].n_ops, MANY + 2); /* the interface and its address */
    network_free(result.network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nul_is_no_text),
        cmocka_unit_test(several_files_are_one_list),
        cmocka_unit_test(a_file_that_is_not_there_is_told_where_it_is_named),
        cmocka_unit_test(a_path_begins_at_the_network_file),
        cmocka_unit_test(a_million_lines_with_a_mistake_in_the_last),
        cmocka_unit_test(a_million_lines_are_a_million_routes),
    };
    void *directory;
    if (enter_directory(&directory) != 0)
        return 1;
    int failed = RUN_TABLE("routes", becomings, check_becoming) +
                 RUN_TABLE("mistakes", mistakes, check_mistake) +
                 cmocka_run_group_tests_name("files", tests, NULL, NULL);
    unlink("r.txt");
    return failed + leave_directory(&directory);
}
