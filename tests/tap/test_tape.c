/* The tape of a run: what was written is read again, what nobody wrote is refused. */
#include "tap/tape.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/table.h"

static char path[64], error[TAPE_ERROR];
static const uint8_t seed[16] = "0123456789abcde";

static void write_file(const void *octets, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(octets, 1, size, file), size);
    fclose(file);
}

static struct tape *create(void)
{
    unlink(path);
    struct tape *tape = tape_create(path, seed, (tapir_instant){-5}, error);
    assert_non_null(tape);
    return tape;
}

static struct tape_reader *open_again(void)
{
    uint8_t got[16];
    tapir_instant start;
    struct tape_reader *reader = tape_open(path, got, &start, error);
    assert_non_null(reader);
    assert_memory_equal(got, seed, 16);
    assert_int_equal(start.ns, -5);
    return reader;
}

/* ---- there and back ------------------------------------------------------------------------------------ */

static void test_turns(void **state)
{
    (void)state;
    struct tape *tape = create();
    tape_turn(tape, (tapir_instant){INT64_C(0x1122334455667788)}, true);
    tape_carrier(tape, 7, false);
    tape_close(tape, (tapir_instant){9});
    assert_true(tape_finish(tape, error));
    struct tape_reader *reader = open_again();
    struct tape_record record;
    tape_next(reader, &record, error);
    assert_true(record.kind == TAPE_TURN && record.flag && record.now.ns == INT64_C(0x1122334455667788));
    tape_next(reader, &record, error);
    assert_true(record.kind == TAPE_CARRIER && record.iface == 7 && !record.flag);
    tape_next(reader, &record, error);
    assert_true(record.kind == TAPE_CLOSE && record.now.ns == 9);
    tape_next(reader, &record, error);
    assert_int_equal(record.kind, TAPE_END);
    tape_reader_close(reader);
}

static void test_packets(void **state)
{
    (void)state;
    uint8_t octets[] = {1, 2, 3};
    struct tapir_packet packet = {
        .data = octets, .size = 3, .iface = 2, .number = 300, .verdict = TAPIR_IP4_TTL};
    packet.answer = TAPIR_ANSWER_SENT;
    packet.within.origin = TAPIR_BORN;
    struct tape *tape = create();
    tape_frame(tape, 4, &packet);
    tape_sent(tape, &packet);
    tape_settled(tape, &packet);
    assert_true(tape_finish(tape, error));
    struct tape_reader *reader = open_again();
    struct tape_record record;
    tape_next(reader, &record, error);
    assert_true(record.kind == TAPE_READ && record.iface == 4 && record.size == 3);
    assert_memory_equal(record.data, octets, 3);
    tape_next(reader, &record, error);
    assert_true(record.kind == TAPE_SENT && record.iface == 2 && record.hash == tape_hash(&packet));
    octets[2] = 4;
    assert_true(record.hash != tape_hash(&packet));
    tape_next(reader, &record, error);
    assert_true(record.kind == TAPE_SETTLED && record.origin == TAPIR_BORN && record.number == 300);
    assert_true(record.verdict == TAPIR_IP4_TTL && record.answer == TAPIR_ANSWER_SENT);
    tape_reader_close(reader);
}

static void test_operations(void **state)
{
    (void)state;
    const struct tapir_op ops[] = {
        {.kind = TAPIR_OP_CLOCK, .clock = {-17}},
        {.kind = TAPIR_OP_LINK, .iface = 3, .link = {.up = true}},
        {.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_IP_TTL, 200}},
    };
    struct tape *tape = create();
    for (size_t i = 0; i < 3; i++)
        tape_apply(tape, &ops[i], (tapir_instant){(int64_t)i});
    assert_true(tape_finish(tape, error));
    struct tape_reader *reader = open_again();
    struct tape_record record;
    for (size_t i = 0; i < 3; i++) {
        tape_next(reader, &record, error);
        assert_true(record.kind == TAPE_APPLY && record.now.ns == (int64_t)i &&
                    record.op.kind == ops[i].kind);
        assert_int_equal(record.op.iface, ops[i].iface);
        if (i == 0)
            assert_int_equal(record.op.clock.offset_ns, -17);
        if (i == 1)
            assert_true(record.op.link.up);
        if (i == 2)
            assert_true(record.op.set.setting == TAPIR_SET_IP_TTL && record.op.set.value == 200);
    }
    tape_reader_close(reader);
}

static void test_no_second_tape(void **state)
{
    (void)state;
    assert_true(tape_finish(create(), error));
    assert_null(tape_create(path, seed, (tapir_instant){0}, error));
    assert_non_null(strstr(error, "cannot be written"));
}

/* ---- what nobody wrote --------------------------------------------------------------------------------- */

#define HEAD "tapir tape 1\n0123456789abcde\0\xfb\xff\xff\xff\xff\xff\xff\xff"

static const struct row {
    const char *sentence;
    const char *octets;
    size_t size;
    const char *says;
} rows[] = {
#define TEXT(octets) octets, sizeof octets - 1
    {"a turn that ends too early", TEXT(HEAD "T\1\2"), "record 1: the tape ends here"},
    {"a frame that ends too early", TEXT(HEAD "R\0\0\0\0\5\0\0\0abc"), "record 1: the tape ends here"},
    {"a frame longer than any", TEXT(HEAD "R\0\0\0\0\1\0\4\0abc"), "record 1: is none that tapir writes"},
    {"a tag that there is not", TEXT(HEAD "X"), "record 1: is none that tapir writes"},
    {"a setting that there is not",
     TEXT(HEAD "A\0\0\0\0\0\0\0\0\5\0\0\0\0\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
     "record 1: is none that tapir writes"},
    {"an operation that no run has", TEXT(HEAD "A\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
     "record 1: is none that tapir writes"},
#undef TEXT
};

static void check_bad(void **state)
{
    const struct row *row = *state;
    write_file(row->octets, row->size);
    struct tape_reader *reader = open_again();
    struct tape_record record;
    tape_next(reader, &record, error);
    assert_int_equal(record.kind, TAPE_BAD);
    assert_non_null(strstr(error, row->says));
    tape_reader_close(reader);
}

static void test_no_tape(void **state)
{
    (void)state;
    uint8_t got[16];
    tapir_instant start;
    write_file("tapir tape 2\n", 13);
    assert_null(tape_open(path, got, &start, error));
    assert_non_null(strstr(error, "is no tape"));
    unlink(path);
    assert_null(tape_open(path, got, &start, error));
    assert_non_null(strstr(error, "cannot be read"));
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/test_tape.%d", (int)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns),      cmocka_unit_test(test_packets),
        cmocka_unit_test(test_operations), cmocka_unit_test(test_no_second_tape),
        cmocka_unit_test(test_no_tape),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL) + RUN_TABLE("tape", rows, check_bad);
    unlink(path);
    return failed;
}
