/* The captures of a replay, merged: what becomes of other link types. The order of frames is tested in
 * tests/tap/test_replay.c. The oracle is hand-written bytes. */
#include "tap/inputs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/table.h"

#define HEAD "\x4d\x3c\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\x00\x00\x04\x00"
#define ONE  "\x01\0\0\0\x05\0\0\0\x03\0\0\0\x03\0\0\0\x45\x02\x03"

static char path[64];

static struct network_interface interfaces[] = {{.mac = {{2, 0, 0, 0, 0, 1}}}, {.mac = {{2, 0, 0, 0, 0, 2}}}};
static struct network_node node = {.interfaces = interfaces, .n_interfaces = 2};
static const struct network network = {.nodes = &node, .n_nodes = 1};

static bool open_one(const char *bytes, size_t size, struct inputs *inputs, char error[PCAPFILE_ERROR])
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes, 1, size, file);
    fclose(file);
    struct replay_file one = {.node = 0, .iface = 1, .path = path};
    return inputs_open(inputs, &network, &one, 1, NULL, error);
}

static void raw_ip(void **state)
{
    (void)state;
    struct inputs inputs;
    char error[PCAPFILE_ERROR] = "";
    static const char bytes[] = HEAD "\x65\0\0\0" ONE;
    assert_true(open_one(bytes, sizeof bytes - 1, &inputs, error));
    const struct input *input = inputs_first(&inputs);
    assert_int_equal(input->head.size, 17);
    assert_memory_equal(input->head.data, "\x02\0\0\0\0\x02\x02\0\0\0\0\0\x08\0\x45\x02\x03", 17);
    assert_int_equal(inputs.cut, 0);
    inputs_close(&inputs);
}

static void wireless(void **state)
{
    (void)state;
    struct inputs inputs;
    char error[PCAPFILE_ERROR] = "", begin[128];
    static const char bytes[] = HEAD "\x69\0\0\0" ONE;
    assert_false(open_one(bytes, sizeof bytes - 1, &inputs, error));
    snprintf(begin, sizeof begin, "%s: frame 1: its link type is IEEE802_11 (105); ", path);
    assert_memory_equal(error, begin, strlen(begin));
    assert_null(inputs_first(&inputs));
    inputs_close(&inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"raw IP is sent to the MAC of its interface", raw_ip, NULL, NULL, NULL},
        {"wireless is refused in a line that names file and frame", wireless, NULL, NULL, NULL},
    };
    snprintf(path, sizeof path, "/tmp/test_inputs.%d.pcap", (int)getpid());
    int failed = cmocka_run_group_tests_name("inputs", tests, NULL, NULL);
    unlink(path);
    return failed;
}
