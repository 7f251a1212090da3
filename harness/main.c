// gomem: the driver. This file finds the command and gomem's own files; the commands are in cmd_*.c.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"

const char *gomem_program = "gomem";

static const struct command commands[] = {
    {"check", "", "run the cases on a backend and report rule by rule",
     "Builds the cases with a backend, runs each in a process of its own and prints TAP that prove accepts. Exit "
     "status: 0 the "
     "backend conforms, 1 something failed or nothing ran, 2 wrong usage, 3 the backend could not be loaded or built.",
     " backend rule exclude strength tier jobs seed repeat timeout build-timeout fail-fast expect format shard output "
     "trace-calls debug ",
     cmd_check},
    {"bench", "", "measure the benchmarks on a backend, also beside another one",
     "Measures the benchmarks of cases/bench and prints medians over the rounds. Each row of each round runs in a "
     "process of its own; with --vs the two backends take turns, and the table has the ratio. A line is noisy, and its "
     "ratio not to be believed, when its runs scatter by more than a tenth. Exit status: 0 every row has a result (or "
     "was skipped by name), 1 a row has none, 2 wrong usage, 3 a backend could not be loaded or built.",
     " bench:backend vs filter repetitions quick build-timeout bench:format bench:output ", cmd_bench},
    {"list", "[PATTERN...]", "list the rules",
     "Lists the rules of the catalogue: id, strength, marks, number of cases and faults, claim. A PATTERN is a rule's "
     "id or a case's "
     "name; * stands for anything.",
     " gaps cases ", cmd_list},
    {"explain", "RULE...", "say all that is known of a rule",
     "Prints a rule's claim, strength, releases and sources, and the cases that prove it.", " ", cmd_explain},
    {"matrix", "[BACKEND...]", "check every backend found, side by side",
     "Checks each BACKEND, else every one found: Go toolchains on PATH and in /usr/lib/go-1.*, toolchains that "
     "backends/ describes, gomem's own "
     "runtimes. Prints a table of what held of what ran. The results stay in build/matrix/, one file of JSON lines "
     "each. Exit status 0 when "
     "all conform.",
     " rule exclude strength tier jobs seed repeat timeout build-timeout by ", cmd_matrix},
    {"merge", "FILE...", "join the results of shards into one check",
     "Reads results (gomem check --shard I/N --format json), each FILE that of one shard, and reports and grades them "
     "as one check.",
     " format output ", cmd_merge},
    {"diff", "OLD NEW", "compare two results",
     "Reads two results (gomem check --format json) and prints the cases whose verdict changed. Exit status 1 when "
     "something is worse.",
     " ", cmd_diff},
    {"lint", "", "check the catalogue and the cases' directives",
     "Checks that every case is well formed and its rule exists, and that the catalogue is.", " ", cmd_lint},
};

static bool is_root(const char *path)
{
    return is_file(format("%s/spec/rules.tsv", path));
}

const char *gomem_bin_dir(void)
{
    static char exe[PATH_MAX + 1];
    ssize_t n = readlink("/proc/self/exe", exe, PATH_MAX);
    exe[n > 0 ? n : 0] = 0;
    char *slash = strrchr(exe, '/');
    if (slash)
        *slash = 0;
    return exe;
}

// above is a folder so many levels above that of the executable.
static char *above(int levels)
{
    char *path = xstrdup(gomem_bin_dir());
    for (char *slash; levels-- && (slash = strrchr(path, '/'));)
        *slash = 0;
    return path;
}

// A clone has its executables in build/, an installation in PREFIX/lib/gomem/.
static char *clone_root(void)
{
    return above(1);
}

static char *installed_root(void)
{
    return format("%s/share/gomem", above(2));
}

