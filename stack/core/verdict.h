/* The table of fates: what tapir_fate of tapir.h answers, made from core/verdict.def.
 *
 * Next: core/settle.h, the only place where a verdict is given. */
#ifndef CORE_VERDICT_H
#define CORE_VERDICT_H

#include "tapir.h"

/* PASSED and REFUSED end a journey; HELD and ANSWER do not. */
static inline bool verdict_is_final(enum tapir_verdict verdict)
{
    enum tapir_kind kind = tapir_fate(verdict)->kind;
    return verdict != TAPIR_UNSETTLED && (kind == TAPIR_PASSED || kind == TAPIR_REFUSED);
}

#endif
