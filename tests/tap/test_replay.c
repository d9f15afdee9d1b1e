/* Replay: captures made here octet by octet, and what must come of them. Verdicts are read by jansson,
 * outputs as bytes. */
#include "tap/replay.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/scene.h"
#include "tests/table.h"

#define START INT64_C(1700000000123456789)

enum {
    LAN,
    WAN,
    PATH = 128
};

static char lan_in[PATH], wan_in[PATH], lan_out[PATH], wan_out[PATH], verdicts[PATH];

struct shot {
    int64_t after; /* START */
    uint8_t frame[SCENE_FRAME];
    uint32_t size;
};

/* ---- before: captures ---------------------------------------------------------------------------------- */

static void capture(const char *path, const struct shot *shots, size_t n)
{
    char error[PCAPFILE_ERROR];
    struct pcapfile_writer *writer = pcapfile_create(path, NULL, error);
    assert_non_null(writer);
    for (size_t i = 0; i < n; i++)
        pcapfile_write(writer, (tapir_instant){START + shots[i].after}, shots[i].frame, shots[i].size);
    assert_true(pcapfile_finish(writer, error));
}

static struct shot arp_at(int64_t after)
{
    struct shot shot = {.after = after};
    shot.size = scene_arp_request(shot.frame);
    return shot;
}

static struct shot echo_at(int64_t after)
{
    struct shot shot = {.after = after};
    shot.size = scene_echo_request(shot.frame, 1);
    return shot;
}

static struct shot udp_at(int64_t after, uint32_t destination)
{
    struct shot shot = {.after = after};
    shot.size = scene_udp(shot.frame, destination, 33434);
    return shot;
}

/* ---- the run ------------------------------------------------------------------------------------------- */

static struct replay_result result;
static char error[PCAPFILE_ERROR];

static int replay_in(const struct network *network, size_t n_in, int64_t until_ns)
{
    struct replay_file in[] = {{0, LAN, lan_in}, {0, WAN, wan_in}};
    struct replay_file out[] = {{0, LAN, lan_out}, {0, WAN, wan_out}};
    struct replay_plan plan = {.network = network,
                               .in = in,
                               .n_in = n_in,
                               .out = out,
                               .n_out = 2,
                               .verdicts = verdicts,
                               .until_ns = until_ns};
    return replay_run(&plan, &result, error);
}

static int replay(size_t n_in, int64_t until_ns)
{
    return replay_in(scene_router(), n_in, until_ns);
}

/* ---- after: verdicts and outputs ----------------------------------------------------------------------- */

/* Line `n` of the verdicts, from 1; NULL: there is none. */
static json_t *line(int n)
{
    char text[4096];
    FILE *file = fopen(verdicts, "r");
    assert_non_null(file);
    char *got = NULL;
    for (int i = 0; i < n; i++)
        got = fgets(text, sizeof text, file);
    fclose(file);
    json_t *object = got == NULL ? NULL : json_loads(text, 0, NULL);
    assert_true(got == NULL || object != NULL);
    return object;
}

/* A text of a line, "" when it is missing; valid until the next call. */
static const char *text_of(int n, const char *key)
{
    static char text[64];
    json_t *object = line(n);
    const char *value = json_string_value(json_object_get(object, key));
    snprintf(text, sizeof text, "%s", value == NULL ? "" : value);
    json_decref(object);
    return text;
}

static int64_t number_of(int n, const char *key)
{
    json_t *object = line(n);
    int64_t value = json_integer_value(json_object_get(object, key));
    json_decref(object);
    return value;
}

/* How many frames line `n` caused; the last one to `*iface` and `*frame`. */
static size_t caused(int n, char iface[16], int64_t *frame)
{
    json_t *object = line(n), *list = json_object_get(object, "caused");
    size_t count = json_array_size(list);
    json_t *last = json_array_get(list, count - 1);
    snprintf(iface, 16, "%s", count == 0 ? "" : json_string_value(json_object_get(last, "interface")));
    *frame = json_integer_value(json_object_get(last, "frame"));
    json_decref(object);
    return count;
}

