#include "tap/difference.h"

#include <stdlib.h>
#include <string.h>

#include "tap/fields.h"

enum {
    ROW = 16,     /* octets of a line of the dump */
    ROWS_MAX = 8, /* of a dump */
    AROUND = 8,   /* octets shown of a field of octets */
    SUMMARY = 160
};

/* The two frames that are compared. */
struct pair {
    FILE *out;
    const char *label, *except;
    const struct frame *expected, *got;
    struct fields *of_expected, *of_got;
    unsigned differences;
};

/* ---- which fields count ---------------------------------------------------------------------------------- */

/* `name` is one of a list with commas. */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    while (list != NULL && *list != '\0') {
        list += strspn(list, ", ");
        size_t item = strcspn(list, ",");
        size_t end = item;
        while (end > 0 && list[end - 1] == ' ')
            end--;
        if (end == length && memcmp(list, name, length) == 0)
            return true;
        list += item;
    }
    return false;
}

static bool has_layer(const struct fields *fields, const struct field *of)
{
    for (size_t i = 0; i < fields->n; i++)
        if (fields->list[i].layer == of->layer && memcmp(fields->list[i].name, of->name, of->layer) == 0)
            return true;
    return false;
}

/* It is the first field of its layer. */
static bool is_head(const struct fields *fields, const struct field *field)
{
    for (const struct field *at = fields->list; at < field; at++)
        if (at->layer == field->layer && memcmp(at->name, field->name, field->layer) == 0)
            return false;
    return true;
}

/* ---- lines ----------------------------------------------------------------------------------------------- */

static void begin(struct pair *pair, const char *name)
{
    pair->differences++;
    fprintf(pair->out, "%s, %s", pair->label, name);
}

static void print_octets(FILE *out, const struct frame *frame, const struct field *field, size_t from)
{
    size_t n = field->size - from;
    for (size_t i = 0; i < n && i < AROUND; i++)
        fprintf(out, i == 0 ? "%02x" : " %02x", frame->data[field->at + from + i]);
    if (n > AROUND)
        fputs(" ..", out);
}

/* Octets: where they begin to differ, or how many there are. */
static void compare_octets(struct pair *pair, const struct field *expected, const struct field *got)
{
    const uint8_t *a = pair->expected->data + expected->at, *b = pair->got->data + got->at;
    size_t least = expected->size < got->size ? expected->size : got->size, same = 0;
    while (same < least && a[same] == b[same])
        same++;
    if (expected->size != got->size) {
        begin(pair, expected->name);
        fprintf(pair->out, ": expected %u octets, got %u\n", expected->size, got->size);
    }
    if (same == least)
        return;
    begin(pair, expected->name);
    fprintf(pair->out, ", offset %zu: expected ", same);
    print_octets(pair->out, pair->expected, expected, same);
    fputs(", got ", pair->out);
    print_octets(pair->out, pair->got, got, same);
    fputc('\n', pair->out);
}

static void compare_field(struct pair *pair, const struct field *expected, const struct field *got)
{
    if (expected->is_bytes && got->is_bytes) {
        compare_octets(pair, expected, got);
    } else if (strcmp(expected->text, got->text) != 0) {
        begin(pair, expected->name);
        fprintf(pair->out, ": expected %s, got %s\n", expected->text, got->text);
    }
}

/* A field that only one of the two has. Where the other has nothing of its layer, one line tells of all. */
static void tell_single(struct pair *pair, const struct fields *own, const struct field *field,
                        bool is_expected)
{
    const struct fields *other = is_expected ? pair->of_got : pair->of_expected;
    if (has_layer(other, field)) {
        begin(pair, field->name);
        fprintf(pair->out, is_expected ? ": expected %s, got none\n" : ": expected none, got %s\n",
                field->text);
    } else if (is_head(own, field)) {
        pair->differences++;
        fprintf(pair->out, "%s, %.*s: %s\n", pair->label, field->layer, field->name,
                is_expected ? "expected, but it is not there" : "not expected, but it is there");
    }
}