const char *gomem_root(void)
{
    static char *root;
    if (root)
        return root;
    const char *given = getenv("GOMEM_ROOT");
    if (given && *given) {
        root = realpath(given, NULL);
        if (!root || !is_root(root))
            die(EXIT_USAGE, "GOMEM_ROOT is %s, which is not gomem's folder (it has no spec/rules.tsv)", given);
        return root;
    }
    root = clone_root();
    if (!is_root(root))
        root = installed_root();
    if (!is_root(root))
        die(EXIT_BACKEND, "gomem's folder is not found (no spec/rules.tsv in %s or %s): set GOMEM_ROOT", clone_root(),
            root);
    return root;
}

// cache_dir is where an installed gomem may write.
static char *cache_dir(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache == '/')
        return format("%s/gomem", cache);
    return home && *home == '/' ? format("%s/.cache/gomem", home) : format("/tmp/gomem-%d", (int)getuid());
}

const char *gomem_build_dir(void)
{
    const char *given = getenv("GOMEM_BUILD");
    if (!given || !*given) {
        if (strcmp(gomem_root(), installed_root()))
            return format("%s/build", gomem_root());
        given = cache_dir();
    }
    make_dirs(given);
    char *path = realpath(given, NULL);
    return path ? path : given;
}

static void help(void)
{
    puts(
        "gomem: an executable specification of Go's memory behaviour\n\nusage: gomem COMMAND [OPTION...]\n\ncommands:");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    puts("  run        run a Go program on a runtime backend\n"
         "  build      make an executable of a Go program and a runtime backend\n"
         "  escape     say which variables and allocations of a Go package are on the heap\n"
         "  layout     show how the structs of a Go package lie in memory");
    puts("\n`gomem COMMAND --help` explains a command; `gomem --version` prints the version.\n\n"
         "examples:\n"
         "  gomem check --backend ref                        every rule on gomem's own runtime\n"
         "  gomem check --backend ./libmine.so+portable      on yours, completed by plain groups\n"
         "  gomem check --backend go                         on the Go found on PATH\n"
         "  gomem check --backend toolchain:go1.19           on another toolchain\n"
         "  gomem check --backend go:race                    the race lane\n"
         "  gomem check --backend go --rule 'CHAN.*' --repeat 50\n"
         "  gomem explain ALLOC.APPEND.FORMULA               what a rule claims, and what proves it\n"
         "  gomem run hello.go                               a program of yours on ref\n"
         "  gomem escape hello.go                            what of it is on the heap\n"
         "  gomem layout --arch 386 hello.go                 its structs on a 32-bit target");
}

// hold_standard takes the place of closed standard streams, so that no file opened later is written to as one. Writing to the
// stand-in fails, as it must.
static void hold_standard(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            _exit(EXIT_USAGE);
}

// written is the status, unless what was printed could not be written.
static int written(int status)
{
    if (fflush(stdout) || ferror(stdout))
        die(EXIT_FAILED, "cannot write to stdout: %s", strerror(errno));
    return status;
}

int main(int argc, char **argv)
{
    hold_standard();
    gomem_program = argv[0] ? argv[0] : "gomem";
    const char *name = argc > 1 ? argv[1] : "--help";
    if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
        help();
        return written(argc > 1 ? EXIT_CONFORMS : EXIT_USAGE);
    }
    if (!strcmp(name, "--version")) {
        puts("gomem " GOMEM_VERSION);
        return written(EXIT_CONFORMS);
    }
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } with_words[] = {
        {"build", cmd_build}, {"run", cmd_run}, {"escape", cmd_escape}, {"layout", cmd_layout}, {"unit", cmd_unit}};
    for (size_t i = 0; i < COUNT_OF(with_words); i++)
        if (!strcmp(name, with_words[i].name))
            return written(with_words[i].run(argc - 1, argv + 1));
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (!strcmp(commands[i].name, name)) {
            struct options o = options_parse(&commands[i], argc - 1, argv + 1);
            int status = commands[i].run(&o);
            return written(status);
        }
    die(EXIT_USAGE, "unknown command '%s'; see gomem --help", name);
}
