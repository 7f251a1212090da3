// gomem-bench: Google Benchmark drives benchmarks of programs that serve them (compiler/lib/testing/serve.go).
//
//     gomem-bench [--benchmark_OPTION...] ROW[=OPS]... -- COMMAND...
//
// A ROW is Name, Name/Sub, or either with /procs:N behind it; OPS is how many a run is (default: as many as it takes to measure). For
// each row COMMAND is run, with the name behind its words, and GOMAXPROCS=N; it stays until its row is measured. A row is measured in
// batches: the program is told on its stdin how many ops to run, and answers on its descriptor 3 with the time that they took, what
// they allocated, and numbers of their own. The exit status is 1 when a row has no result.
//
// It is apart from the driver, which needs no more than libc, and is built by `make bench`.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim.h"

extern char **environ;

enum { STATUS_FAILED = 1, STATUS_USAGE = 2, ANSWERS = 3 };

// A row and, while it is measured, its program.
struct row {
    char *name, *benchmark, *procs;
    int64_t ops;
    char **command; // of all rows
    int words;      // in command
    pid_t pid;
    int requests;
    FILE *answers;
};

static struct row *serving; // the one whose program runs

static void __attribute__((noreturn, format(printf, 2, 3))) die(int status, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("gomem-bench: ", stderr);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(status);
}

static void __attribute__((format(printf, 2, 3))) fail(struct shim_result *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(r->error, sizeof r->error, fmt, ap);
    va_end(ap);
}

// ---- the program ----

static void stop(struct row *row)
{
    if (!row)
        return;
    close(row->requests);
    fclose(row->answers);
    while (waitpid(row->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    serving = NULL;
}

static pid_t spawn(const struct row *row, int in, int out)
{
    char **argv = calloc((size_t)row->words + 2, sizeof *argv);
    posix_spawn_file_actions_t actions;
    if (!argv || posix_spawn_file_actions_init(&actions))
        die(STATUS_FAILED, "out of memory");
    memcpy(argv, row->command, (size_t)row->words * sizeof *argv);
    argv[row->words] = row->benchmark;
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, 2, 1);
    posix_spawn_file_actions_adddup2(&actions, out, ANSWERS);
    if (row->procs)
        setenv("GOMAXPROCS", row->procs, 1);
    pid_t pid;
    int error = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    if (row->procs)
        unsetenv("GOMAXPROCS");
    if (error)
        die(STATUS_FAILED, "cannot run %s: %s", argv[0], strerror(error));
    posix_spawn_file_actions_destroy(&actions);
    free(argv);
    return pid;
}

static void start(struct row *row)
{
    int in[2], out[2];
    stop(serving);
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        die(STATUS_FAILED, "cannot make a pipe: %s", strerror(errno));
    // dup2 of a descriptor to itself would leave it to be closed.
    int answers = out[1] == ANSWERS ? fcntl(out[1], F_DUPFD_CLOEXEC, ANSWERS + 1) : out[1];
    row->pid = spawn(row, in[0], answers);
    close(in[0]);
    close(out[1]);
    if (answers != out[1])
        close(answers);
    row->requests = in[1];
    row->answers = fdopen(out[0], "r");
    if (!row->answers)
        die(STATUS_FAILED, "out of memory");
    serving = row;
}

// ---- requests and answers ----

static void add_counter(struct shim_result *r, const char *unit, double value)
{
    if (r->counters == SHIM_COUNTERS)
        return;
    struct shim_counter *c = &r->counter[r->counters++];
    snprintf(c->unit, sizeof c->unit, "%s", unit);
    c->value = value;
}

// take reads one line of an answer; true when it was the last one.
static bool take(char *line, int64_t n, struct shim_result *r)
{
    char unit[sizeof r->counter->unit];
    double value, ns, mallocs, bytes;
    line[strcspn(line, "\n")] = 0;
    if (sscanf(line, "metric %lf %47s", &value, unit) == 2) {
        add_counter(r, unit, value);
        return false;
    }
    if (sscanf(line, "ran %lf %lf %lf", &ns, &mallocs, &bytes) == 3) {
        r->ns = ns;
        add_counter(r, "allocs/op", mallocs / (double)n);
        add_counter(r, "B/op", bytes / (double)n);
    } else {
        fail(r, "%s", strncmp(line, "failed ", 7) ? line : line + 7);
    }
    return true;
}

static void ended(struct row *row, struct shim_result *r)
{
    int status = 0;
    while (waitpid(row->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status))
        fail(r, "the program was killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        fail(r, "the program ended with status %d before it answered", WEXITSTATUS(status));
    close(row->requests);
    fclose(row->answers);
    serving = NULL;
}

static void run(void *context, int64_t n, struct shim_result *r)
{
    struct row *row = context;
    char line[1024];
    if (serving != row)
        start(row);
    int len = snprintf(line, sizeof line, "run %lld\n", (long long)n);
    ssize_t asked = write(row->requests, line, (size_t)len);
    (void)asked; // a program that has ended may have said why
    while (fgets(line, sizeof line, row->answers))
        if (take(line, n, r))
            return;
    ended(row, r);
}

// ---- the command line ----

// parse_row takes a row's words apart: NAME[/procs:N][=OPS].
static void parse_row(struct row *row, const char *word)
{
    char *end, *name = strdup(word), *equals = name ? strchr(name, '=') : NULL;
    if (!name)
        die(STATUS_FAILED, "out of memory");
    if (equals) {
        *equals = 0;
        row->ops = strtoll(equals + 1, &end, 10);
        if (*end || row->ops < 1)
            die(STATUS_USAGE, "the ops of %s are a number from 1 on, not '%s'", name, equals + 1);
    }
    row->name = name;
    row->benchmark = strdup(name);
    char *procs = row->benchmark ? strstr(row->benchmark, "/procs:") : NULL;
    if (procs) {
        *procs = 0;
        row->procs = procs + strlen("/procs:");
    }
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    // descriptor ANSWERS is read: the runner may say there what the runtime lacks
    setenv("GOMEM_TOKEN", "gomem-bench", 1);
    shim_options(&argc, argv);
    int dashes = 1;
    while (dashes < argc && strcmp(argv[dashes], "--"))
        dashes++;
    if (dashes == 1 || dashes >= argc - 1)
        die(STATUS_USAGE, "usage: gomem-bench [--benchmark_OPTION...] ROW[=OPS]... -- COMMAND...");
    struct row *rows = calloc((size_t)dashes, sizeof *rows);
    if (!rows)
        die(STATUS_FAILED, "out of memory");
    for (int i = 1; i < dashes; i++) {
        struct row *row = &rows[i - 1];
        if (argv[i][0] == '-')
            die(STATUS_USAGE, "unknown option %s", argv[i]);
        parse_row(row, argv[i]);
        row->command = argv + dashes + 1;
        row->words = argc - dashes - 1;
        shim_add(row->name, row->ops, run, row);
    }
    bool good = shim_measure();
    stop(serving);
    return good ? 0 : STATUS_FAILED;
}
