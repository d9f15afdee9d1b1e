/* The report of a simulation. */
#include "apps/simulate_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "tap/text.h"

/* ---- sums ----------------------------------------------------------------------------------------------- */

static void add_counters(struct tapir_counters *sum, const struct tapir_counters *own)
{
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++) {
        for (int verdict = 0; verdict < TAPIR_VERDICT_COUNT; verdict++)
            sum->verdicts[verdict][origin] += own->verdicts[verdict][origin];
        sum->packets[origin] += own->packets[origin];
        sum->settled[origin] += own->settled[origin];
        sum->held[origin] += own->held[origin];
        sum->waiting[origin] += own->waiting[origin];
    }
}

static struct tapir_counters sum_nodes(const struct simulate_report *report)
{
    struct tapir_counters sum = {{{0}}, {0}, {0}, {0}, {0}};
    for (size_t i = 0; i < world_nodes(report->world); i++)
        add_counters(&sum, tapir_counters(node_stack(world_node(report->world, i))));
    return sum;
}

static struct cable_counters sum_cables(const struct simulate_report *report)
{
    struct cable_counters sum = {{0}};
    for (size_t i = 0; i < report->network->n_links; i++)
        for (int fate = 0; fate < CABLE_FATE_COUNT; fate++)
            sum.frames[fate] += cable_counters(world_cable(report->world, i))->frames[fate];
    return sum;
}

static uint64_t count_open(const struct traffic_counters *counters)
{
    uint64_t open = counters->asked;
    for (int fate = 0; fate < TRAFFIC_FATE_COUNT; fate++)
        open -= counters->fates[fate];
    return open;
}

static int64_t mean_rtt(const struct traffic_counters *counters)
{
    uint64_t n = counters->fates[TRAFFIC_ANSWERED];
    return n == 0 ? 0 : counters->rtt_sum / (int64_t)n;
}

/* ---- for people ----------------------------------------------------------------------------------------- */

static void print_count(const char *name, uint64_t count)
{
    if (count > 0)
        printf("    %-28s %12" PRIu64 "\n", name, count);
}

/* In milliseconds, of integers: the same digits everywhere. */
static void print_time(const char *name, int64_t ns)
{
    printf("    %-28s %12" PRId64 ".%03" PRId64 " ms\n", name, ns / 1000000, ns / 1000 % 1000);
}

static void print_traffic(const struct traffic_counters *counters)
{
    printf("\npings\n    %-28s %12" PRIu64 "\n", "asked", counters->asked);
    for (int fate = 0; fate < TRAFFIC_FATE_COUNT; fate++)
        print_count(traffic_fate_name((enum traffic_fate)fate), counters->fates[fate]);
    print_count("still open", count_open(counters));
    print_count("late or twice", counters->extra);
    if (counters->fates[TRAFFIC_ANSWERED] == 0)
        return;
    print_time("least round trip", counters->rtt_least);
    print_time("mean round trip", mean_rtt(counters));
    print_time("longest round trip", counters->rtt_most);
}

static void print_cables(const struct cable_counters *counters)
{
    printf("\nframes on links\n");
    for (int fate = 0; fate < CABLE_FATE_COUNT; fate++)
        print_count(cable_fate_name((enum cable_fate)fate), counters->frames[fate]);
}

static void print_verdicts(const struct tapir_counters *counters)
{
    printf("\npackets in nodes                         received         born\n");
    for (int verdict = TAPIR_UNSETTLED + 1; verdict < TAPIR_VERDICT_COUNT; verdict++) {
        const uint64_t *count = counters->verdicts[verdict];
        if (count[TAPIR_RECEIVED] + count[TAPIR_BORN] > 0)
            printf("    %-28s %12" PRIu64 " %12" PRIu64 "\n", tapir_fate((enum tapir_verdict)verdict)->name,
                   count[TAPIR_RECEIVED], count[TAPIR_BORN]);
    }
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++)
        printf("%" PRIu64 " %s = %" PRIu64 " settled + %" PRIu64 " held + %" PRIu64 " waiting\n",
               counters->packets[origin], origin == TAPIR_RECEIVED ? "received" : "born",
               counters->settled[origin], counters->held[origin], counters->waiting[origin]);
}

