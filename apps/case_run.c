#include "apps/case_run.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/case_comments.h"
#include "apps/case_files.h"
#include "apps/case_options.h"
#include "apps/config.h"
#include "apps/files.h"
#include "apps/verdicts.h"
#include "tap/frames.h"

enum {
    ERROR_SIZE = 1024,
    MAGIC = 4 /* octets that say what format a capture has */
};

struct running {
    const struct case_run *run;
    FILE *out;
    struct network *network;
    struct case_files files;
    struct case_options options;
    struct case_list made; /* the files that come out, named as the expectation names them or would */
    size_t comments;       /* frames of the captures whose comment expects a verdict */
    bool differs, is_bad;
    bool is_final; /* what differs stands in a capture that arrives: no update mends it */
};

/* A path below `folder`; it must fit, or the file is not found. */
static char *path_in(char path[PATH_MAX], const char *folder, const char *name)
{
    if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        path[0] = '\0';
    return path;
}

static bool bad(struct running *r, const char *line)
{
    fprintf(r->out, "%s\n", line);
    r->is_bad = true;
    return false;
}

/* ---- what is to come out ------------------------------------------------------------------------------- */

static bool is_named(const struct case_list *list, size_t node)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->list[i].node == node)
            return true;
    return false;
}

/* An interface that leads out of the network gets a file also when nothing is expected there. */
static bool make_edge(struct running *r, size_t node, unsigned iface)
{
    const struct network_interface *interface = &r->network->nodes[node].interfaces[iface];
    char name[256];
    if (interface->link != NULL || case_file_find(&r->made, node, iface) != NULL)
        return true;
    snprintf(name, sizeof name, "out-%s%s%s.pcap", node == 0 ? "" : r->network->nodes[node].name,
             node == 0 ? "" : ":", interface->name);
    return case_file_add(&r->made, name, node, iface);
}

static bool list_made(struct running *r)
{
    bool fine = true;
    for (size_t i = 0; fine && i < r->files.out.n; i++)
        fine = case_file_add(&r->made, r->files.out.list[i].name, r->files.out.list[i].node,
                             r->files.out.list[i].iface);
    for (size_t node = 0; node < r->network->n_nodes; node++) {
        if (!is_named(&r->files.in, node) && !is_named(&r->files.out, node))
            continue;
        for (unsigned i = 0; fine && i < r->network->nodes[node].n_interfaces; i++)
            fine = make_edge(r, node, i);
    }
    return fine || bad(r, "out of memory");
}

/* ---- the replay ---------------------------------------------------------------------------------------- */

/* The list with paths; each is a block of its own. NULL: no memory. */
static struct replay_file *with_paths(const struct case_list *list, const char *folder)
{
    struct replay_file *files = calloc(list->n + 1, sizeof *files);
    for (size_t i = 0; files != NULL && i < list->n; i++) {
        char path[PATH_MAX];
        files[i] = (struct replay_file){.node = list->list[i].node, .iface = list->list[i].iface};
        files[i].path = strdup(path_in(path, folder, list->list[i].name));
        if (files[i].path == NULL)
            abort();
    }
    return files;
}

static void paths_free(struct replay_file *files, size_t n)
{
    for (size_t i = 0; files != NULL && i < n; i++)
        free((void *)(uintptr_t)files[i].path);
    free(files);
}

