#include "apps/verdicts.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/files.h"
#include "tapir.h"

#define SIZE_MOST (INT64_C(1) << 30) /* octets of a file of verdicts */

/* A line of one of the files. */
struct line {
    json_t *object;
    bool is_met; /* by a line of the other file */
};

struct lines {
    struct line *list;
    size_t n, room;
};

struct comparison {
    FILE *out;
    const struct verdicts_files *files;
    struct lines expected, got;
    size_t found, next; /* place in `got` where the search begins */
    bool is_complete;   /* each line of the expectation has all keys */
    bool is_bad;
};

/* ---- reading ------------------------------------------------------------------------------------------- */

static bool add(struct lines *lines, json_t *object)
{
    if (lines->n == lines->room) {
        size_t room = lines->room == 0 ? 64 : lines->room * 2;
        struct line *list = realloc(lines->list, room * sizeof *list);
        if (list == NULL)
            return false;
        lines->list = list;
        lines->room = room;
    }
    lines->list[lines->n++] = (struct line){.object = object};
    return true;
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r\n")] == '\0';
}

/* An object with a frame number, or NULL. */
static json_t *parse(const char *line, size_t size, const char **why)
{
    json_error_t error;
    json_t *object = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
    *why = "is no JSON object";
    if (json_is_object(object) && json_is_integer(json_object_get(object, "frame")))
        return object;
    if (json_is_object(object))
        *why = "has no \"frame\" with a number";
    json_decref(object);
    return NULL;
}

static bool bad(struct comparison *c, const char *path, size_t number, const char *why)
{
    fprintf(
        c->out,
        "%s:%zu: %s; write a line like {\"interface\": \"lan\", \"frame\": 1, \"verdict\": \"ip4-ttl\"}\n",
        path, number, why);
    c->is_bad = true;
    return false;
}

/* A device may have a line without an end. */
static bool is_finite(FILE *file)
{
    struct stat status;
    return fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= SIZE_MOST;
}

/* NULL: a line has said why. */
static FILE *open_lines(struct comparison *c, const char *path)
{
    FILE *file = fopen(path, "re");
    if (file != NULL && is_finite(file))
        return file;
    if (file != NULL)
        fprintf(c->out, "%s: is no ordinary file of at most 1 GiB; make it one\n", path);
    else
        fprintf(c->out, "%s: %s; make it readable\n", path, strerror(errno));
    if (file != NULL)
        fclose(file);
    c->is_bad = true;
    return NULL;
}

static bool read_lines(struct comparison *c, const char *path, struct lines *lines)
{
    FILE *file = open_lines(c, path);
    char *line = NULL;
    size_t room = 0;
    if (file == NULL)
        return false;
    ssize_t size;
    bool fine = true;
    for (size_t number = 1; fine && (size = getline(&line, &room, file)) >= 0; number++) {
        const char *why;
        json_t *object = parse(line, (size_t)size, &why);
        if (object == NULL)
            fine = is_blank(line) || bad(c, path, number, why);
        else if (!add(lines, object))
            fine = bad(c, path, number, "there is no memory for it");
    }
    free(line);
    fclose(file);
    return fine;
}

static void lines_free(struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        json_decref(lines->list[i].object);
    free(lines->list);
}

/* ---- which frame a line is about ----------------------------------------------------------------------- */

/* Absent in the expectation, anything will do; verdicts do not name their node where there is only one. */
static bool is_same_name(const json_t *expected, const json_t *got, const char *key)
{
    const json_t *name = json_object_get(expected, key), *other = json_object_get(got, key);
    return name == NULL || other == NULL || json_equal(name, other);
}

static bool is_about(const json_t *expected, const json_t *got)
{
    return json_integer_value(json_object_get(expected, "frame")) ==
               json_integer_value(json_object_get(got, "frame")) &&
           is_same_name(expected, got, "interface") && is_same_name(expected, got, "node");
}

/* The line about the same frame. Both files mostly have the same order, so the search begins behind the last one. */
static struct line *find(struct comparison *c, const json_t *expected)
{
    for (size_t i = 0; i < c->got.n; i++) {
        struct line *line = &c->got.list[(c->next + i) % c->got.n];
        if (!is_about(expected, line->object))
            continue;
        c->next = (size_t)(line - c->got.list) + 1;
        return line;
    }
    return NULL;
}

/* Frames arrive at one interface, or the line names it. */
static bool is_clear(const struct comparison *c, const json_t *expected)
{
    if (json_object_get(expected, "interface") != NULL)
        return true;
    for (size_t i = 1; i < c->got.n; i++)
        if (!is_same_name(c->got.list[0].object, c->got.list[i].object, "interface"))
            return false;
    return true;
}

/* ---- telling ------------------------------------------------------------------------------------------- */

static void print_value(FILE *out, const json_t *value)
{
    char *text;
    if (value == NULL || json_is_null(value)) {
        fputs("none", out);
    } else if (json_is_string(value)) {
        fputs(json_string_value(value), out);
    } else {
        text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
        fputs(text == NULL ? "?" : text, out);
        free(text);
    }
}