void report_text(const struct simulate_report *report)
{
    const struct network *network = report->network;
    struct tapir_counters nodes = sum_nodes(report);
    struct cable_counters cables = sum_cables(report);
    char length[TEXT_DURATION];
    text_duration(length, sizeof length, report->for_ns);
    printf("%s of %zu nodes, %zu links, %zu events; seed %" PRId64 "\n", length, network->n_nodes,
           network->n_links, network->n_events, report->seed);
    if (network->n_traffic > 0)
        print_traffic(world_traffic(report->world, (tapir_instant){report->for_ns}));
    if (network->n_links > 0)
        print_cables(&cables);
    print_verdicts(&nodes);
}

/* ---- for machines ----------------------------------------------------------------------------------------- */

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *traffic_object(const struct traffic_counters *counters)
{
    json_t *object = json_object();
    json_object_set_new(object, "asked", number(counters->asked));
    for (int fate = 0; fate < TRAFFIC_FATE_COUNT; fate++)
        json_object_set_new(object, traffic_fate_name((enum traffic_fate)fate),
                            number(counters->fates[fate]));
    json_object_set_new(object, "open", number(count_open(counters)));
    json_object_set_new(object, "extra", number(counters->extra));
    json_object_set_new(object, "rtt_least_ns", json_integer(counters->rtt_least));
    json_object_set_new(object, "rtt_mean_ns", json_integer(mean_rtt(counters)));
    json_object_set_new(object, "rtt_most_ns", json_integer(counters->rtt_most));
    return object;
}

static json_t *cables_object(const struct cable_counters *counters)
{
    json_t *object = json_object();
    for (int fate = 0; fate < CABLE_FATE_COUNT; fate++)
        json_object_set_new(object, cable_fate_name((enum cable_fate)fate), number(counters->frames[fate]));
    return object;
}

static json_t *pair(const uint64_t count[TAPIR_ORIGIN_COUNT])
{
    return json_pack("{sIsI}", "received", (json_int_t)count[TAPIR_RECEIVED], "born",
                     (json_int_t)count[TAPIR_BORN]);
}

static json_t *packets_object(const struct tapir_counters *counters)
{
    return json_pack("{sosososo}", "packets", pair(counters->packets), "settled", pair(counters->settled),
                     "held", pair(counters->held), "waiting", pair(counters->waiting));
}

static json_t *verdicts_object(const struct tapir_counters *counters)
{
    json_t *object = json_object();
    for (int verdict = TAPIR_UNSETTLED + 1; verdict < TAPIR_VERDICT_COUNT; verdict++) {
        const uint64_t *count = counters->verdicts[verdict];
        if (count[TAPIR_RECEIVED] + count[TAPIR_BORN] > 0)
            json_object_set_new(object, tapir_fate((enum tapir_verdict)verdict)->name, pair(count));
    }
    return object;
}

void report_json(const struct simulate_report *report)
{
    const struct network *network = report->network;
    struct tapir_counters nodes = sum_nodes(report);
    struct cable_counters cables = sum_cables(report);
    json_t *object = json_pack(
        "{sIsIsIsIsIsosososo}", "nodes", (json_int_t)network->n_nodes, "links", (json_int_t)network->n_links,
        "events", (json_int_t)network->n_events, "virtual_ns", (json_int_t)report->for_ns, "seed",
        (json_int_t)report->seed, "pings",
        traffic_object(world_traffic(report->world, (tapir_instant){report->for_ns})), "cables",
        cables_object(&cables), "counters", packets_object(&nodes), "verdicts", verdicts_object(&nodes));
    if (object == NULL)
        abort();
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}
