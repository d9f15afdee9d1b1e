#include "tap/fields_put.h"

#include <stdio.h>
#include <string.h>

#include "tap/text.h"
#include "wire/addr.h"

enum {
    BYTES_SHOWN = 16 /* octets in the text of a field of octets */
};

size_t layer_size(const struct layer *layer)
{
    return layer->end - layer->at;
}

const uint8_t *layer_data(const struct layer *layer)
{
    return layer->frame + layer->at;
}

struct layer layer_inside(const struct layer *layer, const char *name, size_t at)
{
    struct layer inner = *layer;
    inner.name = name;
    inner.at += at;
    return inner;
}

uint32_t fields_number(const uint8_t *data, const struct field_row *row)
{
    uint32_t value = row->size == 4 ? bytes_get32(data) : row->size == 2 ? bytes_get16(data) : data[0];
    if (row->mask == 0)
        return value;
    return (value & row->mask) / (row->mask & -row->mask);
}

const char *fields_word(const struct field_word *words, uint32_t value)
{
    for (; words != NULL && words->text != NULL; words++)
        if (words->value == value)
            return words->text;
    return NULL;
}

/* ---- values as text ------------------------------------------------------------------------------------ */

static void print_bytes(char text[FIELD_TEXT], const uint8_t *data, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < size && i < BYTES_SHOWN; i++)
        at += (size_t)snprintf(text + at, FIELD_TEXT - at, i == 0 ? "%02x" : " %02x", data[i]);
    if (size > BYTES_SHOWN)
        snprintf(text + at, FIELD_TEXT - at, " .. (%zu octets)", size);
}

static void print_number(char text[FIELD_TEXT], const uint8_t *data, const struct field_row *row)
{
    uint32_t value = fields_number(data, row);
    const char *word = fields_word(row->words, value);
    char digits[16];
    if (row->form == FIELD_FLAG) {
        snprintf(text, FIELD_TEXT, "%s", value != 0 ? "set" : "not set");
        return;
    }
    if (row->form == FIELD_HEX)
        snprintf(digits, sizeof digits, "0x%0*x", row->size * 2, value);
    else if (row->form == FIELD_SIGNED)
        snprintf(digits, sizeof digits, "%d", (int)value);
    else
        snprintf(digits, sizeof digits, "%u", row->unit > 1 ? value * row->unit : value);
    snprintf(text, FIELD_TEXT, word == NULL ? "%s%s" : "%s (%s)", word == NULL ? "" : word, digits);
}

static void print_value(char text[FIELD_TEXT], const uint8_t *data, const struct field_row *row)
{
    switch (row->form) {
    case FIELD_IP4:
        text_ip4(text, FIELD_TEXT, ip4_get(data));
        return;
    case FIELD_MAC:
        text_mac(text, FIELD_TEXT, mac_get(data));
        return;
    case FIELD_BYTES:
        print_bytes(text, data, row->size);
        return;
    case FIELD_DECIMAL:
    case FIELD_SIGNED:
    case FIELD_HEX:
    case FIELD_FLAG:
        print_number(text, data, row);
        return;
    }
}

/* ---- putting ------------------------------------------------------------------------------------------- */

/* A field with its name and place, but no text yet; NULL: no room, and the last field grew by it. */
static struct field *put(const struct layer *layer, const char *name, size_t at, size_t size)
{
    struct fields *fields = layer->fields;
    size_t from = layer->at + at;
    if (fields->n == FIELDS_MAX) {
        struct field *last = &fields->list[FIELDS_MAX - 1];
        last->size = (uint32_t)(from + size > last->at + last->size ? from + size - last->at : last->size);
        last->is_bytes = true;
        return NULL;
    }
    struct field *field = &fields->list[fields->n++];
    *field = (struct field){.at = (uint32_t)from, .size = (uint32_t)size};
    field->layer =
        (uint8_t)snprintf(field->name, FIELD_NAME, "%s%s", layer->is_quoted ? "quoted " : "", layer->name);
    snprintf(field->name + field->layer, FIELD_NAME - field->layer, " %s", name);
    return field;
}

void fields_put_named(const struct layer *layer, const struct field_row *row, size_t base, const char *name)
{
    struct field *field = put(layer, name, base + row->at, row->size);
    if (field == NULL)
        return;
    field->is_bytes = row->form == FIELD_BYTES;
    print_value(field->text, layer_data(layer) + base + row->at, row);
}

void fields_put_rest(const struct layer *layer, const char *name, size_t at)
{
    if (at >= layer_size(layer))
        return;
    size_t size = layer_size(layer) - at;
    struct field *field = put(layer, name, at, size);
    if (field == NULL)
        return;
    field->is_bytes = true;
    print_bytes(field->text, layer_data(layer) + at, size);
}

bool fields_put(const struct layer *layer, const struct field_row rows[], size_t n)
{
    size_t done = 0;
    for (size_t i = 0; i < n; i++) {
        size_t end = (size_t)rows[i].at + rows[i].size;
        if (end > layer_size(layer)) {
            fields_put_rest(layer, "rest", done);
            return false;
        }
        fields_put_named(layer, &rows[i], 0, rows[i].name);
        done = end > done ? end : done;
    }
    return true;
}

void fields_note(const struct layer *layer, const char *name, const char *note)
{
    for (size_t i = layer->fields->n; i-- > 0;) {
        struct field *field = &layer->fields->list[i];
        if (field->at < layer->at || strcmp(field->name + field->layer + 1, name) != 0)
            continue;
        size_t length = strlen(field->text);
        snprintf(field->text + length, FIELD_TEXT - length, " (%s)", note);
        return;
    }
}
