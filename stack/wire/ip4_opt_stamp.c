#include "wire/ip4_opt_stamp.h"

#include "wire/addr.h"
#include "wire/bytes.h"

enum {
    AT_LENGTH = 1,
    AT_POINTER = 2,
    AT_FLAG = 3,
    HEAD = 4,
    FIRST = 5, /* pointer to the first entry */
    OVERFLOW_MAX = 15
};

static uint8_t entry_size(uint8_t flag)
{
    return flag == IP4_STAMP_ONLY ? 4 : 8;
}

bool ip4_opt_stamp_is_full(const struct ip4_opt_stamp *stamp)
{
    return stamp->pointer > stamp->length;
}

static bool stands_before_an_entry(const struct ip4_opt_stamp *stamp)
{
    uint8_t size = entry_size(stamp->flag);
    if (stamp->pointer < FIRST || (stamp->pointer - FIRST) % size != 0)
        return false;
    return ip4_opt_stamp_is_full(stamp) || stamp->pointer + size - 1 <= stamp->length;
}

enum tapir_verdict ip4_opt_stamp_parse(const uint8_t *header, const struct ip4_opt *opt,
                                       struct ip4_opt_stamp *stamp, uint8_t *fault)
{
    *fault = (uint8_t)(opt->at + AT_LENGTH);
    if (opt->length < HEAD)
        return TAPIR_IP4_OPTION_STAMP;
    uint8_t last = header[opt->at + AT_FLAG];
    *stamp = (struct ip4_opt_stamp){opt->at, opt->length, header[opt->at + AT_POINTER], (uint8_t)(last >> 4),
                                    last & 0x0f};
    *fault = (uint8_t)(opt->at + AT_FLAG);
    if (stamp->flag != IP4_STAMP_ONLY && stamp->flag != IP4_STAMP_ADDRESS && stamp->flag != IP4_STAMP_GIVEN)
        return TAPIR_IP4_OPTION_STAMP;
    if (ip4_opt_stamp_is_full(stamp) && stamp->overflow == OVERFLOW_MAX && stamp->flag != IP4_STAMP_GIVEN)
        return TAPIR_IP4_OPTION_STAMP;
    *fault = (uint8_t)(opt->at + AT_POINTER);
    return stands_before_an_entry(stamp) ? TAPIR_UNSETTLED : TAPIR_IP4_OPTION_STAMP;
}

/* The pointer counts from 1. */
static size_t place(const struct ip4_opt_stamp *stamp)
{
    return (size_t)stamp->at + stamp->pointer - 1;
}

struct ip4 ip4_opt_stamp_next(const uint8_t *header, const struct ip4_opt_stamp *stamp)
{
    return ip4_get(header + place(stamp));
}

void ip4_opt_stamp_record(uint8_t *header, struct ip4_opt_stamp *stamp, struct ip4 address, uint32_t ms)
{
    if (ip4_opt_stamp_is_full(stamp)) {
        stamp->overflow++;
        header[stamp->at + AT_FLAG] = (uint8_t)(stamp->overflow << 4 | stamp->flag);
        return;
    }
    uint8_t *entry = header + place(stamp);
    if (stamp->flag != IP4_STAMP_ONLY)
        ip4_put(entry, address);
    bytes_put32(entry + entry_size(stamp->flag) - 4, ms);
    stamp->pointer = (uint8_t)(stamp->pointer + entry_size(stamp->flag));
    header[stamp->at + AT_POINTER] = stamp->pointer;
}
