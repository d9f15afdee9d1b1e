/* From sections to the network: one function for each kind of section. All tell the fault and return false on
 * one. */
#ifndef APPS_CONFIG_BUILD_H
#define APPS_CONFIG_BUILD_H

#include "apps/config_grammar.h"

/* Reads an interface section into the interface, all but its operations. */
bool interface_read(struct reading *reading, cfg_t *section, struct network_interface *interface);

/* Gives every interface without a MAC one that follows from its names: the same in each run, unlike all
 * others of the network. */
void network_name_macs(struct network *network);

/* Appends the operations of node `section`, in the order that tapir_apply wants: interfaces, settings of the
 * node, settings of interfaces, addresses (and which of them are advertised), neighbors, routes.
 * Routes come last: to check one, only what stands before them is looked through. */
bool node_operate(struct reading *reading, cfg_t *section, struct network_node *node);

/* Its last parts: routes by section, then those of the files of `routes`. */
bool addresses_operate(struct reading *reading, cfg_t *section, unsigned iface, struct network_node *node);
bool neighbors_operate(struct reading *reading, cfg_t *section, struct network_node *node);
bool routes_operate(struct reading *reading, cfg_t *section, struct network_node *node);
bool tables_operate(struct reading *reading, cfg_t *section, struct network_node *node);

/* Reads the services of a node section. */
bool services_read(struct reading *reading, cfg_t *section, struct network_node *node);

/* Reads a link section. */
void link_read(cfg_t *section, struct network_link *link);

/* What no section sees alone: links that are not there or lead nowhere, a TAP device that two interfaces
 * want. */
bool network_check(struct reading *reading, cfg_t *root);

/* Reads the events of the network. After the nodes. */
bool events_read(struct reading *reading, cfg_t *root);

/* Reads the traffic of the network. After the nodes' operations. */
bool traffic_read(struct reading *reading, cfg_t *root);

/* The place of the node that the value names. */
bool node_find(struct reading *reading, const struct config_value *name, size_t *place);

/* One more operation at the end of the node's list. */
struct tapir_op *node_op(struct network_node *node, enum tapir_op_kind kind, unsigned iface);

/* May the node's routes lead to `via`, which stands on that line? */
bool next_hop_check(struct reading *reading, int line, struct ip4 via, const struct network_node *node);

/* Reads the title of a route as a network, or `default`. */
bool route_prefix_read(struct reading *reading, int line, const char *title, struct ip4_prefix *prefix);

/* The address operation of the node whose network holds `address`, from `*from` on; NULL: none. */
const struct tapir_op *node_network(const struct network_node *node, struct ip4 address);

/* Why no host may have this address in this network, or NULL when one may. */
const char *address_trouble(struct ip4_prefix prefix);

#endif
