#include "wire/icmp4_router.h"

#include "wire/addr.h"

enum tapir_verdict icmp4_advertisement_parse(const uint8_t *message, size_t size,
                                             struct icmp4_advertisement *advertisement)
{
    *advertisement = (struct icmp4_advertisement){message[4], message[5], bytes_get16(message + 6)};
    if (message[1] != ICMP4_ROUTER_NORMAL || advertisement->count == 0 || advertisement->words < 2)
        return TAPIR_ICMP4_ADVERTISEMENT;
    size_t entries = (size_t)advertisement->count * advertisement->words * 4;
    return size < ICMP4_HEADER + entries ? TAPIR_ICMP4_ADVERTISEMENT : TAPIR_UNSETTLED;
}

struct icmp4_router icmp4_advertisement_entry(const uint8_t *message,
                                              const struct icmp4_advertisement *advertisement, unsigned index)
{
    const uint8_t *entry = message + ICMP4_HEADER + (size_t)index * advertisement->words * 4;
    return (struct icmp4_router){ip4_get(entry), (int32_t)bytes_get32(entry + 4)};
}

void icmp4_advertisement_build(uint8_t *message, const struct icmp4_advertisement *advertisement)
{
    uint32_t rest = (uint32_t)advertisement->count << 24 | UINT32_C(2) << 16 | advertisement->lifetime;
    icmp4_build(message, &(struct icmp4_header){.type = ICMP4_ROUTER_ADVERTISEMENT, .rest = rest});
}

void icmp4_advertisement_put(uint8_t *message, unsigned index, const struct icmp4_router *router)
{
    uint8_t *entry = message + ICMP4_HEADER + (size_t)index * ICMP4_ROUTER_ENTRY;
    ip4_put(entry, router->address);
    bytes_put32(entry + 4, (uint32_t)router->preference);
}

bool icmp4_is_solicitation(const uint8_t *message)
{
    return message[0] == ICMP4_ROUTER_SOLICITATION && message[1] == 0;
}

void icmp4_solicitation_build(uint8_t message[ICMP4_HEADER])
{
    icmp4_build(message, &(struct icmp4_header){.type = ICMP4_ROUTER_SOLICITATION});
    icmp4_finish(message, ICMP4_HEADER);
}
