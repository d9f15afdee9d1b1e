#include "tap/alter.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/addr.h"

struct alter {
    struct bpf_program filter;
    bool has_filter;
    enum alter_mac destination;
    size_t n_rewrites;
    struct rewrite rewrites[];
};

static bool compile(struct alter *alter, const char *expression, char error[PCAPFILE_ERROR])
{
    pcap_t *ethernet = pcap_open_dead(DLT_EN10MB, PCAPFILE_FRAME);
    alter->has_filter =
        ethernet != NULL && pcap_compile(ethernet, &alter->filter, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!alter->has_filter)
        snprintf(error, PCAPFILE_ERROR,
                 "filter \"%.200s\": %.200s; expressions are those of: man pcap-filter", expression,
                 ethernet == NULL ? "out of memory" : pcap_geterr(ethernet));
    if (ethernet != NULL)
        pcap_close(ethernet);
    return alter->has_filter;
}

struct alter *alter_create(const struct alter_plan *plan, char error[PCAPFILE_ERROR])
{
    size_t size = plan->n_rewrites * sizeof *plan->rewrites;
    struct alter *alter = calloc(1, sizeof *alter + size);
    if (alter == NULL) {
        snprintf(error, PCAPFILE_ERROR, "out of memory");
        return NULL;
    }
    alter->destination = plan->destination;
    alter->n_rewrites = plan->n_rewrites;
    if (size > 0)
        memcpy(alter->rewrites, plan->rewrites, size);
    rewrite_sort(alter->rewrites, alter->n_rewrites);
    if (plan->filter == NULL || compile(alter, plan->filter, error))
        return alter;
    alter_destroy(alter);
    return NULL;
}

bool alter_takes(const struct alter *alter, const struct pcapfile_frame *frame)
{
    struct pcap_pkthdr header = {.caplen = frame->size, .len = frame->on_wire};
    return !alter->has_filter || pcap_offline_filter(&alter->filter, &header, frame->data) != 0;
}

void alter_frame(const struct alter *alter, struct pcapfile_frame *frame, struct mac to,
                 uint8_t room[PCAPFILE_FRAME])
{
    bool for_router = alter->destination == ALTER_MAC_ROUTER && frame->size >= sizeof to &&
                      !mac_is_group(mac_get(frame->data));
    if (frame->size == 0 || (!for_router && alter->n_rewrites == 0))
        return;
    memmove(room, frame->data, frame->size);
    frame->data = room;
    if (for_router)
        mac_put(room, to);
    rewrite_frame(alter->rewrites, alter->n_rewrites, room, frame->size);
}

void alter_destroy(struct alter *alter)
{
    if (alter == NULL)
        return;
    if (alter->has_filter)
        pcap_freecode(&alter->filter);
    free(alter);
}
