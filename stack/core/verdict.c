#include "core/verdict.h"

#define NOTHING    .earns = TAPIR_EARNS_NOTHING
#define RESET      .earns = TAPIR_EARNS_RESET
#define ICMP(t, c) .earns = TAPIR_EARNS_ICMP, .type = (t), .code = (c)

/* `earned` is one of the three above. */
#define VERDICT(id, title, of_kind, earned, section, sentence) \
    [TAPIR_##id] = {(title), (section), (sentence), TAPIR_##of_kind, earned},

static const struct tapir_fate fates[TAPIR_VERDICT_COUNT] = {
    [TAPIR_UNSETTLED] = {"unsettled", "-", "its journey has not ended", TAPIR_HELD, NOTHING},
#include "core/verdict.def"
};

const struct tapir_fate *tapir_fate(enum tapir_verdict verdict)
{
    return &fates[(unsigned)verdict < TAPIR_VERDICT_COUNT ? verdict : TAPIR_UNSETTLED];
}
