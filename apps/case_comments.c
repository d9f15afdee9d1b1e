#include "apps/case_comments.h"

#include <jansson.h>
#include <string.h>

static const char word[] = "expect:";

/* The verdict in one of the lines of a comment, without what stands around it; NULL: none. */
static const char *verdict_in(const char *comment, size_t *length)
{
    for (const char *line = comment; line != NULL && *line != '\0';) {
        line += strspn(line, " \t\n");
        if (strncmp(line, word, sizeof word - 1) == 0) {
            line += sizeof word - 1;
            line += strspn(line, " \t");
            *length = strcspn(line, " \t\r\n");
            return line;
        }
        line = strchr(line, '\n');
    }
    return NULL;
}

size_t case_comments(FILE *out, const char *path, const char *node, const char *interface)
{
    char error[PCAPFILE_ERROR];
    struct pcapfile_frame frame;
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    size_t found = 0, length;
    for (json_int_t i = 1; reader != NULL && pcapfile_next(reader, &frame, error) == PCAPFILE_READ; i++) {
        const char *verdict = verdict_in(frame.comment, &length);
        if (verdict == NULL)
            continue;
        json_t *line = json_pack("{s:s, s:s, s:I, s:s%}", "node", node, "interface", interface, "frame", i,
                                 "verdict", verdict, length);
        if (line != NULL)
            json_dumpf(line, out, 0);
        fputc('\n', out);
        json_decref(line);
        found++;
    }
    pcapfile_close(reader);
    return found;
}
