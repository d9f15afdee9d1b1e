#include "ip4/options_write.h"

#include <string.h>

#include "ip4/options.h"
#include "route/source.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"
#include "wire/ip4_opt_route.h"
#include "wire/ip4_opt_stamp.h"
#include "wire/ip4_opt_traceroute.h"

/* Our address on the way out stands for each hop of the route that was ours. RFC 1812 4.2.2.2. */
static void write_route(uint8_t *header, const struct ip4_opt *opt, struct ip4 heading, struct ip4 own)
{
    struct ip4_opt_route route;
    uint8_t fault;
    bool reached = ip4_opt_route_parse(header, opt, true, &route, &fault) != TAPIR_UNSETTLED;
    while (!reached && !ip4_opt_route_is_done(&route)) {
        reached = ip4_equal(ip4_opt_route_next(header, &route), heading);
        ip4_opt_route_record(header, &route, own);
    }
    ip4_put(header + IP4_AT_DESTINATION, heading);
}

static void write_record(uint8_t *header, const struct ip4_opt *opt, struct ip4 own)
{
    struct ip4_opt_route record;
    uint8_t fault;
    if (ip4_opt_route_parse(header, opt, false, &record, &fault) == TAPIR_UNSETTLED &&
        !ip4_opt_route_is_done(&record))
        ip4_opt_route_record(header, &record, own);
}

static void write_stamp(const struct ip4_state *ip4, uint32_t ms, uint8_t *header, const struct ip4_opt *opt,
                        struct ip4 own)
{
    struct ip4_opt_stamp stamp;
    uint8_t fault;
    if (ip4_opt_stamp_parse(header, opt, &stamp, &fault) != TAPIR_UNSETTLED)
        return;
    if (stamp.flag ==
        IP4_STAMP_GIVEN) { /* only who is named stamps, by any of his addresses: RFC 1812 5.3.13.6 */
        if (ip4_opt_stamp_is_full(&stamp) || !ip4_is_ours(ip4, ip4_opt_stamp_next(header, &stamp)))
            return;
        own = ip4_opt_stamp_next(header, &stamp);
    }
    ip4_opt_stamp_record(header, &stamp, own, ms);
}

static void write_entries(const struct ip4_state *ip4, uint32_t ms, uint8_t *header, uint8_t size,
                          uint8_t edits, struct ip4 own)
{
    struct ip4_opt opt = {0};
    while (ip4_opt_next(header, size, &opt) == IP4_OPT_FOUND) {
        if (opt.type == IP4_OPT_RECORD_ROUTE && (edits & EDIT_RECORD) != 0)
            write_record(header, &opt, own);
        if (opt.type == IP4_OPT_TIMESTAMP && (edits & EDIT_STAMP) != 0)
            write_stamp(ip4, ms, header, &opt, own);
    }
}

/* What our stamp on a packet says: by the settings of the interface where it arrived, like all that is done with options. */
static uint32_t stamp_of(const struct ip4_state *ip4, const struct core *core,
                         const struct tapir_packet *packet)
{
    return core_timestamp(core, iface_settings(&ip4->link.ifaces, core, packet->iface));
}

static void write_source_route(const struct tapir_packet *packet, uint8_t *header, struct ip4 own)
{
    struct ip4_opt opt = {0};
    while (ip4_opt_next(header, packet->within.tuple.header, &opt) == IP4_OPT_FOUND)
        if (opt.type == IP4_OPT_LSRR || opt.type == IP4_OPT_SSRR)
            write_route(header, &opt, packet->within.tuple.destination, own);
}

static void count_hop(uint8_t *header, uint8_t size)
{
    struct ip4_opt opt;
    struct ip4_opt_traceroute traceroute;
    if (!ip4_opt_traceroute_find(header, size, &opt, &traceroute))
        return;
    ip4_opt_traceroute_count(&traceroute);
    ip4_opt_traceroute_build(header + opt.at, &traceroute);
}

void ip4_options_write(const struct ip4_state *ip4, const struct core *core,
                       const struct tapir_packet *packet, uint8_t *header)
{
    const struct tapir_packet_private *within = &packet->within;
    struct ip4 own = source_choose(&ip4->addresses, within->exit, within->next_hop);
    write_entries(ip4, stamp_of(ip4, core, packet), header, within->tuple.header, within->edits, own);
    if ((within->edits & EDIT_ROUTE) != 0)
        write_source_route(packet, header, own);
    if ((within->edits & EDIT_HOPS) != 0)
        count_hop(header, within->tuple.header);
    bytes_put16(header + IP4_AT_CHECKSUM, 0);
    bytes_put16(header + IP4_AT_CHECKSUM, checksum(header, within->tuple.header));
}

uint8_t ip4_options_received(const struct ip4_state *ip4, const struct core *core,
                             const struct tapir_packet *packet, uint8_t options[IP4_OPTIONS_MAX])
{
    const struct tapir_packet_private *within = &packet->within;
    uint8_t header[IP4_HEADER_MAX];
    memcpy(header, packet_ip4(packet), within->tuple.header);
    struct ip4 own = within->to_many ? source_choose(&ip4->addresses, packet->iface, within->tuple.source)
                                     : within->tuple.destination;
    write_entries(ip4, stamp_of(ip4, core, packet), header, within->tuple.header, within->edits, own);
    uint8_t size = (uint8_t)(within->tuple.header - IP4_HEADER);
    memcpy(options, header + IP4_HEADER, size);
    return size;
}
