#include "apps/case_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One that is being read. */
struct look {
    const char *folder;
    const struct network *network;
    char *error;
};

static bool trouble(const struct look *look, const char *name, const char *what)
{
    snprintf(look->error, PCAPFILE_ERROR, "%.200s/%.100s: %s", look->folder, name, what);
    return false;
}

const struct case_file *case_file_find(const struct case_list *list, size_t node, unsigned iface)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->list[i].node == node && list->list[i].iface == iface)
            return &list->list[i];
    return NULL;
}

bool case_file_add(struct case_list *list, const char *name, size_t node, unsigned iface)
{
    struct case_file *more = realloc(list->list, (list->n + 1) * sizeof *more);
    if (more == NULL)
        return false;
    list->list = more;
    struct case_file *file = &list->list[list->n++];
    *file = (struct case_file){.node = node, .iface = iface};
    snprintf(file->name, sizeof file->name, "%s", name);
    return true;
}

/* ---- names --------------------------------------------------------------------------------------------- */

static bool is_called(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

static bool node_find(const struct network *network, const char *text, size_t length, size_t *node)
{
    for (*node = 0; *node < network->n_nodes; ++*node)
        if (is_called(network->nodes[*node].name, text, length))
            return true;
    return false;
}

static bool iface_find(const struct network_node *node, const char *text, size_t length, unsigned *iface)
{
    for (*iface = 0; *iface < node->n_interfaces; ++*iface)
        if (is_called(node->interfaces[*iface].name, text, length))
            return true;
    return false;
}

/* The one interface of a node, or the one that is not on a link. */
static bool only_iface(const struct network_node *node, unsigned *iface)
{
    unsigned n = 0;
    *iface = 0;
    for (unsigned i = 0; i < node->n_interfaces; i++)
        if (node->interfaces[i].link == NULL) {
            *iface = i;
            n++;
        }
    return n == 1 || node->n_interfaces == 1;
}

/* What stands between "in" or "out" and the ending: "", "-IFACE" or "-NODE:IFACE". */
static bool resolve(const struct look *look, const char *name, const char *text, size_t length,
                    struct case_file *file)
{
    const struct network *network = look->network;
    if (length == 0)
        return only_iface(&network->nodes[0], &file->iface) ||
               trouble(look, name, "the first node has several interfaces; call the file in-IFACE.pcap");
    text++;
    length--;
    const char *colon = memchr(text, ':', length);
    if (colon != NULL && !node_find(network, text, (size_t)(colon - text), &file->node))
        return trouble(look, name, "network.conf has no node of that name; rename the file");
    if (colon != NULL) {
        length -= (size_t)(colon + 1 - text);
        text = colon + 1;
    }
    return iface_find(&network->nodes[file->node], text, length, &file->iface) ||
           trouble(look, name,
                   colon != NULL ? "that node has no interface of that name; rename the file"
                                 : "the first node of network.conf has no interface of that name; rename the "
                                   "file, or call it in-NODE:IFACE or out-NODE:IFACE");
}

/* Octets before .pcap or .pcapng; 0: it is no capture. */
static size_t stem(const char *name)
{
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".pcap") == 0)
        return length - 5;
    return length > 7 && strcmp(name + length - 7, ".pcapng") == 0 ? length - 7 : 0;
}

static bool is_begin(const char *name, const char *word, size_t length)
{
    size_t n = strlen(word);
    return length >= n && memcmp(name, word, n) == 0 && (length == n || name[n] == '-');
}

static bool take(const struct look *look, struct case_files *files, const char *name)
{
    size_t length = stem(name);
    bool is_in = is_begin(name, "in", length), is_out = is_begin(name, "out", length);
    if (strcmp(name, "verdicts.jsonl") == 0)
        files->has_verdicts = true;
    if (!is_in && !is_out)
        return true;
    struct case_list *list = is_in ? &files->in : &files->out;
    struct case_file file = {.node = 0};
    size_t begin = is_in ? 2 : 3;
    if (!resolve(look, name, name + begin, length - begin, &file))
        return false;
    if (case_file_find(list, file.node, file.iface) != NULL)
        return trouble(look, name, "is the second file for that interface; keep one of them");
    return case_file_add(list, name, file.node, file.iface) || trouble(look, name, "out of memory");
}

bool case_files_read(struct case_files *files, const char *folder, const struct network *network,
                     char error[PCAPFILE_ERROR])
{
    struct look look = {folder, network, error};
    struct dirent **entries;
    *files = (struct case_files){.has_verdicts = false};
    int n = scandir(folder, &entries, NULL, alphasort);
    if (n < 0) {
        snprintf(error, PCAPFILE_ERROR, "%.200s: %s; make it readable", folder, strerror(errno));
        return false;
    }
    bool fine = true;
    for (int i = 0; i < n; i++) {
        fine = fine && take(&look, files, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return fine && (files->in.n > 0 ||
                    trouble(&look, "", "there is no in-IFACE.pcap; it says which frames arrive and where"));
}

void case_files_free(struct case_files *files)
{
    free(files->in.list);
    free(files->out.list);
    *files = (struct case_files){.has_verdicts = false};
}
