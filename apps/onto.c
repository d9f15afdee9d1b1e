#include "apps/onto.h"

#include <stdio.h>

#include "tap/onto.h"

#define SECOND 1e9

static void tell(FILE *out, const char *tap, const struct onto_result *result)
{
    double took = (double)result->took_ns / SECOND, span = (double)result->span_ns / SECOND;
    fprintf(out, "%llu frames written, %llu not taken by %s, in %.3f s", (unsigned long long)result->written,
            (unsigned long long)result->refused, tap, took);
    if (result->span_ns > 0 && result->took_ns > 0)
        fprintf(out, ": %.2f times the speed of the capture", span / took);
    fprintf(out, "%s\n", result->ended ? "; ended by a signal" : "");
    if (result->backward > 0)
        fprintf(out, "warning: %llu time stamps go backwards; each counts as the one before\n",
                (unsigned long long)result->backward);
    if (result->cut > 0)
        fprintf(out, "warning: the capture holds only the beginning of %llu frames; they were written so\n",
                (unsigned long long)result->cut);
    if (result->left_out > 0)
        fprintf(out, "%llu frames left out by the filter\n", (unsigned long long)result->left_out);
}

int onto_device(const struct replay_options *options)
{
    struct onto_plan plan = {.tap = options->onto,
                             .netns = options->netns,
                             .paths = options->captures,
                             .n_paths = options->n_captures,
                             .alter = options->alter,
                             .speed = options->speed};
    struct onto_result result;
    char error[PCAPFILE_ERROR];
    plan.alter.rewrites = options->rewrites;
    plan.alter.n_rewrites = options->n_rewrites;
    int code = onto_run(&plan, &result, error);
    if (result.written + result.refused > 0 || code != 2)
        tell(stderr, plan.tap, &result);
    if (code == 2)
        fprintf(stderr, "tapir replay: %s\n", error);
    return code;
}
