/* The forms of values: how each is read, what it is called, and what a right one looks like. */
#include "apps/config_grammar.h"
#include "apps/config_value.h"
#include "tap/text.h"

#include <string.h>

static bool parse_port(const char *text, struct config_value *value)
{
    return parse_number(text, 1, 65535, &value->number);
}

static bool parse_mtu(const char *text, struct config_value *value)
{
    return parse_number(text, 68, 65535, &value->number);
}

static bool parse_metric(const char *text, struct config_value *value)
{
    return parse_number(text, 0, UINT32_MAX, &value->number);
}

/* The values of RFC 1349 4. */
static bool parse_tos(const char *text, struct config_value *value)
{
    return parse_number(text, 0, 16, &value->number) && value->number != 1 &&
           (value->number & (value->number - 1)) == 0;
}

static bool parse_seed(const char *text, struct config_value *value)
{
    return parse_number(text, 0, INT64_MAX, &value->number);
}

static bool parse_queue(const char *text, struct config_value *value)
{
    return parse_number(text, 1, 1000000, &value->number);
}

static bool parse_latency(const char *text, struct config_value *value)
{
    static const int64_t hour = 3600000000000;
    return text_parse_duration(text, &value->number) && value->number <= hour;
}

/* From the start of the world; a year keeps every sum of instants in bounds. */
static bool parse_moment(const char *text, struct config_value *value)
{
    static const int64_t year = 8760 * INT64_C(3600000000000);
    return text_parse_duration(text, &value->number) && value->number <= year;
}

static bool parse_period(const char *text, struct config_value *value)
{
    return parse_moment(text, value) && value->number >= 1000;
}

static bool parse_count(const char *text, struct config_value *value)
{
    return parse_number(text, 1, INT64_MAX, &value->number);
}

static bool parse_octets(const char *text, struct config_value *value)
{
    return parse_number(text, 0, 65507, &value->number);
}

static bool parse_ttl(const char *text, struct config_value *value)
{
    return parse_number(text, 1, 255, &value->number);
}

static bool parse_bits(const char *text, struct config_value *value)
{
    return parse_rate(text, &value->number);
}

static bool parse_chance(const char *text, struct config_value *value)
{
    return parse_probability(text, &value->probability);
}

static bool parse_prefix(const char *text, struct config_value *value)
{
    return text_parse_prefix(text, &value->prefix);
}

static bool parse_address(const char *text, struct config_value *value)
{
    return text_parse_ip4(text, &value->address);
}

static bool parse_station(const char *text, struct config_value *value)
{
    return text_parse_mac(text, &value->mac) && is_station(value->mac);
}

static bool parse_name(const char *text, struct config_value *value)
{
    (void)value;
    return is_name(text, 63);
}

static bool parse_device(const char *text, struct config_value *value)
{
    (void)value;
    return is_name(text, 15);
}

/* The value is the place of the text among the choices. */
static bool parse_choice(const char *text, const char *const choices[], size_t n, struct config_value *value)
{
    for (size_t i = 0; i < n; i++) {
        value->number = (int64_t)i;
        if (strcmp(text, choices[i]) == 0)
            return true;
    }
    return false;
}

static bool parse_offload(const char *text, struct config_value *value)
{
    static const char *const choices[] = {
        [NETWORK_OFFLOAD_AUTO] = "auto", [NETWORK_OFFLOAD_OFF] = "off", [NETWORK_OFFLOAD_ON] = "on"};
    return parse_choice(text, choices, sizeof choices / sizeof choices[0], value);
}

static bool parse_engine(const char *text, struct config_value *value)
{
    static const char *const choices[] = {
        [NETWORK_ENGINE_AUTO] = "auto", [NETWORK_ENGINE_URING] = "uring", [NETWORK_ENGINE_EPOLL] = "epoll"};
    return parse_choice(text, choices, sizeof choices / sizeof choices[0], value);
}

static bool parse_spin(const char *text, struct config_value *value)
{
    static const int64_t second = 1000000000;
    return text_parse_duration(text, &value->number) && value->number <= second;
}

/* Any name: whether there is such a file is seen when it is read. */
static bool parse_file(const char *text, struct config_value *value)
{
    (void)value;
    return *text != '\0';
}

static bool parse_state(const char *text, struct config_value *value)
{
    static const char *const choices[] = {"down", "up"};
    return parse_choice(text, choices, sizeof choices / sizeof choices[0], value);
}

static bool parse_route_type(const char *text, struct config_value *value)
{
    static const char *const choices[] = {"unreachable", "blackhole",
                                          "prohibit"}; /* in the order of tapir.h */
    if (!parse_choice(text, choices, sizeof choices / sizeof choices[0], value))
        return false;
    value->number += TAPIR_ROUTE_UNREACHABLE;
    return true;
}

static const struct row {
    bool (*parse)(const char *text, struct config_value *value);
    const char *is, *like;
} rows[] = {
    [FORM_PREFIX] = {parse_prefix, "an IPv4 address with prefix length", "10.77.1.1/24"},
    [FORM_ADDRESS] = {parse_address, "an IPv4 address", "10.77.1.1"},
    [FORM_MAC] = {parse_station, "the MAC address of one station", "02:00:00:00:01:01"},
    [FORM_DURATION] = {parse_latency, "a duration of at most 1h", "5ms"},
    [FORM_RATE] = {parse_bits, "a rate", "10mbit"},
    [FORM_PROBABILITY] = {parse_chance, "a probability from 0 to 1", "0.01"},
    [FORM_SEED] = {parse_seed, "a whole number", "1"},
    [FORM_QUEUE] = {parse_queue, "a number of frames from 1 to 1000000", "100"},
    [FORM_NAME] = {parse_name, "a name of letters, digits, \"-\", \"_\" and \".\", at most 63", "r1"},
    [FORM_DEVICE] = {parse_device, "a name of letters, digits, \"-\", \"_\" and \".\", at most 15", "lan0"},
    [FORM_MTU] = {parse_mtu, "an MTU from 68 to 65535", "1500"},
    [FORM_PORT] = {parse_port, "a port from 1 to 65535", "7"},
    [FORM_METRIC] = {parse_metric, "a metric from 0 to 4294967295", "10"},
    [FORM_TOS] = {parse_tos, "a type of service: 0, 2, 4, 8 or 16", "8"},
    [FORM_OFFLOAD] = {parse_offload, "on, off or auto", "auto"},
    [FORM_ROUTE_TYPE] = {parse_route_type, "unreachable, blackhole or prohibit", "prohibit"},
    [FORM_MOMENT] = {parse_moment, "a time from the start, at most 8760h", "10s"},
    [FORM_PERIOD] = {parse_period, "a duration from 1us to 8760h", "1min"},
    [FORM_STATE] = {parse_state, "up or down", "down"},
    [FORM_COUNT] = {parse_count, "a whole number above 0", "5"},
    [FORM_OCTETS] = {parse_octets, "a number of octets from 0 to 65507", "56"},
    [FORM_TTL] = {parse_ttl, "a TTL from 1 to 255", "64"},
    [FORM_ENGINE] = {parse_engine, "auto, uring or epoll", "auto"},
    [FORM_SPIN] = {parse_spin, "a duration of at most 1s", "50us"},
    [FORM_FILE] = {parse_file, "the name of a file", "routes.txt"},
};

bool form_parse(enum form form, const char *text, struct config_value *value)
{
    return rows[form].parse(text, value);
}

const char *form_is(enum form form)
{
    return rows[form].is;
}

const char *form_like(enum form form)
{
    return rows[form].like;
}
