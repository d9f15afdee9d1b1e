/* Settings as docs/configuration.md and the ledger promise them, by hand: what holds when nobody sets it, the ends of the range,
 * and whether it may stand in an interface. */
#include <string.h>

#include "core/settings.h"
#include "tests/table.h"

#define IN_NODE  TAPIR_SCOPE_NODE
#define ANYWHERE TAPIR_SCOPE_ANY

static const struct row {
    const char *name, *initial, *least, *most;
    enum tapir_scope scope;
} rows[] = {
    {"forwarding", "off", "off", "on", ANYWHERE},
    {"arp.timeout", "1min", "1s", "24h", ANYWHERE},
    {"arp.retries", "3", "1", "20", ANYWHERE},
    {"arp.hold", "16", "1", "256", ANYWHERE},
    {"arp.acd", "off", "off", "on", ANYWHERE},
    {"arp.proxy", "off", "off", "on", ANYWHERE},
    {"arp.inspect", "off", "off", "on", ANYWHERE},
    {"arp.any_interface", "off", "off", "on", ANYWHERE},
    {"ip.ttl", "64", "1", "255", ANYWHERE},
    {"ip.martians", "on", "off", "on", ANYWHERE},
    {"ip.clock", "on", "off", "on", ANYWHERE},
    {"ip.strong_host", "off", "off", "on", ANYWHERE},
    {"ip.bogons", "off", "off", "on", ANYWHERE},
    {"ip.directed_broadcast", "off", "off", "on", ANYWHERE},
    {"ip.rpfilter", "off", "off", "explicit", ANYWHERE},
    {"ip.option.lsrr", "drop", "drop", "process", ANYWHERE},
    {"ip.option.ssrr", "drop", "drop", "process", ANYWHERE},
    {"ip.option.rr", "process", "drop", "process", ANYWHERE},
    {"ip.option.ts", "process", "drop", "process", ANYWHERE},
    {"ip.option.experimental", "ignore", "ignore", "drop", ANYWHERE},
    {"ip.option.stream_id", "ignore", "ignore", "drop", ANYWHERE},
    {"ip.option.router_alert", "ignore", "ignore", "drop", ANYWHERE},
    {"ip.option.security", "ignore", "ignore", "drop", ANYWHERE},
    {"ip.option.unknown", "ignore", "ignore", "drop", ANYWHERE},
    {"ip.reassembly.timeout", "1min", "1s", "2min", ANYWHERE},
    {"ip.reassembly.memory", "4MiB", "64KiB", "16MiB", IN_NODE},
    {"ip.reassembly.datagrams", "1024", "1", "4096", IN_NODE},
    {"ip.reassembly.per_source", "64", "1", "4096", IN_NODE},
    {"ip.reassembly.overlap", "drop", "drop", "last", ANYWHERE},
    {"icmp.rate", "1000", "0", "1000000", IN_NODE},
    {"icmp.burst", "50", "1", "1000000", IN_NODE},
    {"icmp.destination.rate", "1", "0", "1000000", ANYWHERE},
    {"icmp.destination.burst", "6", "1", "1000000", ANYWHERE},
    {"icmp.reply.rate", "0", "0", "1000000", IN_NODE},
    {"icmp.reply.burst", "50", "1", "1000000", IN_NODE},
    {"icmp.echo.answer", "on", "off", "on", ANYWHERE},
    {"icmp.echo.broadcast", "off", "off", "on", ANYWHERE},
    {"icmp.parameter_problem", "on", "off", "on", ANYWHERE},
    {"icmp.time_exceeded", "on", "off", "on", ANYWHERE},
    {"icmp.prohibited", "on", "off", "on", ANYWHERE},
    {"icmp.error.precedence", "6", "0", "7", ANYWHERE},
    {"icmp.error.tos", "copy", "zero", "copy", ANYWHERE},
    {"icmp.timestamp", "on", "off", "on", ANYWHERE},
    {"icmp.information", "off", "off", "on", ANYWHERE},
    {"icmp.address_mask", "off", "off", "client", ANYWHERE},
    {"icmp.address_mask_announce", "off", "off", "on", ANYWHERE},
    {"icmp.source_quench.send", "off", "off", "on", ANYWHERE},
    {"icmp.redirect.send", "auto", "off", "auto", ANYWHERE},
    {"icmp.redirect.accept", "auto", "off", "auto", ANYWHERE},
    {"icmp.redirect.timeout", "10min", "1s", "24h", ANYWHERE},
    {"icmp.redirect.rate", "1", "0", "1000000", ANYWHERE},
    {"icmp.redirect.burst", "6", "1", "1000000", ANYWHERE},
    {"icmp.router_discovery", "off", "off", "on", ANYWHERE},
    {"icmp.advertise.max", "10min", "4s", "30min", ANYWHERE},
    {"icmp.advertise.min", "0h", "0h", "30min", ANYWHERE},
    {"icmp.advertise.lifetime", "0h", "0h", "150min", ANYWHERE},
    {"icmp.advertise.broadcast", "off", "off", "on", ANYWHERE},
    {"icmp.advertise.preference", "0", "-2147483648", "2147483647", ANYWHERE},
    {"icmp.traceroute1393", "off", "off", "on", ANYWHERE},
    {"icmp.extensions.interface", "off", "off", "on", ANYWHERE},
    {"icmp.extensions.index", "on", "off", "on", ANYWHERE},
    {"icmp.extensions.address", "on", "off", "on", ANYWHERE},
    {"icmp.extensions.name", "on", "off", "on", ANYWHERE},
    {"icmp.extensions.mtu", "on", "off", "on", ANYWHERE},
    {"icmp.probe.answer", "off", "off", "on", ANYWHERE},
    {"icmp.probe.local", "on", "off", "on", ANYWHERE},
    {"icmp.probe.remote", "off", "off", "on", ANYWHERE},
    {"icmp.probe.name", "off", "off", "on", ANYWHERE},
    {"icmp.probe.name_from", "0.0.0.0/0", "0.0.0.0/0", "255.255.255.255/32", ANYWHERE},
    {"icmp.probe.index", "off", "off", "on", ANYWHERE},
    {"icmp.probe.index_from", "0.0.0.0/0", "0.0.0.0/0", "255.255.255.255/32", ANYWHERE},
    {"icmp.probe.address", "off", "off", "on", ANYWHERE},
    {"icmp.probe.address_from", "0.0.0.0/0", "0.0.0.0/0", "255.255.255.255/32", ANYWHERE},
    {"icmp.probe.rate", "100", "0", "1000000", IN_NODE},
    {"icmp.probe.burst", "50", "1", "1000000", IN_NODE},
    {"pmtu.floor", "552", "68", "65535", ANYWHERE},
    {"pmtu.timeout", "10min", "0h", "24h", ANYWHERE},
    {"udp.checksum", "on", "on", "required", ANYWHERE},
};

static void check_text(enum tapir_setting setting, int64_t value, const char *text)
{
    char printed[64];
    tapir_setting_print(setting, value, printed, sizeof printed);
    assert_string_equal(printed, text);
}

static void check(void **state)
{
    const struct row *row = *state;
    enum tapir_setting setting;
    assert_true(tapir_setting_find(row->name, &setting));
    const struct tapir_setting_row *promised = tapir_setting(setting);
    check_text(setting, promised->initial, row->initial);
    check_text(setting, promised->low, row->least);
    check_text(setting, promised->high, row->most);
    assert_int_equal(promised->scope, row->scope);
    struct settings settings;
    settings_init(&settings);
    check_text(setting, settings_get(&settings, setting), row->initial);
}

static void every_setting_stands_here(void **state)
{
    (void)state;
    assert_int_equal(sizeof rows / sizeof rows[0], TAPIR_SETTING_COUNT);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(rows[i].name, rows[k].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_setting_stands_here)};
    return RUN_TABLE("settings", rows, check) +
           cmocka_run_group_tests_name("all settings", tests, NULL, NULL);
}
