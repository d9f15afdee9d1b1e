/* Record route, source routes and timestamps in their options, octet by octet. Who acts on them: tests/world/test_options*.c. */
#include "tests/stack/wire/exact.h"
#include "wire/ip4.h"
#include "wire/ip4_opt_route.h"
#include "wire/ip4_opt_stamp.h"

enum {
    AT = 24 /* of the option in the header, behind four NOPs */
};

#define BEFORE "45 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 01 01 01 "

/* A header that ends with the option. */
static struct exact header_of(const char *option, struct ip4_opt *opt)
{
    char text[300] = BEFORE;
    struct exact header = exact_hex(strcat(text, option));
    *opt = (struct ip4_opt){.type = header.data[AT], .at = AT, .length = header.data[AT + 1]};
    return header;
}

/* ---- routes ---- */

#define ONE "11 12 13 14 "
#define TWO "21 22 23 24 "

static const struct route {
    const char *sentence;
    const char *option;
    bool has_slots;
    unsigned fault;         /* octet of the option; 0: it is sound */
    uint32_t next, pointer; /* the address that it names, and the pointer behind it; 0: it is done */
} routes[] = {
    {"a source route names its first address", "83 0b 04 " ONE TWO, true, 0, 0x11121314, 8},
    {"a source route names its second address", "83 0b 08 " ONE TWO, true, 0, 0x21222324, 12},
    {"a source route whose pointer is beyond is done", "83 0b 0c " ONE TWO, true, 0, 0, 0},
    {"the largest pointer is beyond", "83 0b fc " ONE TWO, true, 0, 0, 0},
    {"a source route without an address is done", "83 03 04", true, 0, 0, 0},
    {"a source route points before its addresses", "83 0b 03 " ONE TWO, true, 2, 0, 0},
    {"a source route points at nothing", "83 0b 00 " ONE TWO, true, 2, 0, 0},
    {"a source route points into an address", "83 0b 05 " ONE TWO, true, 2, 0, 0},
    {"a source route of no whole addresses", "83 0a 04 " ONE "21 22 23", true, 1, 0, 0},
    {"a source route without a pointer", "83 02", true, 1, 0, 0},
    {"a record route of no whole slots has room for one", "07 0a 04 " ONE "21 22 23", false, 0, 0x11121314,
     8},
    {"a record route may begin anywhere", "07 0a 07 11 12 13 " TWO, false, 0, 0x21222324, 11},
    {"a record route whose room is too small by an octet", "07 0a 08 " ONE "21 22 23", false, 2, 0, 0},
    {"a record route that points behind its end is done", "07 0a 0b " ONE "21 22 23", false, 0, 0, 0},
    {"a record route with room for an octet", "07 0a 0a " ONE "21 22 23", false, 2, 0, 0},
    {"a record route that points before its slots", "07 0b 03 " ONE TWO, false, 2, 0, 0},
    {"a record route without a pointer", "07 02", false, 1, 0, 0},
};

static void check_route(void **state)
{
    const struct route *row = *state;
    struct ip4_opt opt;
    struct exact header = header_of(row->option, &opt), before = exact_copy(header.data, header.size);
    struct ip4_opt_route route;
    uint8_t fault = 0;
    enum tapir_verdict verdict = ip4_opt_route_parse(header.data, &opt, row->has_slots, &route, &fault);
    assert_int_equal(verdict, row->fault == 0 ? TAPIR_UNSETTLED : TAPIR_IP4_OPTION_ROUTE);
    if (row->fault != 0)
        assert_int_equal(fault, AT + row->fault);
    if (row->fault == 0)
        assert_int_equal(ip4_opt_route_is_done(&route), row->next == 0);
    if (row->next != 0) {
        size_t place = AT + route.pointer - 1U;
        assert_int_equal(ip4_opt_route_next(header.data, &route).value, row->next);
        ip4_opt_route_record(header.data, &route, (struct ip4){0xa0b0c0d0});
        assert_int_equal(route.pointer, row->pointer);
        memcpy(before.data + place, "\xa0\xb0\xc0\xd0", 4);
        before.data[AT + 2] = (uint8_t)row->pointer;
    }
    assert_memory_equal(header.data, before.data, header.size);
    exact_free(before);
    exact_free(header);
}

/* ---- stamps ---- */

