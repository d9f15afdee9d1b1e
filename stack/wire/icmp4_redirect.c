#include "wire/icmp4_redirect.h"

#include "wire/addr.h"
#include "wire/icmp4.h"

void icmp4_redirect_parse(const uint8_t *message, struct icmp4_redirect *redirect)
{
    *redirect = (struct icmp4_redirect){message[1], ip4_get(message + 4)};
}

void icmp4_redirect_build(uint8_t *message, const struct icmp4_redirect *redirect)
{
    icmp4_build(message, &(struct icmp4_header){.type = ICMP4_REDIRECT,
                                                .code = redirect->code,
                                                .rest = redirect->gateway.value});
}
