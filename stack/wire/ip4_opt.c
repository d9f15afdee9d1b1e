#include "wire/ip4_opt.h"

#include "wire/ip4.h"

enum {
    OPTION_MIN = 2 /* type and length */
};

enum ip4_opt_step ip4_opt_next(const uint8_t *header, uint8_t size, struct ip4_opt *opt)
{
    opt->at = opt->at == 0 ? IP4_AT_OPTIONS : (uint8_t)(opt->at + opt->length);
    opt->length = 1;
    if (opt->at >= size || header[opt->at] == IP4_OPT_EOL)
        return IP4_OPT_DONE;
    opt->type = header[opt->at];
    if (opt->type == IP4_OPT_NOP)
        return IP4_OPT_FOUND;
    if (size - opt->at < OPTION_MIN)
        return IP4_OPT_BROKEN;
    opt->length = header[opt->at + 1];
    if (opt->length < OPTION_MIN || opt->length > size - opt->at)
        return IP4_OPT_BROKEN;
    return IP4_OPT_FOUND;
}

enum tapir_verdict ip4_opt_check(const uint8_t *header, uint8_t size, uint8_t *pointer)
{
    struct ip4_opt opt = {.at = 0};
    enum ip4_opt_step step;
    do
        step = ip4_opt_next(header, size, &opt);
    while (step == IP4_OPT_FOUND);
    if (step == IP4_OPT_DONE)
        return TAPIR_UNSETTLED;
    *pointer = opt.at + 1 < size ? (uint8_t)(opt.at + 1) : opt.at;
    return TAPIR_IP4_OPTION_LENGTH;
}
