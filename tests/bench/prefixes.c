#include "tests/bench/prefixes.h"

struct ip4 prefixes_address(struct dice *dice)
{
    for (;;) {
        uint32_t value = (uint32_t)(dice_next(dice) >> 32);
        if (value >> 24 >= 1 && value >> 24 < 224)
            return (struct ip4){value};
    }
}

/* Per mille of each length, about as in a public table of 2024. */
static uint8_t random_length(struct dice *dice)
{
    static const struct {
        uint8_t length;
        uint16_t permille;
    } shares[] = {{24, 600}, {22, 115}, {23, 100}, {21, 50}, {20, 45}, {19, 26}, {16, 14}, {18, 14},
                  {17, 8},   {14, 2},   {15, 2},   {13, 1},  {12, 1},  {32, 8},  {29, 7},  {28, 7}};
    unsigned at = dice_below(dice, 1000);
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        if (at < shares[i].permille)
            return shares[i].length;
        at -= shares[i].permille;
    }
    return 24;
}

static struct ip4_prefix prefix_at(struct ip4 address, uint8_t length)
{
    struct ip4_prefix prefix = {address, length};
    prefix.address = ip4_network(prefix);
    return prefix;
}

struct ip4_prefix prefixes_scattered(struct dice *dice)
{
    struct ip4 address = prefixes_address(dice);
    return prefix_at(address, random_length(dice));
}

struct ip4_prefix prefixes_clustered(struct dice *dice)
{
    uint64_t r = dice_next(dice);
    uint64_t block = (r & 0xffff) * (r >> 16 & 0xffff) * 40000 >> 32;
    uint32_t base = (uint32_t)(0x01000000 + (block * UINT64_C(0x9e3779b1) % 0xdf00) * 0x10000);
    return prefix_at((struct ip4){base | (uint32_t)(r >> 48)}, random_length(dice));
}

struct ip4 prefixes_inside(struct dice *dice, struct ip4_prefix prefix)
{
    uint32_t host = (uint32_t)(dice_next(dice) >> 32) & ~ip4_mask(prefix.length).value;
    return (struct ip4){prefix.address.value | host};
}