static bool replay(struct running *r)
{
    char verdicts[PATH_MAX], error[PCAPFILE_ERROR] = "out of memory";
    struct replay_result result;
    struct replay_plan plan = {.network = r->network,
                               .in = with_paths(&r->files.in, r->run->folder),
                               .out = with_paths(&r->made, r->run->work),
                               .n_in = r->files.in.n,
                               .n_out = r->made.n,
                               .verdicts = path_in(verdicts, r->run->work, "verdicts.jsonl")};
    replay_options_plan(&r->options.options, &plan);
    int code = plan.in == NULL || plan.out == NULL ? 2 : replay_run(&plan, &result, error);
    paths_free((struct replay_file *)(uintptr_t)plan.in, plan.n_in);
    paths_free((struct replay_file *)(uintptr_t)plan.out, plan.n_out);
    if (code == 2)
        return bad(r, error);
    if (code != 0) {
        fprintf(r->out, "%s\n", error);
        r->differs = true;
    }
    return code == 0;
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

/* What came out becomes a new expectation. */
static void offer(struct running *r, const char *name)
{
    char from[PATH_MAX], folder[PATH_MAX], to[PATH_MAX];
    r->differs = true;
    if (!r->run->update || r->is_final)
        return;
    path_in(from, r->run->work, name);
    path_in(folder, r->run->work, "new");
    if ((mkdir(folder, 0700) != 0 && errno != EEXIST) || !file_copy(from, path_in(to, folder, name)))
        fprintf(r->out, "%s: %s; nothing can be updated\n", folder, strerror(errno));
}

/* Both have the format in which tapir writes. */
static bool is_same_format(const char *a, const char *b)
{
    size_t at;
    return !file_differs(a, b, &at) || at >= MAGIC;
}

static bool is_pcapng(const char *name)
{
    size_t length = strlen(name);
    return length > 7 && strcmp(name + length - 7, ".pcapng") == 0;
}

/* The frames are the same, and in a file that tapir wrote the rest must be, too. */
static void compare_octets(struct running *r, const char *name, const char *expected, const char *got)
{
    size_t at;
    if (is_pcapng(name) || !is_same_format(expected, got) || !file_differs(expected, got, &at))
        return;
    fprintf(
        r->out,
        "%s: the frames are as expected, but tapir writes octet %zu of the file otherwise; see --update\n",
        name, at);
    offer(r, name);
}

static void compare_captures(struct running *r, const char *name, const char *expected, const char *got)
{
    struct frames of_expected = {0}, of_got = {0};
    char error[PCAPFILE_ERROR], label[300];
    snprintf(label, sizeof label, "%s: ", name);
    if ((expected != NULL && !frames_read(&of_expected, expected, error)) ||
        !frames_read(&of_got, got, error))
        bad(r, error);
    else if (frames_compare(r->out, label, &of_expected, &of_got, r->run->most) > 0)
        offer(r, name);
    else if (expected != NULL)
        compare_octets(r, name, expected, got);
    frames_free(&of_expected);
    frames_free(&of_got);
}

static void compare_frames(struct running *r)
{
    for (size_t i = 0; i < r->made.n && !r->is_bad; i++) {
        const struct case_file *file = &r->made.list[i];
        bool is_expected = case_file_find(&r->files.out, file->node, file->iface) != NULL;
        char expected[PATH_MAX], got[PATH_MAX];
        size_t at;
        path_in(expected, r->run->folder, file->name);
        path_in(got, r->run->work, file->name);
        if (!is_expected || file_differs(expected, got, &at))
            compare_captures(r, file->name, is_expected ? expected : NULL, got);
    }
}

static void compare_verdicts(struct running *r)
{
    char expected[PATH_MAX], got[PATH_MAX], mended[PATH_MAX];
    struct verdicts_files files = {.expected = path_in(expected, r->run->folder, "verdicts.jsonl"),
                                   .got = path_in(got, r->run->work, "verdicts.jsonl"),
                                   .label = "verdicts.jsonl: ",
                                   .mended =
                                       r->run->update ? path_in(mended, r->run->work, "mended.jsonl") : NULL,
                                   .most = r->run->most};
    enum verdicts_result result = verdicts_compare(r->out, &files);
    r->is_bad |= result == VERDICTS_BAD;
    if (result != VERDICTS_DIFFER)
        return;
    if (files.mended != NULL && rename(files.mended, files.got) != 0)
        bad(r, "verdicts.jsonl: cannot be prepared for an update");
    offer(r, "verdicts.jsonl");
}

/* Writes down what the comments expect, as verdicts. False: it cannot be written. */
static bool list_comments(struct running *r, const char *path)
{
    FILE *out = fopen(path, "we");
    if (out == NULL)
        return bad(r, "the comments of captures cannot be written down; name another folder by TMPDIR");
    for (size_t i = 0; i < r->files.in.n; i++) {
        const struct case_file *file = &r->files.in.list[i];
        const struct network_node *node = &r->network->nodes[file->node];
        char capture[PATH_MAX];
        path_in(capture, r->run->folder, file->name);
        r->comments += case_comments(out, capture, node->name, node->interfaces[file->iface].name);
    }
    return fclose(out) == 0;
}

static void compare_comments(struct running *r)
{
    char expected[PATH_MAX], got[PATH_MAX];
    struct verdicts_files files = {.expected = path_in(expected, r->run->work, "comments.jsonl"),
                                   .got = path_in(got, r->run->work, "verdicts.jsonl"),
                                   .label = "comment: ",
                                   .most = r->run->most};
    if (!list_comments(r, expected) || r->comments == 0)
        return;
    enum verdicts_result result = verdicts_compare(r->out, &files);
    r->is_bad |= result == VERDICTS_BAD;
    r->is_final = result == VERDICTS_DIFFER;
    r->differs |= r->is_final;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

/* All that came out, for a case that expects nothing yet: interfaces that were silent get no file. */
static void offer_all(struct running *r)
{
    for (size_t i = 0; i < r->made.n; i++) {
        struct frames frames;
        char got[PATH_MAX], error[PCAPFILE_ERROR];
        if (frames_read(&frames, path_in(got, r->run->work, r->made.list[i].name), error) && frames.n > 0)
            offer(r, r->made.list[i].name);
        frames_free(&frames);
    }
    offer(r, "verdicts.jsonl");
}

static enum case_result judge(struct running *r)
{
    compare_comments(r);
    if (r->files.out.n == 0 && !r->files.has_verdicts && r->comments == 0) {
        fprintf(
            r->out,
            "it has no verdicts.jsonl, no out-IFACE.pcap and no comments; tapir test --update writes them\n");
        if (r->run->update)
            offer_all(r);
        return CASE_SKIPPED;
    }
    if (r->files.out.n > 0)
        compare_frames(r);
    if (r->files.has_verdicts && !r->is_bad)
        compare_verdicts(r);
    return r->is_bad ? CASE_BAD : r->differs ? CASE_FAILED : CASE_PASSED;
}

static enum case_result run_network(struct running *r)
{
    char error[PCAPFILE_ERROR];
    if (!case_files_read(&r->files, r->run->folder, r->network, error) ||
        !case_options_read(&r->options, r->run->folder, error))
        bad(r, error);
    else if (list_made(r) && replay(r))
        return judge(r);
    return r->is_bad ? CASE_BAD : CASE_FAILED;
}

enum case_result case_run(const struct case_run *run, FILE *out)
{
    struct running running = {.run = run, .out = out};
    char path[PATH_MAX], error[ERROR_SIZE];
    running.network = config_read(path_in(path, run->folder, "network.conf"), error, sizeof error, NULL);
    if (running.network == NULL) {
        fprintf(out, "%s\n", error);
        return CASE_BAD;
    }
    enum case_result result = run_network(&running);
    case_files_free(&running.files);
    case_options_free(&running.options);
    free(running.made.list);
    network_free(running.network);
    return result;
}