/* Frame `n` of an output, from 1: its time after START and its bytes. False: there is none. */
static bool frame_of(const char *path, int n, struct shot *shot)
{
    char why[PCAPFILE_ERROR];
    struct pcapfile_reader *reader = pcapfile_open(path, why);
    assert_non_null(reader);
    struct pcapfile_frame frame;
    enum pcapfile_result got = PCAPFILE_END;
    for (int i = 0; i < n; i++)
        got = pcapfile_next(reader, &frame, why);
    if (got == PCAPFILE_READ) {
        assert_true(frame.size <= SCENE_FRAME);
        shot->after = frame.time.ns - START;
        shot->size = frame.size;
        memcpy(shot->frame, frame.data, frame.size);
    }
    pcapfile_close(reader);
    return got == PCAPFILE_READ;
}

static char *slurp(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);
    assert_non_null(file);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* ---- scenes -------------------------------------------------------------------------------------------- */

static void scene_echo(void)
{
    struct shot in[] = {arp_at(0), echo_at(SCENE_MS)}, out;
    char iface[16], text[512];
    int64_t frame;
    capture(lan_in, in, 2);
    assert_int_equal(replay(1, -1), 0);
    assert_int_equal(result.read, 2);
    assert_int_equal(result.verdicts, 2);
    assert_int_equal(result.written, 2);
    assert_string_equal(text_of(1, "verdict"), "arp-answered");
    assert_string_equal(text_of(2, "verdict"), "icmp4-echoed");
    assert_string_equal(text_of(2, "interface"), "lan");
    assert_int_equal(number_of(2, "frame"), 2);
    assert_int_equal(number_of(2, "time_ns"), START + SCENE_MS);
    assert_int_equal(number_of(2, "settled_ns"), START + SCENE_MS);
    assert_int_equal(caused(2, iface, &frame), 1);
    assert_string_equal(iface, "lan");
    assert_int_equal(frame, 2);
    assert_true(frame_of(lan_out, 2, &out));
    assert_int_equal(out.after, SCENE_MS);
    assert_memory_equal(out.frame + 42, in[1].frame + 42, 8); /* the data of the echo */
    assert_int_equal(out.frame[34], 0);                       /* echo reply */
    assert_false(frame_of(lan_out, 3, &out));
    assert_false(frame_of(wan_out, 1, &out));
    size_t size;
    char *bytes = slurp(verdicts, &size);
    snprintf(text, sizeof text, "\"time\": 1700000000.124456789, ");
    bytes[size] = '\0';
    assert_non_null(strstr(bytes, text)); /* digit by digit, which no double holds */
    free(bytes);
}

static void scene_dead_neighbor(void)
{
    struct shot in[] = {arp_at(0), udp_at(SCENE_MS, 0x0a4d0209), udp_at(2 * SCENE_MS, 0x0a4d0209),
                        udp_at(3 * SCENE_MS, 0x0a4d0209)};
    struct shot out;
    int sent = 0, told = 0;
    capture(lan_in, in, 4);
    assert_int_equal(replay(1, -1), 0);
    assert_int_equal(result.verdicts, 4);
    for (int n = 2; n <= 4; n++) {
        assert_string_equal(text_of(n, "verdict"), "neighbor-failed");
        assert_int_equal(number_of(n, "frame"), n);
        assert_int_equal(number_of(n, "settled_ns"), START + SCENE_MS + 3 * SCENE_S);
        sent += strcmp(text_of(n, "answer"), "answer-sent") == 0;
        told += strcmp(text_of(n, "answer"), "answer-told") == 0;
    }
    assert_int_equal(sent, 1);
    assert_int_equal(told, 2);
    for (int n = 1; n <= 3; n++) {
        assert_true(frame_of(wan_out, n, &out));
        assert_int_equal(out.after, SCENE_MS + (n - 1) * SCENE_S);
    }
    assert_false(frame_of(wan_out, 4, &out));
    assert_true(frame_of(lan_out, 2, &out));
    assert_int_equal(out.after, SCENE_MS + 3 * SCENE_S);
    assert_int_equal(out.frame[34], 3); /* host unreachable */
    assert_int_equal(out.frame[35], 1);
    assert_false(frame_of(lan_out, 3, &out));
}

static void scene_between(void)
{
    struct shot in[] = {arp_at(0), udp_at(SCENE_MS, 0x0a4d0209), echo_at(60 * SCENE_S)}, out;
    capture(lan_in, in, 3);
    assert_int_equal(replay(1, -1), 0);
    assert_int_equal(number_of(2, "settled_ns"), START + SCENE_MS + 3 * SCENE_S);
    for (int n = 1; n <= 3; n++) {
        assert_true(frame_of(wan_out, n, &out));
        assert_int_equal(out.after, SCENE_MS + (n - 1) * SCENE_S);
    }
}

