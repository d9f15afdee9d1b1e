/* Batches by chance: several flows, gaps, wrong checksums, fragments and whatever else, merged or not; what leaves must be what a router
 * without offloads sends, octet by octet and in the same order within a flow (merged.h). */
#include "tests/dice.h"
#include "tests/world/merged.h"

enum {
    FLOWS = 6,
    SEEDS = 300
};

struct chance {
    struct dice dice;
    struct super flows[FLOWS];
    size_t n;
    bool stands[FLOWS]; /* its identification */
    uint32_t rarely;    /* once in so many times something is another */
};

static void make_flow(struct chance *chance, size_t i)
{
    static const unsigned segments[] = {1, 7, 536, 1000, 1448, 1460, 8000};
    struct dice *dice = &chance->dice;
    struct super *flow = &chance->flows[i];
    *flow = (struct super){
        .protocol = dice_once_in(dice, 2) ? 6 : 17,
        .ports = {5000 + dice_below(dice, 3), 9},
        .segment = DICE_PICK(dice, segments),
        .id = 1 + dice_below(dice, 65535),
        .fragment = dice_once_in(dice, 2) ? IS_DF : 0,
        .tos = dice_below(dice, 4),
        .sequence = (uint32_t)dice_next(dice),
        .flags = dice_once_in(dice, 6) ? 0x40 : 0,
    };
    if (flow->protocol == 6 && dice_once_in(dice, 2)) {
        flow->tcp_options = "\x01\x01\x08\x0a"
                            "12345678";
        flow->tcp_options_size = 12;
    }
    chance->stands[i] = dice_once_in(dice, 4);
}

static void mend_header(uint8_t *datagram)
{
    dissect_put16(datagram + 10, 0);
    dissect_put16(datagram + 10, dissect_sum(datagram, 20, 0));
}

/* A bit of an octet is another one, and the checksums with it or not. */
static void spoil(struct dice *dice, uint8_t *datagram, size_t size)
{
    static const uint8_t octets[] = {1,  4,  5,  6,  7,  20, 21, 22, 23, 24, 25, 26, 27,
                                     28, 31, 32, 33, 33, 33, 33, 35, 38, 39, 41, 45};
    size_t at = DICE_PICK(dice, octets);
    if (at >= size)
        return;
    datagram[at] ^= (uint8_t)(1U << dice_below(dice, 8));
    if (dice_once_in(dice, 4))
        mend_header(datagram);
    else
        super_mend(datagram, size);
}

/* No checksum; or no TCP and UDP at all; or a checksum that is left to us, or that the device has looked at. */
static void turn(struct dice *dice, struct arrival *arrival)
{
    uint8_t *datagram = batch_datagram(arrival);
    size_t size = arrival->size - ETHER, sum = datagram[9] == 6 ? 16 : 6;
    bool is_whole = 20 + sum + 2 <= size && (dissect_get(datagram + 6, 2) & 0x3fff) == 0;
    uint32_t kind = dice_below(dice, 24);
    if (dice_once_in(dice, 30)) { /* a fragment */
        dissect_put16(datagram + 6, dice_once_in(dice, 2) ? IS_MF : dice_below(dice, 0x1000));
        mend_header(datagram);
        return;
    }
    if (kind == 0 && datagram[9] == 17) {
        dissect_put16(datagram + 26, 0);
    } else if (kind == 1) {
        datagram[9] = 1;
        mend_header(datagram);
    } else if (kind < 6 && is_whole) {
        arrival->offload = (struct tapir_offload){.partial = true, .start = 34, .offset = (uint16_t)sum};
        dissect_put16(datagram + 20 + sum, super_pseudo(datagram, size));
    }
}

static void one_more(struct chance *chance)
{
    struct dice *dice = &chance->dice;
    uint32_t which = dice_below(dice, (uint32_t)chance->n), rarely = chance->rarely;
    struct super *flow = &chance->flows[which], single = *flow;
    if (dice_once_in(dice, 40)) {
        single.data = single.segment * (1 + dice_below(dice, 4)) + 1;
        single.data = single.data > 13000 ? 13000 : single.data;
        batch_add_whole(&single);
        flow->sequence += (uint32_t)single.data;
        flow->id += (uint32_t)super_count(&single);
        return;
    }
    single.data = dice_once_in(dice, rarely) ? dice_below(dice, (uint32_t)flow->segment + 1) : flow->segment;
    single.segment = 0;
    single.flags |= dice_once_in(dice, rarely) ? PSH : 0;
    single.sums_to_zero = single.data >= 2 && dice_once_in(dice, 40);
    struct arrival *arrival = batch_add(&single, 0);
    if (dice_once_in(dice, rarely))
        spoil(dice, batch_datagram(arrival), arrival->size - ETHER);
    turn(dice, arrival);
    flow->sequence += (uint32_t)single.data + (dice_once_in(dice, rarely) ? dice_below(dice, 3) : 0);
    flow->id += (chance->stands[which] ? 0U : 1U) + (dice_once_in(dice, rarely) ? 1U : 0U);
}

static void make_batch(struct chance *chance)
{
    struct dice *dice = &chance->dice;
    chance->n = 1 + dice_below(dice, FLOWS);
    chance->rarely = dice_once_in(dice, 2) ? 60 : 8;
    for (size_t i = 0; i < chance->n; i++)
        make_flow(chance, i);
    batch_begin();
    for (size_t n = 2 + dice_below(dice, BATCH_MAX - 2); n > 0; n--)
        one_more(chance);
}

static void random_batches_leave_as_they_would_without_offloads(void **state)
{
    (void)state;
    static const char *exits[] = {"mtu b 14000; " TAKES_ALL, "mtu b 14000; takes b checksum tcp",
                                  "mtu b 14000; takes b checksum udp", "mtu b 14000; deaf; " TAKES_ALL};
    uint64_t merged = 0, frames = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct chance chance = {.dice = dice_of(seed)};
        make_batch(&chance);
        const char *given = exits[dice_once_in(&chance.dice, 2) ? 0 : dice_below(&chance.dice, 4)];
        struct router *with = try_batch(given);
        merged += count_of(with->bench, TAPIR_IP4_COALESCED, TAPIR_RECEIVED);
        frames += batch_size();
        close_router(with);
    }
    print_message("%llu of %llu frames were merged\n", (unsigned long long)merged,
                  (unsigned long long)frames);
    assert_true(merged > frames / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_batches_leave_as_they_would_without_offloads),
    };
    return cmocka_run_group_tests_name("coalesce by chance", tests, NULL, NULL);
}