static void compare_fields(struct pair *pair)
{
    const struct fields *expected = pair->of_expected, *got = pair->of_got;
    for (size_t i = 0; i < expected->n; i++) {
        const struct field *field = &expected->list[i], *other = fields_find(got, field->name);
        if (is_listed(pair->except, field->name))
            continue;
        if (other != NULL)
            compare_field(pair, field, other);
        else
            tell_single(pair, expected, field, true);
    }
    for (size_t i = 0; i < got->n; i++)
        if (fields_find(expected, got->list[i].name) == NULL && !is_listed(pair->except, got->list[i].name))
            tell_single(pair, got, &got->list[i], false);
}

/* ---- octets ---------------------------------------------------------------------------------------------- */

static bool differs_at(const struct pair *pair, size_t at)
{
    bool in_expected = at < pair->expected->size, in_got = at < pair->got->size;
    if (in_expected != in_got)
        return true;
    return in_expected && pair->expected->data[at] != pair->got->data[at];
}

static void dump_row(FILE *out, const char *whose, const struct frame *frame, size_t row)
{
    fprintf(out, "    %s %04zx ", whose, row);
    for (size_t at = row; at < row + ROW && at < frame->size; at++)
        fprintf(out, " %02x", frame->data[at]);
    fputc('\n', out);
}

static void mark_row(const struct pair *pair, size_t row)
{
    char marks[ROW * 3 + 1];
    memset(marks, ' ', sizeof marks);
    size_t end = 0;
    for (size_t i = 0; i < ROW; i++)
        if (differs_at(pair, row + i)) {
            marks[i * 3 + 1] = marks[i * 3 + 2] = '^';
            end = i * 3 + 3;
        }
    fprintf(pair->out, "                  %.*s\n", (int)end, marks);
}

static bool row_differs(const struct pair *pair, size_t row)
{
    for (size_t at = row; at < row + ROW; at++)
        if (differs_at(pair, at))
            return true;
    return false;
}

static void dump(const struct pair *pair)
{
    size_t size = pair->expected->size > pair->got->size ? pair->expected->size : pair->got->size;
    unsigned rows = 0;
    for (size_t row = 0; row < size; row += ROW) {
        if (!row_differs(pair, row) || ++rows > ROWS_MAX)
            continue;
        dump_row(pair->out, "expected", pair->expected, row);
        dump_row(pair->out, "got     ", pair->got, row);
        mark_row(pair, row);
    }
    if (rows > ROWS_MAX)
        fprintf(pair->out, "    (%u more rows differ)\n", rows - ROWS_MAX);
}

/* ---- the whole --------------------------------------------------------------------------------------------- */

static bool is_same(const struct frame *a, const struct frame *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

unsigned difference_frames(FILE *out, const char *label, const struct frame *expected,
                           const struct frame *got, const char *except)
{
    struct pair pair = {.out = out, .label = label, .except = except, .expected = expected, .got = got};
    if (is_same(expected, got))
        return 0;
    struct fields *both = malloc(2 * sizeof *both);
    if (both == NULL) {
        fprintf(out, "%s: differs, and there is no memory to say how\n", label);
        return 1;
    }
    pair.of_expected = &both[0];
    pair.of_got = &both[1];
    fields_parse(expected->data, expected->size, pair.of_expected);
    fields_parse(got->data, got->size, pair.of_got);
    compare_fields(&pair);
    if (pair.differences == 0 && except == NULL) {
        begin(&pair, "octets");
        fputs(" differ that no field shows\n", out);
    }
    if (pair.differences > 0)
        dump(&pair);
    free(both);
    return pair.differences;
}

void difference_summary(FILE *out, const struct frame *frame)
{
    char line[SUMMARY];
    struct fields *fields = malloc(sizeof *fields);
    if (fields == NULL)
        return;
    fields_parse(frame->data, frame->size, fields);
    fields_summary(fields, frame->size, line, sizeof line);
    fputs(line, out);
    free(fields);
}
