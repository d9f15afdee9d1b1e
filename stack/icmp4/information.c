/* Information Request and Reply. */
#include "icmp4/information.h"

#include "icmp4/reply.h"
#include "route/source.h"
#include "wire/icmp4.h"
#include "wire/icmp4_information.h"

/* The first network of the interface with a host of that number that is not ourselves; zero: there is none. */
static struct ip4 host_of_number(const struct addresses *addresses, unsigned iface, struct ip4 number)
{
    uint64_t cursor = 0;
    for (const struct address *a; (a = address_next_ready(addresses, iface, &cursor)) != NULL;) {
        struct ip4 host = {ip4_network(a->prefix).value | number.value};
        if ((number.value & ip4_mask(a->prefix.length).value) == 0 &&
            address_lookup(addresses, host, iface, NULL) == ADDRESS_NOTHING)
            return host;
    }
    return (struct ip4){0};
}

static enum tapir_verdict answer(struct icmp4_state *icmp4, struct core *core,
                                 const struct tapir_packet *request)
{
    const struct addresses *addresses = &icmp4->ip4->addresses;
    struct ip4 host = request->within.tuple.source;
    if (ip4_is_this_net(host))
        host = host_of_number(addresses, request->iface, host);
    if (ip4_is_zero(host))
        return TAPIR_ICMP4_INFORMATION_HOST;
    struct tapir_packet *reply;
    enum tapir_verdict verdict = reply_bear(icmp4, core, request, ICMP4_HEADER, &reply);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    reply->within.tuple.destination = host;
    if (request->within.to_many)
        reply->within.tuple.source = source_choose(addresses, request->iface, host);
    struct icmp4_information information;
    icmp4_information_parse(packet_payload(request), &information);
    information.type = ICMP4_INFORMATION_REPLY;
    icmp4_information_build(reply_message(reply), &information);
    reply_send(core, reply);
    return TAPIR_ICMP4_INFORMED;
}

enum tapir_verdict information_input(struct icmp4_state *icmp4, struct core *core,
                                     const struct tapir_packet *packet)
{
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    if (!settings_is_on(settings, TAPIR_SET_ICMP_INFORMATION))
        return TAPIR_ICMP4_INFORMATION_OFF;
    if (packet->within.to_many && !ip4_is_zero(packet->within.tuple.destination))
        return TAPIR_ICMP4_QUERY_BROADCAST;
    return answer(icmp4, core, packet);
}
