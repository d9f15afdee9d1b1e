/* The log: one line an event on stderr, "tapir: info: lan0 in blue: the device is down".
 *
 * Read next: tap/loop.c, who has most to say. */
#ifndef TAP_LOG_H
#define TAP_LOG_H

enum log_level {
    LOG_ERROR,
    LOG_WARNING,
    LOG_INFO,
    LOG_DEBUG
};

/* Events of higher levels than `level` are not shown from now on. At first: LOG_WARNING. Once, at start. */
void log_limit(enum log_level level);

/* Writes one line. The format has no newline. */
void log_event(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
