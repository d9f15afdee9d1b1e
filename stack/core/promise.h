/* A promise that the stack makes to itself. Checked in builds without NDEBUG, where a broken one ends the
 * program. No byte from a wire can break one: the world's input gets verdicts. Next: core/lane.h. */
#ifndef CORE_PROMISE_H
#define CORE_PROMISE_H

#include <assert.h>

#define promise(condition) assert(condition)

/* Promises the compiler that few packets come to this function. Else it inlines what is called once, and each packet pays for the
 * registers of what it does not do: 60 instructions of a forwarded frame. */
#define RARE __attribute__((cold, noinline))

/* A function of its own, as RARE, but one that may be busy: made for speed. */
#define APART __attribute__((noinline))

#endif
