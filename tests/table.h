/* Tables of sentences: each row of a table becomes one cmocka test whose name is the row's sentence.
 *
 *     static const struct row { const char *sentence; ... } rows[] = { { "an odd length is padded", ... } };
 *     static void check(void **state) { const struct row *row = *state; ... }
 *     int main(void) { return RUN_TABLE("checksum", rows, check); }
 *
 * A program with several tables adds up the results: RUN_TABLE(...) + RUN_TABLE(...). */
#ifndef TESTS_TABLE_H
#define TESTS_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Runs `check` for each of `n` rows of `stride` octets that begin with a `const char *` sentence. Returns
 * failures. */
int run_table(const char *name, const void *rows, size_t n, size_t stride, CMUnitTestFunction check);

#define RUN_TABLE(name, rows, check) \
    run_table(name, rows, sizeof(rows) / sizeof((rows)[0]), sizeof((rows)[0]), check)

/* A single test that proves rows of docs/conformance.md, at most two: PROVES("RED-10 RED-11", function). */
#define PROVES(ids, test)                               \
    {                                                   \
        .name = #test " (" ids ")", .test_func = (test) \
    }

#endif
