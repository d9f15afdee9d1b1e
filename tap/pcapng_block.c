#include "tap/pcapng_block.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "tap/pcapng.h"
#include "wire/bytes.h"

uint16_t pcapng_get16(const struct pcapng_block *block, const uint8_t *at)
{
    uint16_t value = bytes_get16(at);
    return block->big_endian ? value : __builtin_bswap16(value);
}

uint32_t pcapng_get32(const struct pcapng_block *block, const uint8_t *at)
{
    uint32_t value = bytes_get32(at);
    return block->big_endian ? value : __builtin_bswap32(value);
}

uint64_t pcapng_get64(const struct pcapng_block *block, const uint8_t *at)
{
    uint64_t first = pcapng_get32(block, at), second = pcapng_get32(block, at + 4);
    return block->big_endian ? first << 32 | second : second << 32 | first;
}

bool pcapng_has_frame(uint32_t type)
{
    return type == PCAPNG_ENHANCED || type == PCAPNG_SIMPLE || type == PCAPNG_PACKET;
}

/* A frame is called by its number, which other programs show too, anything else by that of its block. */
enum pcapfile_result pcapng_bad(const struct pcapng_block *block, char error[PCAPFILE_ERROR],
                                const char *format, ...)
{
    bool frame = pcapng_has_frame(block->type);
    int n = snprintf(error, PCAPFILE_ERROR, "%s %llu: ", frame ? "frame" : "block",
                     (unsigned long long)(frame ? block->frames : block->number));
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error + n, PCAPFILE_ERROR - (size_t)n, format, arguments);
    va_end(arguments);
    return PCAPFILE_BAD;
}

/* ---- blocks -------------------------------------------------------------------------------------------- */

static bool is_read(uint32_t type)
{
    return pcapng_has_frame(type) || type == PCAPNG_SECTION || type == PCAPNG_INTERFACE;
}

static enum pcapfile_result ended(const struct pcapng_block *block, char error[PCAPFILE_ERROR])
{
    if (ferror(block->file))
        return pcapng_bad(block, error, "cannot be read: %s", strerror(errno));
    return pcapng_bad(block, error, "truncated: the file ends within it" PCAPNG_KEEP);
}

static bool take(struct pcapng_block *block, uint8_t *to, size_t size)
{
    return fread(to, 1, size, block->file) == size;
}

static bool skip(struct pcapng_block *block, uint32_t size)
{
    for (uint32_t step; size > 0; size -= step) {
        step = size < PCAPNG_BLOCK ? size : PCAPNG_BLOCK;
        if (!take(block, block->body, step))
            return false;
    }
    return true;
}

/* A section says how its numbers are to be read, its own length included: in the first word of its body. */
static enum pcapfile_result read_order(struct pcapng_block *block, char error[PCAPFILE_ERROR])
{
    if (!take(block, block->body, 4))
        return ended(block, error);
    block->big_endian = bytes_get32(block->body) == PCAPNG_ORDER;
    block->size = 4;
    if (pcapng_get32(block, block->body) != PCAPNG_ORDER)
        return pcapng_bad(block, error,
                          "a section without a byte order; this is no pcapng file, or a damaged one");
    return PCAPFILE_READ;
}

/* Reads the rest of a block of `length` octets, of which type, length and block->size of the body are read.
 */
static enum pcapfile_result read_body(struct pcapng_block *block, uint32_t length, char error[PCAPFILE_ERROR])
{
    uint8_t again[4];
    if (length < PCAPNG_FRAMING + block->size || length % 4 != 0)
        return pcapng_bad(block, error, "its length is %u, which no block can have" PCAPNG_KEEP, length);
    uint32_t left = length - PCAPNG_FRAMING - block->size;
    if (is_read(block->type) && left > PCAPNG_BLOCK - block->size)
        return pcapng_bad(block, error, "its block has %u octets; at most %d can be read" PCAPNG_KEEP, length,
                          PCAPNG_BLOCK + PCAPNG_FRAMING);
    bool whole = is_read(block->type) ? take(block, block->body + block->size, left) : skip(block, left);
    if (!whole || !take(block, again, sizeof again))
        return ended(block, error);
    block->size += left;
    if (pcapng_get32(block, again) != length)
        return pcapng_bad(block, error, "its length is %u at the beginning and %u at the end" PCAPNG_KEEP,
                          length, pcapng_get32(block, again));
    return PCAPFILE_READ;
}

/* Reads one block. END: the file ends where a block may end. */
enum pcapfile_result pcapng_next_block(struct pcapng_block *block, char error[PCAPFILE_ERROR])
{
    uint8_t head[8];
    size_t n = fread(head, 1, sizeof head, block->file);
    if (n == 0 && feof(block->file))
        return PCAPFILE_END;
    block->number++;
    block->type = block->size = 0;
    if (n < sizeof head)
        return ended(block, error);
    block->type = pcapng_get32(block, head);
    if (block->number == 1 && block->type != PCAPNG_SECTION) {
        block->type = 0;
        return pcapng_bad(block, error, "no section begins here: this is no pcapng file");
    }
    if (pcapng_has_frame(block->type))
        block->frames++;
    if (block->type == PCAPNG_SECTION && read_order(block, error) == PCAPFILE_BAD)
        return PCAPFILE_BAD;
    return read_body(block, pcapng_get32(block, head + 4), error);
}

/* ---- options ------------------------------------------------------------------------------------------- */

/* Reads the option at `*at` of the body and goes on behind it. END: there is none any more. */
enum pcapfile_result pcapng_next_option(struct pcapng_block *block, uint32_t *at,
                                        struct pcapng_option *option, char error[PCAPFILE_ERROR])
{
    uint8_t *from = block->body + *at;
    if (*at == block->size)
        return PCAPFILE_END;
    uint32_t left = block->size - *at - 4;
    *option = (struct pcapng_option){pcapng_get16(block, from), pcapng_get16(block, from + 2), from + 4};
    if (option->code == PCAPNG_OPT_END)
        return PCAPFILE_END;
    if (option->size > left)
        return pcapng_bad(block, error,
                          "its option %u has %u octets, but its block ends after %u" PCAPNG_KEEP,
                          option->code, option->size, left);
    *at += 4 + pcapng_padded(option->size);
    return PCAPFILE_READ;
}

/* Puts all comments together, a line each, where the options from `at` on stand: each of them has four octets
 * before its text, so none is overtaken by what is written. `*comment`: NULL without any. */
enum pcapfile_result pcapng_comments(struct pcapng_block *block, uint32_t at, const char **comment,
                                     char error[PCAPFILE_ERROR])
{
    char *begin = (char *)block->body + at, *end = begin;
    struct pcapng_option option;
    enum pcapfile_result result;
    while ((result = pcapng_next_option(block, &at, &option, error)) == PCAPFILE_READ) {
        if (option.code != PCAPNG_OPT_COMMENT)
            continue;
        size_t size = strnlen((char *)option.value, option.size);
        if (end != begin)
            *end++ = '\n';
        memmove(end, option.value, size);
        end += size;
        *comment = begin;
    }
    if (*comment != NULL)
        *end = '\0';
    return result;
}
