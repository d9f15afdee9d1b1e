/* tapir test: runs the cases below some folders side by side and says which of them are as expected. docs/testing.md tells
 * what a case is.
 *
 * Each case runs in a child process and writes into a folder of its own below a temporary one. Next: apps/case_run.h. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/case_update.h"
#include "apps/cases.h"
#include "apps/children.h"
#include "apps/commands.h"
#include "apps/files.h"
#include "apps/test_report.h"

enum {
    JOBS_MOST = 256,
    LIMIT_SECONDS = 60,
    LIMIT_MOST = 86400,
    END_SIZE = 128,
    DIFFERENCES_MOST = 10, /* of a file that are told in full */
    CODE = 100             /* exit code of a child: this and its result, so that no crash looks like one */
};

struct test {
    enum report_format format;
    unsigned jobs, limit;
    bool update, yes;
    struct cases cases;
    char work[PATH_MAX / 2]; /* the temporary folder */
    int *statuses;           /* of the children, as wait gives them */
    size_t sums[CASE_LATE + 1];
};

static int usage(const char *what, const char *which)
{
    fprintf(stderr, "tapir test: %s%s; ", what, which);
    return command_usage("test");
}

/* ---- the command line ---------------------------------------------------------------------------------- */

static bool format_parse(const char *text, enum report_format *format)
{
    static const char *const names[] = {
        [REPORT_TEXT] = "text", [REPORT_TAP] = "tap", [REPORT_JUNIT] = "junit"};
    for (int i = 0; i <= REPORT_JUNIT; i++)
        if (strcmp(text, names[i]) == 0) {
            *format = (enum report_format)i;
            return true;
        }
    return false;
}

/* From 1 to `most`. */
static bool number_parse(const char *text, unsigned long most, unsigned *number)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    *number = (unsigned)value;
    return text[0] >= '1' && text[0] <= '9' && *end == '\0' && value <= most;
}

/* 0, or the exit code. */
static int option_parse(struct test *test, int option, const char *value)
{
    if (option == 'f' && !format_parse(value, &test->format))
        return usage("--format wants text, tap or junit, and not ", value);
    if (option == 'j' && !number_parse(value, JOBS_MOST, &test->jobs))
        return usage("--jobs wants a number from 1 to 256, and not ", value);
    if (option == 'l' && !number_parse(value, LIMIT_MOST, &test->limit))
        return usage("--limit wants seconds for a case, from 1 to 86400, and not ", value);
    test->update |= option == 'u';
    test->yes |= option == 'y';
    if (option == ':' || option == '?')
        return usage(option == ':' ? "a value is missing after " : "there is no option ", value);
    return 0;
}

static int arguments_parse(struct test *test, int argc, char **argv)
{
    static const struct option known[] = {
        {"format", required_argument, NULL, 'f'}, {"jobs", required_argument, NULL, 'j'},
        {"limit", required_argument, NULL, 'l'},  {"update", no_argument, NULL, 'u'},
        {"yes", no_argument, NULL, 'y'},          {NULL, 0, NULL, 0}};
    int option, code = 0;
    optind = 0;
    while (code == 0 && (option = getopt_long(argc, argv, ":", known, NULL)) != -1)
        code = option_parse(test, option, option == ':' || option == '?' ? argv[optind - 1] : optarg);
    if (code == 0 && test->yes && !test->update)
        code = usage("--yes goes with --update alone", "");
    if (code == 0 && test->update && !test->yes && !isatty(STDIN_FILENO))
        code = usage("--update asks, and stdin is no terminal; say --yes as well", "");
    return code;
}

static int cases_parse(struct test *test, int argc, char **argv)
{
    if (optind == argc)
        return cases_find(&test->cases, ".") ? 0 : EXIT_USAGE;
    for (int i = optind; i < argc; i++)
        if (!cases_find(&test->cases, argv[i]))
            return EXIT_USAGE;
    return 0;
}

/* ---- one case ------------------------------------------------------------------------------------------ */

/* `name` in the folder of case `index`; "": the folder. */
static char *work_path(const struct test *test, size_t index, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%zu%s%s", test->work, index, *name == '\0' ? "" : "/", name);
    return path;
}

/* In the child. */
static int work(void *context, size_t index)
{
    struct test *test = context;
    char folder[PATH_MAX], lines[PATH_MAX];
    work_path(test, index, "", folder);
    FILE *out = mkdir(folder, 0700) == 0 ? fopen(work_path(test, index, "lines", lines), "we") : NULL;
    if (out == NULL) {
        fprintf(stderr, "tapir test: %s: %s; name another folder by TMPDIR\n", folder, strerror(errno));
        return CODE + CASE_BAD;
    }
    struct case_run run = {test->cases.paths[index], folder, test->update, DIFFERENCES_MOST};
    enum case_result result = case_run(&run, out);
    fclose(out);
    return CODE + (int)result;
}

