/* A look at the file before libconfuse. It is needed because libconfuse takes the end of the file for the end
 * of every open section and string, miscounts the lines of C comments, and drops characters that fit nowhere.
 *
 * Limits: DEPTH_MAX open brackets, SIZE_MAX_FILE octets. Next: config_grammar.c. */
#include "apps/config_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEPTH_MAX = 16,
    SIZE_MAX_FILE = 64 << 20,
    CHUNK = 1 << 16
};

static char *with_room(char *text, size_t room)
{
    char *more = realloc(text, room);
    if (more == NULL)
        abort();
    return more;
}

static char *read_all(FILE *file, size_t *size)
{
    char *text = NULL;
    size_t n = 0, room = 0, got;
    do {
        if (n + CHUNK + 1 > room)
            text = with_room(text, room = 2 * room + CHUNK + 1);
        got = fread(text + n, 1, CHUNK, file);
        n += got;
    } while (got == CHUNK && n < SIZE_MAX_FILE);
    text[n] = '\0';
    *size = n;
    return text;
}

static const char *advice(int error)
{
    if (error == ENOENT)
        return "name a network file that exists";
    if (error == EISDIR)
        return "name a network file, not a directory";
    if (error == EACCES)
        return "make it readable, or run as its owner";
    return "see whether it can be read at all";
}

char *text_load(const char *path, size_t *size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    errno = 0;
    char *text = read_all(file, size);
    int error = ferror(file) ? errno : *size >= SIZE_MAX_FILE ? EFBIG : 0;
    fclose(file);
    if (error == 0)
        return text;
    free(text);
    errno = error;
    return NULL;
}

char *text_read(struct reading *reading, size_t *size)
{
    if (reading->text != NULL) {
        *size = strlen(reading->text);
        return text_copy(reading->text);
    }
    char *text = text_load(reading->path, size);
    if (text == NULL)
        fault(reading, 0, "%s; %s", strerror(errno), advice(errno));
    return text;
}

/* Where the look at the text has come to. */
struct scan {
    struct reading *reading;
    char *at, *end;
    int line;
    int open[DEPTH_MAX]; /* lines of the brackets that are open */
    int depth;
};

static bool comes(const struct scan *scan, const char *what)
{
    return strncmp(scan->at, what, strlen(what)) == 0; /* a NUL stands behind the text */
}

/* Blanks out to the end of the line, which stays. */
static bool scan_line_comment(struct scan *scan)
{
    while (scan->at < scan->end && *scan->at != '\n')
        *scan->at++ = ' ';
    return true;
}

static bool scan_block_comment(struct scan *scan)
{
    int line = scan->line;
    for (; scan->at < scan->end && !comes(scan, "*/"); scan->at++) {
        if (*scan->at == '\n')
            scan->line++;
        else
            *scan->at = ' ';
    }
    if (scan->at == scan->end)
        return fault(scan->reading, line, "this \"/*\" comment never ends; add \"*/\"");
    memcpy(scan->at, "  ", 2);
    scan->at += 2;
    return true;
}

static bool scan_variable(struct scan *scan)
{
    size_t length = strcspn(scan->at, "}\n\"'");
    if (scan->at[length] != '}')
        return fault(scan->reading, scan->line, "\"${\" without \"}\"; write it like ${NAME}");
    scan->at += length + 1;
    return true;
}

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

static bool fault_octet(struct scan *scan)
{
    return fault(scan->reading, scan->line, "octet 0x%02x has no place here; a network file is plain text",
                 (unsigned char)*scan->at);
}

static bool scan_string(struct scan *scan)
{
    char quote = *scan->at++;
    while (scan->at < scan->end && *scan->at != quote && *scan->at != '\n') {
        if (comes(scan, "${")) {
            if (!scan_variable(scan))
                return false;
            continue;
        }
        if (is_control(*scan->at))
            return fault_octet(scan);
        scan->at += *scan->at == '\\' && !is_control(scan->at[1]) ? 2 : 1;
    }
    if (scan->at >= scan->end || *scan->at != quote)
        return fault(scan->reading, scan->line, "this string has no end; add %c on the same line", quote);
    scan->at++;
    return true;
}

static bool scan_bracket(struct scan *scan)
{
    if (*scan->at++ == '{') {
        if (scan->depth == DEPTH_MAX)
            return fault(scan->reading, scan->line,
                         "brackets within brackets, too deep; close some with \"}\"");
        scan->open[scan->depth++] = scan->line;
        return true;
    }
    if (scan->depth == 0)
        return fault(scan->reading, scan->line,
                     "\"}\" closes nothing; remove it, or open a section with \"{\"");
    scan->depth--;
    return true;
}

static bool scan_other(struct scan *scan)
{
    if (*scan->at == '\r' && scan->at[1] == '\n')
        *scan->at = ' ';
    char c = *scan->at;
    if (c == '\n')
        scan->line++;
    else if (is_control(c) || (unsigned char)c >= 0x80)
        return fault_octet(scan);
    if (strchr("*|()", c) != NULL || (c == '+' && scan->at[1] != '='))
        return fault(scan->reading, scan->line, "\"%c\" has no place here; remove it, or quote the value", c);
    scan->at++;
    return true;
}

static bool scan_step(struct scan *scan)
{
    if (*scan->at == '#' || comes(scan, "//"))
        return scan_line_comment(scan);
    if (comes(scan, "/*"))
        return scan_block_comment(scan);
    if (comes(scan, "${"))
        return scan_variable(scan);
    if (*scan->at == '"' || *scan->at == '\'')
        return scan_string(scan);
    if (*scan->at == '{' || *scan->at == '}')
        return scan_bracket(scan);
    return scan_other(scan);
}

bool text_check(struct reading *reading, char *text, size_t size)
{
    struct scan scan = {.reading = reading, .at = text, .end = text + size, .line = 1};
    while (scan.at < scan.end)
        if (!scan_step(&scan))
            return false;
    if (scan.depth > 0)
        return fault(reading, scan.open[scan.depth - 1], "this \"{\" is never closed; add \"}\"");
    return true;
}
