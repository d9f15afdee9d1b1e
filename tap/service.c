#include "tap/service.h"

#include <string.h>

bool service_open(struct service *service, struct tapir *stack, const struct network_service *spec)
{
    *service = (struct service){.stack = stack, .port = spec->port};
    if (spec->kind != NETWORK_ECHO)
        return true;
    service->socket = tapir_open(stack, TAPIR_UDP, &(struct tapir_socket_options){0});
    return service->socket != NULL && tapir_bind(service->socket, (struct ip4){0}, spec->port) == TAPIR_OK;
}

/* Broadcasts of every form and groups are no addresses of ours. */
static bool is_own(const struct tapir *stack, struct ip4 address)
{
    union tapir_row rows[16];
    uint64_t cursor = 0;
    size_t n;
    while ((n = tapir_list(stack, TAPIR_TABLE_ADDRESSES, &cursor, rows, 16)) > 0)
        for (size_t i = 0; i < n; i++)
            if (rows[i].address.address.address.value == address.value)
                return true;
    return false;
}

/* Ports whose services answer whatever comes: two of them would never stop. */
static bool is_reflector(uint16_t port)
{
    static const uint16_t ports[] = {0, 7, 13, 17, 19, 37, 53, 69, 123};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (ports[i] == port)
            return true;
    return false;
}

static bool may_echo(const struct service *service, const struct tapir_message *asked)
{
    return asked->error == TAPIR_OK && asked->source_port != service->port &&
           !is_reflector(asked->source_port) && is_own(service->stack, asked->destination);
}

/* Puts the answer in line. AGAIN: there is no room now. */
static enum tapir_result echo(struct service *service, const struct tapir_message *asked)
{
    struct tapir_message answer;
    enum tapir_result result = tapir_reserve(service->socket, asked->size, &answer);
    if (result != TAPIR_OK)
        return result;
    if (asked->size > 0)
        memcpy(answer.data, asked->data, asked->size);
    answer.source = asked->destination;
    answer.destination = asked->source;
    answer.destination_port = asked->source_port;
    return tapir_commit(service->socket, &answer);
}

void service_serve(struct service *service)
{
    struct tapir_message asked;
    service->blocked = false;
    while (tapir_peek(service->socket, &asked) == TAPIR_OK) {
        enum tapir_result result = may_echo(service, &asked) ? echo(service, &asked) : TAPIR_INVALID;
        if (result == TAPIR_AGAIN) {
            service->blocked = true;
            return;
        }
        if (result == TAPIR_OK)
            service->answered++;
        else
            service->ignored++;
        tapir_consume(service->socket);
    }
}