/* "verdicts.jsonl: frame 4 of r1:lan". False: enough have been told. */
static bool begin(struct comparison *c, const json_t *object)
{
    const char *node = json_string_value(json_object_get(object, "node"));
    const char *interface = json_string_value(json_object_get(object, "interface"));
    if (++c->found > c->files->most)
        return false;
    fprintf(c->out, "%sframe %" JSON_INTEGER_FORMAT, c->files->label,
            json_integer_value(json_object_get(object, "frame")));
    if (interface != NULL)
        fprintf(c->out, " of %s%s%s", node == NULL ? "" : node, node == NULL ? "" : ":", interface);
    return true;
}

static bool is_verdict(const char *name)
{
    for (unsigned i = TAPIR_UNSETTLED + 1; i < TAPIR_VERDICT_COUNT; i++)
        if (strcmp(tapir_fate((enum tapir_verdict)i)->name, name) == 0)
            return true;
    return false;
}

static void tell_value(struct comparison *c, const json_t *object, const char *key, const json_t *expected,
                       const json_t *got)
{
    if (!begin(c, object))
        return;
    fprintf(c->out, ", %s: expected ", key);
    print_value(c->out, expected);
    bool is_name = strcmp(key, "verdict") == 0 && json_is_string(expected);
    if (is_name && !is_verdict(json_string_value(expected)))
        fputs(" (there is no such verdict, see tapir help verdicts)", c->out);
    fputs(", got ", c->out);
    print_value(c->out, got);
    fputc('\n', c->out);
}

static bool is_equal(const json_t *expected, const json_t *got)
{
    if (json_is_null(expected))
        return got == NULL;
    if (json_is_number(expected) && json_is_number(got) && json_typeof(expected) != json_typeof(got))
        return !(json_number_value(expected) < json_number_value(got)) &&
               !(json_number_value(expected) > json_number_value(got));
    return got != NULL && json_equal(expected, got);
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

static void compare_line(struct comparison *c, json_t *expected)
{
    struct line *line = find(c, expected);
    const char *key;
    json_t *value;
    if (line == NULL) {
        if (begin(c, expected))
            fputs(": a line expects it, but no such frame arrived\n", c->out);
        return;
    }
    line->is_met = true;
    json_object_foreach(expected, key, value)
    {
        json_t *got = json_object_get(line->object, key);
        if (!is_equal(value, got) && strcmp(key, "node") != 0)
            tell_value(c, line->object, key, value, got);
    }
    json_object_foreach(line->object, key, value) c->is_complete &= json_object_get(expected, key) != NULL;
}

static void compare(struct comparison *c)
{
    c->is_complete = true;
    for (size_t i = 0; i < c->expected.n; i++)
        compare_line(c, c->expected.list[i].object);
    for (size_t i = 0; i < c->got.n && c->is_complete; i++)
        if (!c->got.list[i].is_met && begin(c, c->got.list[i].object)) {
            fputs(": no line expects it; got ", c->out);
            print_value(c->out, json_object_get(c->got.list[i].object, "verdict"));
            fputc('\n', c->out);
        }
    if (c->found > c->files->most)
        fprintf(c->out, "%s%zu more differences\n", c->files->label, c->found - c->files->most);
}

/* Nothing differs by its value, so the octets do. */
static void tell_octets(struct comparison *c, size_t at)
{
    c->found++;
    fprintf(
        c->out,
        "%sthe verdicts are as expected, but tapir writes octet %zu of the file otherwise; see --update\n",
        c->files->label, at);
}

/* The expectation with its own keys, and the values that came out. */
static void mend(struct comparison *c)
{
    FILE *file = fopen(c->files->mended, "we");
    const char *key;
    json_t *value;
    for (size_t i = 0; file != NULL && i < c->expected.n; i++) {
        json_t *expected = c->expected.list[i].object;
        const struct line *line = find(c, expected);
        if (line == NULL)
            continue;
        json_t *mended = json_object();
        json_object_foreach(expected, key, value)
        {
            json_t *got = json_object_get(line->object, key);
            json_object_set_new(mended, key, got == NULL ? json_null() : json_incref(got));
        }
        json_dumpf(mended, file, JSON_REAL_PRECISION(17));
        fputc('\n', file);
        json_decref(mended);
    }
    if (file != NULL)
        fclose(file);
}

static void compare_files(struct comparison *c)
{
    if (!read_lines(c, c->files->expected, &c->expected) || !read_lines(c, c->files->got, &c->got))
        return;
    for (size_t i = 0; i < c->expected.n; i++)
        if (!is_clear(c, c->expected.list[i].object)) {
            bad(c, c->files->expected, i + 1, "has no \"interface\", and frames arrive at several");
            return;
        }
    compare(c);
    size_t at;
    if (c->found == 0 && c->is_complete && file_differs(c->files->expected, c->files->got, &at))
        tell_octets(c, at);
    if (c->found == 0 || c->files->mended == NULL)
        return;
    if (c->is_complete)
        file_copy(c->files->got, c->files->mended);
    else
        mend(c);
}

enum verdicts_result verdicts_compare(FILE *out, const struct verdicts_files *files)
{
    struct comparison c = {.out = out, .files = files};
    size_t at;
    if (!file_differs(files->expected, files->got, &at))
        return VERDICTS_SAME;
    compare_files(&c);
    lines_free(&c.expected);
    lines_free(&c.got);
    if (c.is_bad)
        return VERDICTS_BAD;
    return c.found > 0 ? VERDICTS_DIFFER : VERDICTS_SAME;
}
