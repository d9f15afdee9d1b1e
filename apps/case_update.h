/* `tapir test --update`: expectations replaced by what came out, after asking. */
#ifndef APPS_CASE_UPDATE_H
#define APPS_CASE_UPDATE_H

enum update_result {
    UPDATE_NOTHING, /* there is nothing to be replaced */
    UPDATE_DONE,
    UPDATE_DECLINED,
    UPDATE_FAILED,     /* one line on stderr has said why */
    UPDATE_INTERRUPTED /* by a signal */
};

/* Replaces the files of case `folder` by those in `work`/new (see apps/case_run.h), each at one stroke, and says so. Asks
 * before unless `yes`; `signals`: a descriptor that can be read when the question shall end. */
enum update_result case_update(const char *folder, const char *work, int yes, int signals);

#endif
