#include "apps/test_report.h"

#include <stdint.h>
#include <string.h>

static const char *const words[] = {[CASE_PASSED] = "ok  ", [CASE_FAILED] = "FAIL",  [CASE_SKIPPED] = "skip",
                                    [CASE_BAD] = "BAD ",    [CASE_CRASHED] = "FAIL", [CASE_LATE] = "FAIL"};

/* Hands each line of what the case said, without its end, to `print`. */
static void each_line(const struct report_case *one, void (*print)(const char *line))
{
    char line[4096];
    if (one->end != NULL)
        print(one->end);
    FILE *file = fopen(one->lines, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        print(line);
    }
    if (file != NULL)
        fclose(file);
}

/* ---- text ---------------------------------------------------------------------------------------------- */

static void print_text(const char *line)
{
    printf("       %s\n", line);
}

/* ---- TAP ----------------------------------------------------------------------------------------------- */

static void print_comment(const char *line)
{
    printf("# %s\n", line);
}

/* A # would begin a directive. */
static void print_tap(size_t number, const struct report_case *one)
{
    bool is_fine = one->result == CASE_PASSED || one->result == CASE_SKIPPED;
    printf("%sok %zu - ", is_fine ? "" : "not ", number);
    for (const char *at = one->name; *at != '\0'; at++)
        printf(*at == '#' || *at == '\\' ? "\\%c" : "%c", *at == '\n' ? ' ' : *at);
    printf("%s\n", one->result == CASE_SKIPPED ? " # SKIP it expects nothing" : "");
    if (one->result != CASE_PASSED)
        each_line(one, print_comment);
}

/* ---- JUnit --------------------------------------------------------------------------------------------- */

/* Octets of the character of UTF-8 at `at`; 0: it is none that XML may hold. */
static size_t character(const unsigned char *at)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (size <= 1)
        return size == 1 && (at[0] >= 0x20 || at[0] == '\t' || at[0] == '\n') && at[0] != 0x7f ? 1 : 0;
    uint32_t value = at[0] & (0x7fU >> size);
    for (size_t i = 1; i < size; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        value = value << 6 | (at[i] & 0x3fU);
    }
    bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
    return value < least[size] || value > 0x10fffd || is_surrogate || (value & 0xfffe) == 0xfffe ? 0 : size;
}

static void print_xml(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        size_t size = character(at);
        if (*at == '<' || *at == '>' || *at == '&' || *at == '"')
            printf("&#%u;", *at);
        else if (size == 0)
            putchar('?');
        else
            fwrite(at, 1, size, stdout);
        at += size == 0 ? 1 : size;
    }
}

static void print_xml_line(const char *line)
{
    print_xml(line);
    putchar('\n');
}

static void print_junit(const struct report_case *one)
{
    static const char *const elements[] = {[CASE_FAILED] = "failure",
                                           [CASE_SKIPPED] = "skipped",
                                           [CASE_BAD] = "error",
                                           [CASE_CRASHED] = "error",
                                           [CASE_LATE] = "error"};
    static const char *const messages[] = {[CASE_FAILED] = "differs from what is expected",
                                           [CASE_SKIPPED] = "expects nothing",
                                           [CASE_BAD] = "is no case that can be run",
                                           [CASE_CRASHED] = "tapir crashed",
                                           [CASE_LATE] = "takes too long"};
    fputs("  <testcase classname=\"tapir\" name=\"", stdout);
    print_xml(one->name);
    if (one->result == CASE_PASSED) {
        fputs("\"/>\n", stdout);
        return;
    }
    printf("\">\n    <%s message=\"%s\">", elements[one->result], messages[one->result]);
    each_line(one, print_xml_line);
    printf("</%s>\n  </testcase>\n", elements[one->result]);
}

/* ---- the order ----------------------------------------------------------------------------------------- */

void report_begin(enum report_format format, size_t n)
{
    if (format == REPORT_TAP)
        printf("TAP version 13\n1..%zu\n", n);
}

void report_case(enum report_format format, size_t number, const struct report_case *one)
{
    switch (format) {
    case REPORT_TEXT:
        printf("%s  %s\n", words[one->result], one->name);
        if (one->result != CASE_PASSED)
            each_line(one, print_text);
        break;
    case REPORT_TAP:
        print_tap(number, one);
        break;
    case REPORT_JUNIT:
        print_junit(one);
        break;
    }
    fflush(stdout);
}

void report_sums(enum report_format format, const size_t n[CASE_LATE + 1])
{
    if (format != REPORT_JUNIT)
        return;
    size_t all = 0;
    for (int i = 0; i <= CASE_LATE; i++)
        all += n[i];
    printf(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites>\n<testsuite name=\"tapir\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
        all, n[CASE_FAILED], n[CASE_BAD] + n[CASE_CRASHED] + n[CASE_LATE], n[CASE_SKIPPED]);
}

void report_end(enum report_format format, const size_t n[CASE_LATE + 1])
{
    if (format == REPORT_JUNIT)
        printf("</testsuite>\n</testsuites>\n");
    if (format == REPORT_TEXT)
        printf("%zu passed, %zu failed, %zu skipped\n", n[CASE_PASSED],
               n[CASE_FAILED] + n[CASE_BAD] + n[CASE_CRASHED] + n[CASE_LATE], n[CASE_SKIPPED]);
}
