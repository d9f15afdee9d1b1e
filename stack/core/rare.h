/* Functions off the beaten path: what few packets take is kept out of the code that all of them take.
 *
 * Else a compiler inlines what is called once, and each packet pays for its registers: 60 instructions of a forwarded frame. Next:
 * core/lane.h. */
#ifndef CORE_RARE_H
#define CORE_RARE_H

#define RARE __attribute__((cold, noinline))

#endif
