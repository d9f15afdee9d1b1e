/* tapir/test.h: networks in your own C tests, by cmocka. A world is made of a network file, frames go in, virtual time passes,
 * frames and verdicts are looked at. No root, no device, no waiting; the same every time.
 *
 *     #include <tapir/test.h>                   (after <cmocka.h>)
 *     struct tapir_test *world = tapir_test_file("network.conf");
 *     uint64_t probe = tapir_test_inject(world, "lan", bytes, sizeof bytes);
 *     assert_verdict(world, probe, "ip4-ttl");
 *     assert_frame_matches(world, "lan", expected, sizeof expected);
 *     assert_no_frame(world, "wan");
 *     tapir_test_close(world);
 *
 * `interface` is the name of an interface of the first node, or NODE:INTERFACE. Build with `pkg-config --cflags --libs tapir-test
 * cmocka`. What goes wrong before an assert (a fault of the file, a name that is not there) is told by the next one. A world
 * belongs to one thread. docs/testing.md has a complete example. */
#ifndef APPS_TAPIR_TEST_H
#define APPS_TAPIR_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tapir_test;

/* A frame that left an interface. */
struct tapir_test_frame {
    const uint8_t *data; /* valid until the next call for the same world */
    size_t size;
    int64_t time_ns; /* of virtual time, from the beginning of the world */
};

/* Makes the network of a file, or of its text, at virtual time 0. Never NULL but without memory; where the network has a fault,
 * every assert about it fails and says which. */
struct tapir_test *tapir_test_file(const char *path);
struct tapir_test *tapir_test_text(const char *text);

/* Takes all down. NULL is fine. */
void tapir_test_close(struct tapir_test *world);

/* An Ethernet frame, without its check sequence, arrives at an interface now, and all happens that is due. Returns its number, for
 * tapir_test_verdict and assert_verdict; 0: there is no such interface. */
uint64_t tapir_test_inject(struct tapir_test *world, const char *interface, const void *frame, size_t size);

/* All frames of a capture arrive, the first one now, the others as long after it as they were captured; time passes meanwhile.
 * Returns the number of the first; those behind it count up; 0: there is none. */
uint64_t tapir_test_capture(struct tapir_test *world, const char *interface, const char *path);

/* Lets virtual time pass. */
void tapir_test_pass(struct tapir_test *world, int64_t ns);

/* Lets virtual time pass until nothing is held or on its way any more, at most 300 s. */
void tapir_test_rest(struct tapir_test *world);

/* Virtual time since the world was made. */
int64_t tapir_test_now(const struct tapir_test *world);

/* The next frame that left an interface, and takes it away. False: there is none. */
bool tapir_test_take(struct tapir_test *world, const char *interface, struct tapir_test_frame *frame);

/* The name of the verdict (`tapir help verdicts`); NULL: the journey has not ended, or there is no such frame. */
const char *tapir_test_verdict(const struct tapir_test *world, uint64_t frame);

/* What the asserts below ask. NULL: all is well. Else some lines of text that say what is not, valid until the next call for the
 * same world. For other test libraries than cmocka. `except`: names of fields that may differ, with commas ("IPv4
 * identification, IPv4 checksum"), as the differences show them; or NULL. */
const char *tapir_test_check(struct tapir_test *world);
const char *tapir_test_check_verdict(struct tapir_test *world, uint64_t frame, const char *verdict);
const char *tapir_test_check_frame(struct tapir_test *world, const char *interface, const void *expected,
                                   size_t size, const char *except);
const char *tapir_test_check_silence(struct tapir_test *world, const char *interface);

/* cmocka reports the line of the caller. */
#define TAPIR_TEST_ASSERT(why)                   \
    do {                                         \
        const char *tapir_test_why = (why);      \
        if (tapir_test_why != NULL) {            \
            print_error("%s\n", tapir_test_why); \
            _fail(__FILE__, __LINE__);           \
        }                                        \
    } while (0)

/* The world could be made, and all that was done to it until now. */
#define assert_world(world) TAPIR_TEST_ASSERT(tapir_test_check(world))

/* The journey of that frame has ended, with that verdict. */
#define assert_verdict(world, frame, verdict) \
    TAPIR_TEST_ASSERT(tapir_test_check_verdict(world, frame, verdict))

/* The next frame that left the interface, which is taken away, has these octets; else it is told field by field how it differs. */
#define assert_frame_matches(world, interface, expected, size) \
    TAPIR_TEST_ASSERT(tapir_test_check_frame(world, interface, expected, size, NULL))
#define assert_frame_matches_except(world, interface, expected, size, except) \
    TAPIR_TEST_ASSERT(tapir_test_check_frame(world, interface, expected, size, except))

/* No frame left the interface that has not been taken. */
#define assert_no_frame(world, interface) TAPIR_TEST_ASSERT(tapir_test_check_silence(world, interface))

#endif
