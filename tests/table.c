#include "tests/table.h"

#include <stdlib.h>

int run_table(const char *name, const void *rows, size_t n, size_t stride, CMUnitTestFunction check)
{
    struct CMUnitTest *tests = calloc(n, sizeof *tests);
    if (tests == NULL)
        return 1;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *row = (const unsigned char *)rows + i * stride;
        const char *const *sentence = (const void *)row;
        tests[i] = (struct CMUnitTest){
            .name = *sentence, .test_func = check, .initial_state = (void *)(uintptr_t)row};
    }
    int failed = _cmocka_run_group_tests(name, tests, n, NULL, NULL);
    free(tests);
    return failed;
}
