/* Time stamps of pcapng: a number of units whose length the interface tells.
 *
 * Resolution: an octet n; a unit is 10^-n seconds, or 2^-(n - 128) from 128 on. Offset: seconds to add.
 * draft-ietf-opsawg-pcapng section 4.2, if_tsresol and if_tsoffset. Next: tap/pcapng_read.c. */
#ifndef TAP_PCAPNG_TIME_H
#define TAP_PCAPNG_TIME_H

#include <stdint.h>

/* Nanoseconds since 1970, rounded down. What int64_t cannot hold becomes the nearest that it can. */
int64_t pcapng_time(uint64_t units, uint8_t resolution, int64_t offset);

#endif
