/* Memory for the tables of a stack: zeroed, and given by the system only where it is touched.
 *
 * A node has tables for busy times, most of which a quiet one never looks at. Large blocks are mappings of their own, for malloc
 * would hand out again, and have to clear, what a reader of files has used before. Next: tap/node.h. */
#ifndef TAP_HEAP_H
#define TAP_HEAP_H

#include "tapir.h"

/* The allocator. It may be used by any number of stacks. */
struct tapir_memory heap_memory(void);

#endif