static void scene_same_again(void)
{
    struct shot in[] = {arp_at(0), echo_at(5), udp_at(6, 0x0a4d0209), udp_at(SCENE_S, 0x0b000001)};
    const char *const paths[] = {lan_out, wan_out, verdicts};
    char *first[3];
    size_t sizes[3];
    capture(lan_in, in, 4);
    assert_int_equal(replay(1, -1), 0);
    for (int i = 0; i < 3; i++)
        first[i] = slurp(paths[i], &sizes[i]);
    assert_int_equal(replay(1, -1), 0);
    for (int i = 0; i < 3; i++) {
        size_t size;
        char *bytes = slurp(paths[i], &size);
        assert_true(size > 24);
        assert_int_equal(size, sizes[i]);
        assert_memory_equal(bytes, first[i], size);
        free(bytes);
        free(first[i]);
    }
}

static void scene_until_held(void)
{
    struct shot in[] = {arp_at(0), udp_at(SCENE_MS, 0x0a4d0209)};
    capture(lan_in, in, 2);
    assert_int_equal(replay(1, SCENE_S), 0);
    assert_string_equal(text_of(2, "verdict"), "stack-closed");
    assert_int_equal(number_of(2, "settled_ns"), START + SCENE_S);
}

static void scene_until_unread(void)
{
    struct shot in[] = {arp_at(0), echo_at(SCENE_S), echo_at(SCENE_S + 1)};
    capture(lan_in, in, 3);
    assert_int_equal(replay(1, SCENE_S), 0);
    assert_int_equal(result.read, 2);
    assert_int_equal(result.verdicts, 2);
    assert_null(line(3));
}

static void scene_merge(void)
{
    struct shot lan[] = {arp_at(0), echo_at(2 * SCENE_MS), echo_at(3 * SCENE_MS)};
    struct shot wan[] = {udp_at(SCENE_MS, 0x0a4d0201), udp_at(2 * SCENE_MS, 0x0a4d0201)};
    static const char *const order[] = {"lan", "wan", "lan", "wan", "lan"};
    static const int64_t frames[] = {1, 1, 2, 2, 3};
    capture(lan_in, lan, 3);
    capture(wan_in, wan, 2);
    assert_int_equal(replay(2, -1), 0);
    for (int n = 1; n <= 5; n++) {
        assert_string_equal(text_of(n, "interface"), order[n - 1]);
        assert_int_equal(number_of(n, "frame"), frames[n - 1]);
    }
    assert_string_equal(text_of(2, "verdict"), "ether-not-ours");
    assert_null(line(6));
}

static void scene_backward(void)
{
    struct shot in[] = {arp_at(5 * SCENE_MS), echo_at(SCENE_MS), echo_at(6 * SCENE_MS)};
    capture(lan_in, in, 3);
    assert_int_equal(replay(1, -1), 0);
    assert_int_equal(result.backward, 1);
    assert_int_equal(number_of(2, "time_ns"), START + SCENE_MS);
    assert_int_equal(number_of(2, "settled_ns"), START + 5 * SCENE_MS);
    assert_int_equal(number_of(3, "settled_ns"), START + 6 * SCENE_MS);
}

/* The router, which also advertises itself, every few minutes and for ever. */
static struct network *advertising(void)
{
    static struct tapir_op ops[6];
    static struct network_node node;
    static struct network network;
    network = *scene_router();
    node = network.nodes[0];
    memcpy(ops, node.ops, 5 * sizeof *ops);
    ops[5] = (struct tapir_op){
        .kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_ICMP_ROUTER_DISCOVERY, 1}};
    node.ops = ops;
    node.n_ops = 6;
    network.nodes = &node;
    return &network;
}

static void scene_gap(void)
{
    const int64_t day = 24 * 3600 * SCENE_S;
    struct shot in[] = {arp_at(0), arp_at(day), arp_at(4000 * day)};
    capture(lan_in, in, 3);
    assert_int_equal(replay(1, -1), 0);
    assert_int_equal(result.verdicts, 3);
    assert_int_equal(replay_in(advertising(), 1, -1), 2);
    assert_int_equal(result.verdicts, 2);
    assert_non_null(strstr(error, "lan-in.pcap: frame 3: comes more than 30 days after the one before"));
    assert_int_equal(replay_in(advertising(), 1, 40 * day), 0);
    assert_int_equal(result.verdicts, 2);
}