static const struct stamp {
    const char *sentence;
    const char *option;
    unsigned fault;    /* octet of the option; 0: it is sound */
    const char *after; /* one more stamp, 0xa1a2a3a4 of 0xb1b2b3b4 */
} stamps[] = {
    {"a stamp alone", "44 0c 05 00 00 00 00 00 00 00 00 00", 0, "44 0c 09 00 a1 a2 a3 a4 00 00 00 00"},
    {"the second stamp", "44 0c 09 00 11 12 13 14 00 00 00 00", 0, "44 0c 0d 00 11 12 13 14 a1 a2 a3 a4"},
    {"a stamp with its address", "44 0c 05 01 00 00 00 00 00 00 00 00", 0,
     "44 0c 0d 01 b1 b2 b3 b4 a1 a2 a3 a4"},
    {"the second stamp with its address", "44 14 0d 01 11 12 13 14 15 16 17 18 00 00 00 00 00 00 00 00", 0,
     "44 14 15 01 11 12 13 14 15 16 17 18 b1 b2 b3 b4 a1 a2 a3 a4"},
    {"a stamp for the address that is given", "44 0c 05 03 b1 b2 b3 b4 00 00 00 00", 0,
     "44 0c 0d 03 b1 b2 b3 b4 a1 a2 a3 a4"},
    {"an overflow stays while there is room", "44 08 05 70 00 00 00 00", 0, "44 08 09 70 a1 a2 a3 a4"},
    {"without room the overflow counts up", "44 08 09 00 11 12 13 14", 0, "44 08 09 10 11 12 13 14"},
    {"without room the overflow counts up to 15", "44 0c 0d e1 11 12 13 14 15 16 17 18", 0,
     "44 0c 0d f1 11 12 13 14 15 16 17 18"},
    {"without any entry it is full", "44 04 05 00", 0, "44 04 05 10"},
    {"no overflow beyond 15", "44 08 09 f0 11 12 13 14", 3, NULL},
    {"an overflow of 15 with room", "44 08 05 f0 00 00 00 00", 0, "44 08 09 f0 a1 a2 a3 a4"},
    {"a full one with given addresses, whatever its overflow", "44 0c 0d f3 11 12 13 14 15 16 17 18", 0,
     NULL},
    {"flag 2 is none", "44 0c 05 02 00 00 00 00 00 00 00 00", 3, NULL},
    {"flag 4 is none", "44 0c 05 04 00 00 00 00 00 00 00 00", 3, NULL},
    {"flag 15 is none", "44 0c 05 0f 00 00 00 00 00 00 00 00", 3, NULL},
    {"a pointer before the first entry", "44 0c 04 00 00 00 00 00 00 00 00 00", 2, NULL},
    {"a pointer of 1", "44 0c 01 00 00 00 00 00 00 00 00 00", 2, NULL},
    {"a pointer into an entry", "44 0c 06 00 00 00 00 00 00 00 00 00", 2, NULL},
    {"a pointer at the stamp of an address", "44 0c 09 01 00 00 00 00 00 00 00 00", 2, NULL},
    {"room for an octet", "44 09 09 00 11 12 13 14 00", 2, NULL},
    {"room for less than a stamp", "44 0b 09 00 11 12 13 14 00 00 00", 2, NULL},
    {"room for less than an address and a stamp", "44 0b 05 01 00 00 00 00 00 00 00", 2, NULL},
    {"a length of 3", "44 03 05", 1, NULL},
};

static void check_stamp(void **state)
{
    const struct stamp *row = *state;
    struct ip4_opt opt;
    struct exact header = header_of(row->option, &opt);
    struct ip4_opt_stamp stamp;
    uint8_t fault = 0;
    enum tapir_verdict verdict = ip4_opt_stamp_parse(header.data, &opt, &stamp, &fault);
    assert_int_equal(verdict, row->fault == 0 ? TAPIR_UNSETTLED : TAPIR_IP4_OPTION_STAMP);
    if (row->fault != 0)
        assert_int_equal(fault, AT + row->fault);
    if (row->after != NULL) {
        if (stamp.flag == IP4_STAMP_GIVEN)
            assert_int_equal(ip4_opt_stamp_next(header.data, &stamp).value, 0xb1b2b3b4);
        ip4_opt_stamp_record(header.data, &stamp, (struct ip4){0xb1b2b3b4}, 0xa1a2a3a4);
        exact_assert(header.data + AT, header.size - AT, row->after);
        assert_int_equal(stamp.pointer, header.data[AT + 2]);
        assert_int_equal(stamp.overflow, header.data[AT + 3] >> 4);
    }
    exact_free(header);
}

int main(void)
{
    return RUN_TABLE("routes", routes, check_route) + RUN_TABLE("stamps", stamps, check_stamp);
}
