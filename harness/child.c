// See child.h. The loop polls the children's pipes and a signalfd; every tick it samples resident sizes and deadlines. A child
// whose process has ended is finished once its pipes are drained without waiting: a grandchild may hold them open for ever.
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    MAX_CHILDREN = 64,
    TICK_MS = 20,
    PIPE_FD_MIN = 16,        // so that no pipe end of ours collides with descriptors 0 to 3 of the child
    OUTPUT_LIMIT = 64 << 20, // of stdout and stderr together
    VERDICT_LIMIT = 1 << 20,
    CHUNK = 1 << 16,
};

// MARK is a resource limit that the kernel keeps for no purpose. Each child runs with a number of its own there, which its
// descendants inherit whatever they do to their session, environment and descriptors: so a stray's origin is known.
#define MARK RLIMIT_LOCKS

struct child {
    struct child_spec spec;
    struct child_result result;
    pid_t pid; // also its session and process group
    rlim_t mark;
    int fd[STREAMS]; // our ends, -1 when closed
    double started;
    bool ended; // the process has been reaped
};

static struct child *running[MAX_CHILDREN];
static int running_len;
static int signal_fd = -1;
static sigset_t old_mask;
static bool stopping;

static void kill_group(struct child *c)
{
    if (!c->ended && c->pid > 0)
        kill(c->spec.terminal ? c->pid : -c->pid, SIGKILL);
}

static bool is_ignored(int signal)
{
    struct sigaction old;
    return !sigaction(signal, NULL, &old) && old.sa_handler == SIG_IGN;
}

// kill_running is the last resort when the driver dies of an error of its own.
static void kill_running(void)
{
    for (int i = 0; i < running_len; i++)
        kill_group(running[i]);
}

void pool_open(void)
{
    if (signal_fd >= 0)
        return;
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    int ends[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (!is_ignored(ends[i])) // as under nohup
            sigaddset(&mask, ends[i]);
    sigprocmask(SIG_BLOCK, &mask, &old_mask);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); // inherited as ignored, it would take the children's statuses away
    signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_fd < 0)
        die(EXIT_BACKEND, "cannot watch processes (signalfd): %s", strerror(errno));
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    atexit(kill_running);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

int pool_running(void)
{
    return running_len;
}

// ---- starting ----

// open_pipe makes a pipe whose ends are close-on-exec and numbered above what the child uses.
static bool open_pipe(int ends[2])
{
    int raw[2];
    if (pipe2(raw, O_CLOEXEC))
        return false;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, PIPE_FD_MIN);
        close(raw[i]);
    }
    if (ends[0] >= 0 && ends[1] >= 0) {
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        return true;
    }
    close(ends[0]);
    close(ends[1]);
    return false;
}

static bool same_name(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");
    return !strncmp(a, b, n + 1);
}

static void set_variable(struct vec *env, char *variable)
{
    for (size_t i = 0; i < env->len; i++)
        if (same_name(env->at[i], variable)) {
            env->at[i] = variable;
            return;
        }
    vec_push(env, variable);
}

// environment is the driver's with the spec's over it, where later ones win: a name that comes twice would be read in
// different ways by different programs. GOMEM_TOKEN of an outer driver never gets through.
static struct vec environment(const struct child_spec *spec, char *token)
{
    struct vec env = {0};
    for (char **e = environ; *e; e++)
        if (!starts_with(*e, "GOMEM_TOKEN="))
            vec_push(&env, *e);
    for (size_t i = 0; i < spec->env.len; i++)
        set_variable(&env, spec->env.at[i]);
    if (token)
        set_variable(&env, token);
    vec_push(&env, NULL);
    return env;
}

static void add_actions(posix_spawn_file_actions_t *actions, const struct child_spec *spec, const int theirs[STREAMS])
{
    if (!spec->terminal) {
        posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(actions, theirs[STREAM_OUT], 1);
        posix_spawn_file_actions_adddup2(actions, theirs[STREAM_ERR], 2);
    }
    if (spec->verdict)
        posix_spawn_file_actions_adddup2(actions, theirs[STREAM_VERDICT], 3);
    posix_spawn_file_actions_addclosefrom_np(actions, spec->verdict ? 4 : 3);
    if (spec->cwd)
        posix_spawn_file_actions_addchdir_np(actions, spec->cwd);
}

static int spawn_child(struct child *c, const int theirs[STREAMS])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    add_actions(&actions, &c->spec, theirs);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attr, &defaults);
    posix_spawnattr_setsigmask(&attr, &old_mask);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (!c->spec.terminal)
        flags |= POSIX_SPAWN_SETSID;
    posix_spawnattr_setflags(&attr, flags);
    char *token = c->spec.token ? format("GOMEM_TOKEN=%s", c->spec.token) : NULL;
    struct vec env = environment(&c->spec, token);
    int error = posix_spawnp(&c->pid, c->spec.argv[0], &actions, &attr, c->spec.argv, (char **)env.at);
    free(env.at);
    free(token);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    return error;
}

