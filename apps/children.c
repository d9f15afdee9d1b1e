#include "apps/children.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* One piece of work. */
struct piece {
    pid_t pid; /* 0: not begun, or ended */
    int status;
    bool has_ended;
};

struct crowd {
    const struct children *children;
    struct piece *pieces;
    size_t begun, told;
    unsigned running;
};

static sigset_t before; /* what was blocked */

static sigset_t ends(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

void children_signals_keep(void)
{
    sigset_t set = ends();
    signal(SIGCHLD, SIG_DFL); /* one that is ignored would take the statuses away */
    signal(SIGPIPE, SIG_IGN); /* it would leave the work of the children behind */
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &before);
}

void children_signals_restore(void)
{
    sigprocmask(SIG_SETMASK, &before, NULL);
}

int children_signal_fd(void)
{
    sigset_t set = ends();
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Whatever became of SIGALRM before: who does not end in time is ended. */
static void limit(unsigned seconds)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    signal(SIGALRM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    alarm(seconds);
}

/* False: no child can be made. */
static bool begin(struct crowd *crowd)
{
    size_t index = crowd->begun;
    pid_t pid = fork();
    if (pid < 0)
        return false;
    if (pid == 0) {
        children_signals_restore();
        limit(crowd->children->limit);
        _exit(crowd->children->work(crowd->children->context, index));
    }
    crowd->pieces[index].pid = pid;
    crowd->begun++;
    crowd->running++;
    return true;
}

static void note(struct crowd *crowd, pid_t pid, int status)
{
    for (size_t i = crowd->told; i < crowd->begun; i++)
        if (crowd->pieces[i].pid == pid) {
            crowd->pieces[i] = (struct piece){.status = status, .has_ended = true};
            crowd->running--;
            return;
        }
}

static void reap(struct crowd *crowd, int options)
{
    int status;
    pid_t pid;
    while (crowd->running > 0 && (pid = waitpid(-1, &status, options)) > 0)
        note(crowd, pid, status);
}

static void tell(struct crowd *crowd)
{
    for (; crowd->told < crowd->begun && crowd->pieces[crowd->told].has_ended; crowd->told++)
        crowd->children->ended(crowd->children->context, crowd->told, crowd->pieces[crowd->told].status);
}

static void end_all(struct crowd *crowd)
{
    for (size_t i = crowd->told; i < crowd->begun; i++)
        if (crowd->pieces[i].pid > 0)
            kill(crowd->pieces[i].pid, SIGKILL);
    reap(crowd, 0);
}

/* The signal that ends the run; 0: a child has ended. */
static int await(void)
{
    sigset_t set = ends();
    sigaddset(&set, SIGCHLD);
    int signal = sigwaitinfo(&set, NULL);
    return signal == SIGCHLD || signal < 0 ? 0 : signal;
}

int children_run(const struct children *children)
{
    struct crowd crowd = {.children = children, .pieces = calloc(children->n + 1, sizeof *crowd.pieces)};
    int signal = crowd.pieces == NULL ? -1 : 0;
    while (signal == 0 && crowd.told < children->n) {
        while (signal == 0 && crowd.running < children->most && crowd.begun < children->n)
            signal = begin(&crowd) ? 0 : -1;
        if (signal == 0)
            signal = await();
        reap(&crowd, WNOHANG);
        tell(&crowd);
    }
    int error = errno;
    end_all(&crowd);
    free(crowd.pieces);
    errno = error;
    return signal;
}