static void scene_odd_sizes(void)
{
    static uint8_t bytes[PCAPFILE_FRAME];
    static const uint32_t sizes[] = {0, 1, 13, 14, 15, 9000, 65535, 65550, PCAPFILE_FRAME};
    struct pcapfile_writer *writer = pcapfile_create(lan_in, NULL, error);
    memcpy(bytes, "\x02\0\0\0\x01\x01\x02\0\0\0\x01\x0a\x08\0", 14);
    for (int i = 0; i < 9; i++)
        pcapfile_write(writer, (tapir_instant){START}, bytes, sizes[i]);
    assert_true(pcapfile_finish(writer, error));
    assert_int_equal(replay(1, -1), 0);
    assert_int_equal(result.read, 9);
    assert_int_equal(result.verdicts, 9);
}

/* Writes the sum of a run of one input; `lines`: path of the verdicts, or NULL. */
static void sum_up(char sum[], size_t size, const char *lines)
{
    struct replay_file in[] = {{0, LAN, lan_in}};
    FILE *file = tmpfile();
    assert_non_null(file);
    struct replay_plan plan = {.network = scene_router(),
                               .in = in,
                               .n_in = 1,
                               .verdicts = lines,
                               .summary = file,
                               .progress = file,
                               .until_ns = -1};
    assert_int_equal(replay_run(&plan, &result, error), 0);
    rewind(file);
    size_t n = fread(sum, 1, size - 1, file);
    sum[n] = '\0';
    fclose(file);
}

static void scene_no_lines(void)
{
    char with[4096], without[4096];
    struct shot in[] = {arp_at(0), echo_at(SCENE_MS), udp_at(2 * SCENE_MS, 0x0a4d0209), arp_at(3 * SCENE_MS)};
    capture(lan_in, in, 4);
    sum_up(with, sizeof with, verdicts);
    sum_up(without, sizeof without, NULL);
    assert_string_equal(without, with);
    assert_non_null(strstr(without, "\n4 frames read, 4 verdicts ("));
    assert_int_equal(result.read, 4);
    assert_int_equal(result.verdicts, 4);
}

static void scene_broken(void)
{
    struct shot in[] = {arp_at(0), echo_at(SCENE_MS), echo_at(2 * SCENE_MS)};
    capture(lan_in, in, 3);
    assert_int_equal(truncate(lan_in, 24 + 3 * 16 + 42 + 50 + 10), 0);
    assert_int_equal(replay(1, -1), 2);
    assert_non_null(strstr(error, "frame 3: truncated"));
    assert_string_equal(text_of(2, "verdict"), "icmp4-echoed");
    assert_null(line(3));
}

static void scene_nothing(void)
{
    struct shot out;
    capture(lan_in, NULL, 0);
    assert_int_equal(replay(1, -1), 0);
    assert_int_equal(result.read, 0);
    assert_null(line(1));
    assert_false(frame_of(lan_out, 1, &out));
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"an echo request gives one reply and its verdict, at its own time", scene_echo},
    {"packets for a dead neighbor end under their own numbers three seconds later, and one is answered",
     scene_dead_neighbor},
    {"between two frames time stops at every deadline", scene_between},
    {"the same captures give the same bytes", scene_same_again},
    {"until ends the run: what is held then is settled as stack-closed", scene_until_held},
    {"a frame at the end of the run is read, one after it is not", scene_until_unread},
    {"inputs are merged by time, and at the same time in the order of the options", scene_merge},
    {"a time stamp that goes back counts as the one before, and is told as captured", scene_backward},
    {"years between two frames pass when nobody has work, and are told when a router advertises all the time",
     scene_gap},
    {"frames of every length get their verdict", scene_odd_sizes},
    {"the sum is the same when nobody asks for a line of each frame", scene_no_lines},
    {"a broken capture is an error, after what stood before it", scene_broken},
    {"captures without frames give empty files", scene_nothing},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    static const struct {
        char *path;
        const char *name;
    } paths[] = {{lan_in, "lan-in.pcap"},
                 {wan_in, "wan-in.pcap"},
                 {lan_out, "lan-out.pcap"},
                 {wan_out, "wan-out.pcap"},
                 {verdicts, "verdicts.jsonl"}};
    for (int i = 0; i < 5; i++)
        snprintf(paths[i].path, PATH, "/tmp/test_replay.%d.%s", (int)getpid(), paths[i].name);
    int failed = RUN_TABLE("replay", scenes, check_scene);
    for (int i = 0; i < 5; i++)
        unlink(paths[i].path);
    return failed;
}
