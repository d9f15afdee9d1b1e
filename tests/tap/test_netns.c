/* Named namespaces of the kernel. Skipped without the right to make one. */
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap/netns.h"
#include "tests/table.h"

static char name[32], error[256];
static bool made;

static int make_namespace(void **state)
{
    char command[160];
    (void)state;
    snprintf(name, sizeof name, "tapir-test-%d", getpid());
    snprintf(command, sizeof command, "ip netns add %s 2>/dev/null && ip -n %s tuntap add mark0 mode tap",
             name, name);
    made = geteuid() == 0 && system(command) == 0;
    return 0;
}

static int remove_namespace(void **state)
{
    char command[160];
    (void)state;
    snprintf(command, sizeof command, "ip netns del %s 2>/dev/null", name);
    return !made || system(command) == 0 ? 0 : -1;
}

/* Where we are, as the kernel numbers it. */
static ino_t here(void)
{
    struct stat status;
    assert_int_equal(stat("/proc/self/ns/net", &status), 0);
    return status.st_ino;
}

static void inside_are_the_devices_of_the_namespace_and_outside_are_ours(void **state)
{
    struct netns netns;
    (void)state;
    if (!made)
        skip();
    ino_t home = here();
    assert_true(netns_open(&netns, name, error, sizeof error));
    assert_int_equal(here(), home);
    assert_true(netns_enter(&netns));
    assert_int_not_equal(here(), home);
    assert_int_not_equal(if_nametoindex("mark0"), 0);
    netns_leave(&netns);
    assert_int_equal(here(), home);
    netns_close(&netns);
}

static void without_a_name_nothing_moves(void **state)
{
    struct netns netns;
    (void)state;
    ino_t home = here();
    assert_true(netns_open(&netns, NULL, error, sizeof error));
    assert_true(netns_enter(&netns));
    assert_int_equal(here(), home);
    netns_leave(&netns);
    netns_close(&netns);
}

static void a_namespace_outlives_its_name(void **state)
{
    struct netns netns;
    (void)state;
    if (!made)
        skip();
    assert_true(netns_open(&netns, name, error, sizeof error));
    assert_int_equal(remove_namespace(NULL), 0);
    assert_true(netns_enter(&netns));
    assert_int_not_equal(if_nametoindex("mark0"), 0);
    netns_leave(&netns);
    netns_close(&netns);
    make_namespace(NULL);
}

static void files_are_closed(void **state)
{
    struct netns netns;
    (void)state;
    int before = dup(0);
    close(before);
    for (int i = 0; i < 10; i++)
        if (netns_open(&netns, made && i % 2 ? name : "tapir-none", error, sizeof error))
            netns_close(&netns);
    int after = dup(0);
    close(after);
    assert_int_equal(after, before);
}

static const struct refusal {
    const char *sentence, *name, *says;
} refusals[] = {
    {"a name that nobody made says how to make it", "tapir-none", "ip netns add tapir-none"},
    {"a path is no name", "../../proc/1/ns/net", "no network namespace"},
    {"nothing is no name", "", "no network namespace"},
};

static void check_refusal(void **state)
{
    const struct refusal *row = *state;
    struct netns netns;
    assert_false(netns_open(&netns, row->name, error, sizeof error));
    assert_non_null(strstr(error, row->says));
    assert_null(strchr(error, '\n'));
}

static void a_file_that_is_no_namespace_is_refused(void **state)
{
    struct netns netns;
    char path[64], file[48];
    (void)state;
    if (!made)
        skip();
    snprintf(file, sizeof file, "%s-file", name);
    snprintf(path, sizeof path, "/run/netns/%s", file);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
    bool opened = netns_open(&netns, file, error, sizeof error);
    unlink(path);
    assert_false(opened);
    assert_non_null(strstr(error, "is no network namespace"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inside_are_the_devices_of_the_namespace_and_outside_are_ours),
        cmocka_unit_test(without_a_name_nothing_moves),
        cmocka_unit_test(a_namespace_outlives_its_name),
        cmocka_unit_test(files_are_closed),
        cmocka_unit_test(a_file_that_is_no_namespace_is_refused),
    };
    return cmocka_run_group_tests_name("namespaces", tests, make_namespace, remove_namespace) +
           RUN_TABLE("what is no namespace", refusals, check_refusal);
}