static enum case_result result_of(int status)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return CASE_LATE;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) - CODE : -1;
    return code >= 0 && code < CASE_CRASHED ? (enum case_result)code : CASE_CRASHED;
}

/* How one ended that never returned; NULL: it did. */
static const char *describe_end(const struct test *test, int status, char text[END_SIZE])
{
    enum case_result result = result_of(status);
    if (result != CASE_CRASHED && result != CASE_LATE)
        return NULL;
    if (result == CASE_LATE)
        snprintf(text, END_SIZE, "had not ended after %u s; mend it, or give it more time by --limit",
                 test->limit);
    else if (WIFSIGNALED(status))
        snprintf(text, END_SIZE, "tapir crashed: signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(text, END_SIZE, "tapir crashed: exit code %d", WEXITSTATUS(status));
    return text;
}

static void print_case(const struct test *test, size_t index)
{
    int status = test->statuses[index];
    char lines[PATH_MAX], end[END_SIZE];
    const struct report_case one = {test->cases.paths[index], result_of(status),
                                    work_path(test, index, "lines", lines), describe_end(test, status, end)};
    report_case(test->format, index + 1, &one);
}

/* Passed cases leave nothing that is needed later. */
static void ended(void *context, size_t index, int status)
{
    struct test *test = context;
    test->statuses[index] = status;
    test->sums[result_of(status)]++;
    if (test->format != REPORT_JUNIT)
        print_case(test, index);
    if (result_of(status) == CASE_PASSED) {
        char folder[PATH_MAX];
        folder_remove(work_path(test, index, "", folder));
    }
}

/* ---- all of them --------------------------------------------------------------------------------------- */

/* Asks about each case that can be updated. Its sums count it as passed from then on. 0, or the signal. */
static int update(struct test *test)
{
    int signals = children_signal_fd(), interrupted = 0;
    for (size_t i = 0; i < test->cases.n && interrupted == 0; i++) {
        char folder[PATH_MAX];
        enum case_result result = result_of(test->statuses[i]);
        if (result != CASE_FAILED && result != CASE_SKIPPED)
            continue;
        switch (case_update(test->cases.paths[i], work_path(test, i, "", folder), test->yes, signals)) {
        case UPDATE_NOTHING:
        case UPDATE_DECLINED:
            break;
        case UPDATE_DONE:
            test->sums[result]--;
            test->sums[CASE_PASSED]++;
            break;
        case UPDATE_FAILED:
            test->sums[CASE_BAD]++;
            break;
        case UPDATE_INTERRUPTED:
            interrupted = SIGINT;
            break;
        }
    }
    close(signals);
    return interrupted;
}

static int code_of(const struct test *test)
{
    if (test->sums[CASE_BAD] > 0)
        return EXIT_USAGE;
    return test->sums[CASE_FAILED] + test->sums[CASE_CRASHED] + test->sums[CASE_LATE] > 0 ? EXIT_NO
                                                                                          : EXIT_FINE;
}

static int run_cases(struct test *test)
{
    struct children children = {test->cases.n, test->jobs, test->limit, work, ended, test};
    report_begin(test->format, test->cases.n);
    int signal = children_run(&children);
    if (signal < 0)
        fprintf(stderr, "tapir test: no process can be made: %s; take fewer --jobs\n", strerror(errno));
    if (signal != 0)
        return signal;
    report_sums(test->format, test->sums);
    for (size_t i = 0; i < test->cases.n && test->format == REPORT_JUNIT; i++)
        print_case(test, i);
    report_end(test->format, test->sums);
    fflush(stdout);
    return test->update ? update(test) : 0;
}

/* Ends as a program does that the signal ends. */
static int finish(struct test *test, int signal)
{
    children_signals_restore();
    if (signal > 0) {
        fflush(stdout);
        kill(getpid(), signal);
    }
    return signal != 0 ? EXIT_USAGE : command_finish(code_of(test));
}

static int test_run(struct test *test)
{
    const char *folder = getenv("TMPDIR");
    snprintf(test->work, sizeof test->work, "%s/tapir-test-XXXXXX",
             folder == NULL || *folder == '\0' ? "/tmp" : folder);
    children_signals_keep();
    if (mkdtemp(test->work) == NULL) {
        fprintf(stderr, "tapir test: %s: %s; name another folder by TMPDIR\n", test->work, strerror(errno));
        return finish(test, -1);
    }
    int signal = run_cases(test);
    folder_remove(test->work);
    return finish(test, signal);
}

int test_main(int argc, char **argv)
{
    struct test test = {.jobs = (unsigned)get_nprocs(), .limit = LIMIT_SECONDS};
    int code = arguments_parse(&test, argc, argv);
    if (code == 0)
        code = cases_parse(&test, argc, argv);
    test.statuses = calloc(test.cases.n + 1, sizeof *test.statuses);
    if (code == 0)
        code = test.statuses == NULL ? EXIT_USAGE : test_run(&test);
    free(test.statuses);
    cases_free(&test.cases);
    return code;
}
