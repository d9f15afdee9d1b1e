#include "tap/inputs.h"

#include <stdio.h>
#include <stdlib.h>

#include "tap/adapt.h"

/* Whatever the file holds: the head is an Ethernet frame. */
static bool adapt(struct input *input, char error[PCAPFILE_ERROR])
{
    char why[PCAPFILE_ERROR];
    if (adapt_frame(&input->head, input->mac, input->room, why))
        return true;
    snprintf(error, PCAPFILE_ERROR, "%.200s: frame %llu: %.200s", input->path,
             (unsigned long long)input->frames + 1, why);
    return false;
}

/* Reads on to a frame that the filter takes. */
static enum pcapfile_result read_head(struct inputs *inputs, struct input *input, char error[PCAPFILE_ERROR])
{
    for (;;) {
        enum pcapfile_result result = pcapfile_next(input->reader, &input->head, error);
        if (result != PCAPFILE_READ)
            return result;
        if (!adapt(input, error))
            return PCAPFILE_BAD;
        input->frames++;
        if (inputs->alter == NULL || alter_takes(inputs->alter, &input->head))
            return PCAPFILE_READ;
        inputs->left_out++;
    }
}

bool inputs_advance(struct inputs *inputs, struct input *input, char error[PCAPFILE_ERROR])
{
    enum pcapfile_result result = read_head(inputs, input, error);
    input->has_head = result == PCAPFILE_READ;
    if (!input->has_head)
        return result == PCAPFILE_END;
    if (inputs->alter != NULL)
        alter_frame(inputs->alter, &input->head, input->mac, input->room);
    if (input->has_due && input->head.time.ns < input->due.ns)
        inputs->backward++;
    else
        input->due = input->head.time;
    input->has_due = true;
    if (input->head.size < input->head.on_wire)
        inputs->cut++;
    return true;
}

bool inputs_open(struct inputs *inputs, const struct network *network, const struct replay_file files[],
                 size_t n, const struct alter *alter, char error[PCAPFILE_ERROR])
{
    *inputs = (struct inputs){.alter = alter, .list = calloc(n + 1, sizeof *inputs->list)};
    if (inputs->list == NULL) {
        snprintf(error, PCAPFILE_ERROR, "out of memory");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        struct input *input = &inputs->list[i];
        input->node = files[i].node;
        input->iface = files[i].iface;
        input->mac = network->nodes[input->node].interfaces[input->iface].mac;
        input->path = files[i].path;
        input->reader = pcapfile_open(files[i].path, error);
        if (input->reader == NULL)
            return false;
        inputs->n++;
        if (!inputs_advance(inputs, input, error))
            return false;
    }
    return true;
}

struct input *inputs_first(const struct inputs *inputs)
{
    struct input *first = NULL;
    for (size_t i = 0; i < inputs->n; i++) {
        struct input *input = &inputs->list[i];
        if (input->has_head && (first == NULL || input->due.ns < first->due.ns))
            first = input;
    }
    return first;
}

void inputs_close(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        pcapfile_close(inputs->list[i].reader);
    free(inputs->list);
}