// next_mark gives the driver, and so what it spawns next, a mark that no running child has.
static rlim_t next_mark(void)
{
    static rlim_t last;
    struct rlimit limit;
    if (getrlimit(MARK, &limit))
        return RLIM_INFINITY;
    last = last < limit.rlim_max && last < 1 << 30 ? last + 1 : 1;
    limit.rlim_cur = last;
    return setrlimit(MARK, &limit) ? RLIM_INFINITY : last;
}

static bool wants_stream(const struct child_spec *spec, int s)
{
    return s == STREAM_VERDICT ? spec->verdict : !spec->terminal;
}

void pool_start(const struct child_spec *spec)
{
    if (running_len == MAX_CHILDREN)
        die(EXIT_BACKEND, "more than %d processes at once", MAX_CHILDREN);
    struct child *c = xalloc(sizeof *c);
    c->spec = *spec;
    c->result.tag = spec->tag;
    c->started = now_seconds();
    int theirs[STREAMS], error = 0;
    for (int s = 0; s < STREAMS; s++) {
        int ends[2] = {-1, -1};
        if (!error && wants_stream(spec, s) && !open_pipe(ends))
            error = errno;
        c->fd[s] = ends[0];
        theirs[s] = ends[1];
    }
    if (!error) {
        c->mark = next_mark();
        error = spawn_child(c, theirs);
    }
    for (int s = 0; s < STREAMS; s++)
        if (theirs[s] >= 0)
            close(theirs[s]);
    if (error) {
        c->result.ending = ENDED_UNSTARTED;
        c->result.status = error;
        c->ended = true;
    }
    running[running_len++] = c;
}

// ---- watching ----

// end_by kills the child; the first reason stays.
static void end_by(struct child *c, enum ending reason)
{
    if (c->ended || c->result.ending != ENDED_EXIT)
        return;
    c->result.ending = reason;
    kill_group(c);
}

static void keep_bytes(struct child *c, int s, const char *data, size_t n)
{
    struct buf *b = &c->result.stream[s];
    size_t keep = s == STREAM_VERDICT ? VERDICT_LIMIT : c->spec.keep, before = b->len;
    size_t room = keep > before ? keep - before : 0;
    c->result.total[s] += n;
    buf_add(b, data, n < room ? n : room);
    for (char *nul; (nul = memchr(b->data + before, 0, b->len - before));)
        *nul = '?'; // the streams are read as text, and a NUL would hide what follows it
    size_t printed = c->result.total[STREAM_OUT] + c->result.total[STREAM_ERR];
    if (printed > OUTPUT_LIMIT || c->result.total[STREAM_VERDICT] > VERDICT_LIMIT)
        end_by(c, ENDED_FLOOD);
}

static void read_stream(struct child *c, int s)
{
    char data[CHUNK];
    for (int i = 0; i < 16; i++) { // a flood must not starve the others
        ssize_t n = read(c->fd[s], data, sizeof data);
        if (n > 0) {
            keep_bytes(c, s, data, (size_t)n);
            continue;
        }
        if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(c->fd[s]);
            c->fd[s] = -1;
        }
        return;
    }
}

static void reap(void)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (int i = 0; i < running_len; i++) {
            struct child *c = running[i];
            if (c->pid != pid || c->ended)
                continue;
            c->ended = true;
            if (WIFEXITED(status)) {
                c->result.status = WEXITSTATUS(status);
                if (c->result.ending == ENDED_STOPPED) // it was faster than the kill
                    c->result.ending = ENDED_EXIT;
            } else {
                c->result.signal = WTERMSIG(status);
                if (c->result.ending == ENDED_EXIT)
                    c->result.ending = ENDED_SIGNAL;
            }
        }
}

