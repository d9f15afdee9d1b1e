#include "wire/icmp4_param_problem.h"

#include "wire/icmp4.h"

void icmp4_param_problem_parse(const uint8_t *message, struct icmp4_param_problem *problem)
{
    *problem = (struct icmp4_param_problem){message[1], message[4]};
}

void icmp4_param_problem_build(uint8_t *message, const struct icmp4_param_problem *problem)
{
    icmp4_build(message, &(struct icmp4_header){.type = ICMP4_PARAM_PROBLEM,
                                                .code = problem->code,
                                                .rest = (uint32_t)problem->pointer << 24});
}
