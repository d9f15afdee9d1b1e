#include "apps/case_options.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r"

enum {
    SIZE_MOST = 65536 /* octets of the file */
};

/* A file that is being read. */
struct look {
    struct case_options *options;
    const char *folder;
    char *error;
    unsigned line;
};

/* `what` is wrong with `which`. */
static bool trouble(const struct look *look, const char *what, const char *which)
{
    char place[16] = "";
    if (look->line > 0)
        snprintf(place, sizeof place, ":%u", look->line);
    snprintf(look->error, PCAPFILE_ERROR, "%.200s/options%s: %.200s%.80s", look->folder, place, what, which);
    return false;
}

static bool has_place(const char *name)
{
    static const char *const names[] = {"dst-mac", "filter", "rewrite", "seed", "until"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Whether an expression is one is found out here, where its line is known. */
static bool filter_holds(const struct look *look)
{
    const struct alter_plan plan = {.filter = look->options->options.alter.filter};
    char why[PCAPFILE_ERROR];
    struct alter *alter = alter_create(&plan, why);
    alter_destroy(alter);
    return alter != NULL || trouble(look, why, "");
}

static bool take(const struct look *look, const char *name, const char *value)
{
    if (!has_place(name))
        return trouble(look, "a case may have --dst-mac, --filter, --rewrite, --seed and --until, and not --",
                       name);
    if (value[0] == '\0')
        return trouble(look, "a value is missing after --", name);
    const char *what = replay_options_take(&look->options->options, name, value);
    if (what != NULL)
        return trouble(look, what, value);
    return strcmp(name, "filter") != 0 || filter_holds(look);
}

/* Cuts the line into name and value, in place. */
static bool take_line(const struct look *look, char *line)
{
    line += strspn(line, BLANKS);
    for (size_t n = strlen(line); n > 0 && strchr(BLANKS, line[n - 1]) != NULL; n--)
        line[n - 1] = '\0';
    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (strncmp(line, "--", 2) != 0)
        return trouble(look, "write an option as on the command line, like --dst-mac router, and not ", line);
    char *name = line + 2, *value = name + strcspn(name, BLANKS "=");
    if (*value != '\0')
        *value++ = '\0';
    return take(look, name, value + strspn(value, BLANKS));
}

static bool take_lines(struct look *look, char *text)
{
    for (char *next; text != NULL; text = next) {
        look->line++;
        next = strchr(text, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (!take_line(look, text))
            return false;
    }
    return true;
}

/* Nothing that a terminal would obey. */
static bool is_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((text[i] >= 0 && text[i] < ' ' && strchr("\t\r\n", text[i]) == NULL) || text[i] == '\0')
            return false;
    return true;
}

/* All of the file as one text. */
static bool read_text(const struct look *look, FILE *file)
{
    struct case_options *options = look->options;
    options->text = calloc(1, SIZE_MOST + 1);
    if (options->text == NULL)
        return trouble(look, "out of memory", "");
    errno = 0;
    size_t size = fread(options->text, 1, SIZE_MOST, file);
    if (ferror(file))
        return trouble(look, strerror(errno), "; make it a file with an option on each line");
    if (size == SIZE_MOST || !is_text(options->text, size))
        return trouble(look, "is no text of options; write lines like --dst-mac router", "");
    return true;
}

bool case_options_read(struct case_options *options, const char *folder, char error[PCAPFILE_ERROR])
{
    struct look look = {options, folder, error, 0};
    char path[PATH_MAX];
    *options = (struct case_options){.text = NULL};
    replay_options_init(&options->options);
    errno = ENAMETOOLONG;
    int size = snprintf(path, sizeof path, "%s/options", folder);
    FILE *file = size < PATH_MAX ? fopen(path, "re") : NULL;
    if (file == NULL)
        return errno == ENOENT || trouble(&look, strerror(errno), "; make it readable");
    bool fine = read_text(&look, file);
    fclose(file);
    return fine && take_lines(&look, options->text);
}

void case_options_free(struct case_options *options)
{
    free(options->text);
    options->text = NULL;
}