static void take_signals(void)
{
    struct signalfd_siginfo info;
    while (read(signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo != SIGCHLD)
            stopping = true;
    for (int i = 0; stopping && i < running_len; i++)
        end_by(running[i], ENDED_STOPPED);
}

static long resident_mib(pid_t pid)
{
    char path[40], text[128];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    long size = 0, resident = 0;
    text[n > 0 ? n : 0] = 0;
    if (sscanf(text, "%ld %ld", &size, &resident) != 2)
        return 0;
    return resident / (1048576 / sysconf(_SC_PAGESIZE));
}

static void check_bounds(void)
{
    double now = now_seconds();
    for (int i = 0; i < running_len; i++) {
        struct child *c = running[i];
        if (c->ended)
            continue;
        if (c->spec.timeout > 0 && now - c->started > c->spec.timeout)
            end_by(c, ENDED_TIMEOUT);
        if (!c->spec.memory_mib)
            continue;
        long mib = resident_mib(c->pid);
        if (mib > c->result.peak_mib)
            c->result.peak_mib = mib;
        if (mib > c->spec.memory_mib)
            end_by(c, ENDED_MEMORY);
    }
}

// ---- what a child leaves behind ----

static rlim_t mark_of(pid_t pid)
{
    struct rlimit limit;
    return prlimit(pid, MARK, NULL, &limit) ? 0 : limit.rlim_cur; // 0 is nobody's mark
}

// is_others tells whether a process is a child other than c, or comes from one. One that has ended, but is not finished yet,
// still has its strays to answer for.
static bool is_others(const struct child *c, pid_t pid, rlim_t mark)
{
    for (int i = 0; i < running_len; i++) {
        const struct child *other = running[i];
        if (other != c && ((!other->ended && other->pid == pid) || other->mark == mark))
            return true;
    }
    return false;
}

// kill_strays kills each child of the driver but those that other children answer for, and counts those that come from c.
// What they have started comes to the driver in turn, so the caller repeats until nothing is *killed.
static int kill_strays(const struct child *c, bool *killed)
{
    char *path = format("/proc/self/task/%d/children", (int)getpid());
    char *text = read_file(path, NULL);
    free(path);
    int n = 0;
    struct vec pids = text ? split(text, " \n") : (struct vec){0};
    *killed = false;
    for (size_t i = 0; i < pids.len; i++) {
        pid_t pid = (pid_t)atol(pids.at[i]);
        rlim_t mark = mark_of(pid);
        if (pid <= 0 || is_others(c, pid, mark))
            continue;
        siginfo_t info = {0};
        bool zombie = !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid == pid;
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        n += !zombie && mark == c->mark;
        *killed = true;
    }
    free(pids.at);
    free(text);
    return n;
}

static int kill_all_strays(const struct child *c)
{
    int total = 0;
    bool killed = true;
    for (int round = 0; round < 1000 && killed; round++)
        total += kill_strays(c, &killed);
    return total;
}

// clean_up_after kills what the child left and counts it. Strays go first, one by one, so that the count is exact; the group
// is killed as a whole for the sake of those that breed faster.
static int clean_up_after(const struct child *c)
{
    int total = kill_all_strays(c);
    if (c->pid > 0 && !c->spec.terminal && !kill(-c->pid, SIGKILL))
        total += kill_all_strays(c);
    return total;
}

static void finish(struct child *c)
{
    for (int s = 0; s < STREAMS; s++)
        if (c->fd[s] >= 0) {
            read_stream(c, s);
            if (c->fd[s] >= 0)
                close(c->fd[s]);
        }
    int strays = clean_up_after(c);
    bool natural = c->result.ending == ENDED_EXIT || c->result.ending == ENDED_SIGNAL;
    c->result.leftovers = natural ? strays : 0;
    c->result.seconds = now_seconds() - c->started;
}

static struct child *take_finished(void)
{
    for (int i = 0; i < running_len; i++) {
        struct child *c = running[i];
        if (!c->ended)
            continue;
        finish(c);
        running[i] = running[--running_len];
        return c;
    }
    return NULL;
}

static void wait_for_news(void)
{
    struct pollfd fds[MAX_CHILDREN * STREAMS + 1];
    struct child *owner[MAX_CHILDREN * STREAMS + 1];
    int stream[MAX_CHILDREN * STREAMS + 1];
    nfds_t n = 0;
    fds[n++] = (struct pollfd){.fd = signal_fd, .events = POLLIN};
    for (int i = 0; i < running_len; i++)
        for (int s = 0; s < STREAMS; s++)
            if (running[i]->fd[s] >= 0) {
                owner[n] = running[i];
                stream[n] = s;
                fds[n++] = (struct pollfd){.fd = running[i]->fd[s], .events = POLLIN};
            }
    poll(fds, n, TICK_MS);
    for (nfds_t i = 1; i < n; i++)
        if (fds[i].revents)
            read_stream(owner[i], stream[i]);
    take_signals();
    reap();
    check_bounds();
}

struct child_result pool_next(bool *stop)
{
    struct child *c;
    while (!(c = take_finished()))
        wait_for_news();
    struct child_result r = c->result;
    free(c);
    *stop = stopping;
    return r;
}

struct child_result pool_run(const struct child_spec *spec)
{
    bool stop = false;
    pool_open();
    pool_start(spec);
    struct child_result r = pool_next(&stop);
    if (stop)
        die(EXIT_FAILED, "interrupted");
    return r;
}

void child_result_free(struct child_result *r)
{
    for (int s = 0; s < STREAMS; s++)
        buf_free(&r->stream[s]);
}

char *ending_text(const struct child_result *r, const struct child_spec *spec)
{
    switch (r->ending) {
    case ENDED_EXIT:
        return format("exited with status %d", r->status);
    case ENDED_SIGNAL:
        return format("was killed by signal %d (%s)", r->signal, strsignal(r->signal));
    case ENDED_TIMEOUT:
        return format("did not end within %g s and was killed", spec->timeout);
    case ENDED_MEMORY:
        return format("held more than %ld MiB of memory and was killed", spec->memory_mib);
    case ENDED_FLOOD:
        if (r->total[STREAM_VERDICT] > VERDICT_LIMIT)
            return format("flooded the verdict pipe (more than %d MiB) and was killed", VERDICT_LIMIT >> 20);
        return format("flooded its output (more than %d MiB) and was killed", OUTPUT_LIMIT >> 20);
    case ENDED_STOPPED:
        return xstrdup("was killed because the driver was told to end");
    case ENDED_UNSTARTED:
        return format("cannot be started: %s", strerror(r->status));
    }
    return xstrdup("ended in an unknown way");
}
