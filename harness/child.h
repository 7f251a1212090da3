// Processes under supervision: spawned (never forked from a busy process), each in a session of its own, with its output
// captured, a watchdog on its time, a cap on its resident memory and on its output, and nothing left behind when it ends.
//
// One thread runs everything here. A pool holds the running children; pool_next waits until one has ended and gives its
// result. The driver is a child subreaper: a process that a child leaves behind, also one in another session, comes to the
// driver, is killed, and is counted in the child's result. Which child it comes from is told by a mark (child.c).
#ifndef GOMEM_CHILD_H
#define GOMEM_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "util.h"

enum ending {
    ENDED_EXIT,      // by itself, with result.status
    ENDED_SIGNAL,    // killed by result.signal, not by the supervisor
    ENDED_TIMEOUT,   // killed by the watchdog
    ENDED_MEMORY,    // killed for its resident memory
    ENDED_FLOOD,     // killed for its output
    ENDED_STOPPED,   // killed because the driver itself was asked to end
    ENDED_UNSTARTED, // result.status is the errno of the spawn
};

enum stream { STREAM_OUT, STREAM_ERR, STREAM_VERDICT, STREAMS };

struct child_spec {
    char *const *argv; // argv[0] is looked up on PATH
    struct vec env;    // NAME=VALUE, over the driver's own environment
    const char *cwd;   // NULL: the driver's
    const char *token; // goes into the environment as GOMEM_TOKEN; NULL: none
    double timeout;    // seconds
    long memory_mib;   // 0: no cap
    bool verdict;      // open descriptor 3, the verdict pipe
    bool terminal;     // leave the three standard streams as they are (for a debugger)
    size_t keep;       // bytes of stdout and of stderr to keep
    void *tag;         // the caller's
};

struct child_result {
    enum ending ending;
    int status, signal;
    struct buf stream[STREAMS]; // as much as spec.keep, NULs as ?; all of the verdict pipe
    size_t total[STREAMS];      // bytes seen
    double seconds;
    long peak_mib; // highest resident size sampled
    int leftovers; // processes it left behind (killed)
    void *tag;
};

// pool_open prepares the process for supervising; once per command.
void pool_open(void);
void pool_start(const struct child_spec *spec);
int pool_running(void);
// pool_next waits for a child to end. It must not be called with none running. *stop is set when the driver itself was asked
// to end (SIGINT, SIGTERM, SIGHUP): then every child is killed and the caller should report and leave.
struct child_result pool_next(bool *stop);
// pool_run is start and next for one child on its own.
struct child_result pool_run(const struct child_spec *spec);
void child_result_free(struct child_result *r);
// ending_text says in words how a child ended: "exited with status 1", "was killed by signal 11 (Segmentation fault)".
char *ending_text(const struct child_result *r, const struct child_spec *spec);

#endif
