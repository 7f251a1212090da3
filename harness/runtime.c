// Runtime backends: a shared object that speaks spec/gomem.h. gomem's own compiler turns the cases into units, shared objects
// too, and gomem-runner brings both together in the case's process. To the build the compiler is one more toolchain
// (backends/gomem/toolchain): `gomem unit build` takes the same words as `go build`.
//
// The driver never loads the object: gomem-runner --describe, a process of its own, says what it is, so a backend that
// crashes, hangs or lies on load costs one line.
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>

#include "child.h"
#include "toolchain.h"
#include "toolchain_build.h"

enum { DESCRIBE_SECONDS = 20 }; // at the most; --build-timeout can lower it
enum { REFUSAL_LIMIT = 2000 };  // bytes that a backend may say of its options

// The lanes of a runtime: builds of it that are run in another way than the plain one.
enum lane { PLAIN_LANE, RACE_PROGRAM, RACE_IMPLEMENTATION, MEMCHECK, LANE_386, LANE_ARM64, NO_ESCAPE, LANES };

enum { SLOW_TIME_FACTOR = 10 }; // of Valgrind and of an emulated processor

static const struct {
    const char *option;      // that asks for it
    const char *suffix;      // of the names of its objects
    const char *folder;      // of its runner
    const char *make;        // makes both
    const char *said;        // in the title
    const char *arch;        // NULL: the host's
    const char *emulator[4]; // words before the runner's, of another processor
} lanes[LANES] = {
    [PLAIN_LANE] = {"", "", "", "make", "", NULL, {NULL}},
    [RACE_PROGRAM] =
        {"race=program", "-race", "race/", "make race BACKEND=ref", ", race detector on the program", NULL, {NULL}},
    [RACE_IMPLEMENTATION] = {"race=implementation",
                             "-race-implementation",
                             "race/",
                             "make race BACKEND=ref",
                             ", race detector on the implementation",
                             NULL,
                             {NULL}},
    [MEMCHECK] = {"valgrind", "-valgrind", "", "make memcheck", ", under Valgrind's memcheck", NULL, {NULL}},
    [LANE_386] = {"arch=386", "", "386/", "make check-32", ", linux/386", "386", {NULL}},
    [LANE_ARM64] = {"arch=arm64",
                    "",
                    "arm64/",
                    "make check-arm64",
                    ", linux/arm64",
                    "arm64",
                    {"qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"}},
    [NO_ESCAPE] = {"no-escape", "", "", "make", ", everything on the heap", NULL, {NULL}},
};

static char *runner_path(const struct backend_settings *s, enum lane lane)
{
    char *path = format("%s/%sgomem-runner", s->bin_dir, lanes[lane].folder);
    if (!is_file(path))
        die(EXIT_BACKEND, "%s is missing: run %s", path, lanes[lane].make);
    return path;
}

static bool refers_to(const char *object, size_t len, const char *symbol)
{
    return memmem(object, len, symbol, strlen(symbol) + 1) != NULL;
}

// require_race_build looks at what a runtime of somebody else's asks of the detector: in another build its verdicts would mean nothing.
static void require_race_build(const char *path, enum lane lane)
{
    size_t len;
    char *object = read_file(path, &len);
    if (!object)
        return; // who loads it says why
    bool instrumented = refers_to(object, len, "__tsan_func_entry"),
         announces = refers_to(object, len, "__tsan_release");
    if (lane == RACE_IMPLEMENTATION && !instrumented)
        die(EXIT_BACKEND,
            "%s is not instrumented: race=implementation needs a build by clang -fsanitize=thread (README.md, Lanes)",
            path);
    if (lane == RACE_PROGRAM && (instrumented || !announces))
        die(EXIT_BACKEND,
            "%s %s: race=program needs a build that announces Go's edges and no others (README.md, Lanes)", path,
            instrumented ? "is instrumented" : "announces no edge to the race detector");
    free(object);
}

// lane_build is the build of PATH.so for a lane: itself, but in the race lanes PATH-race.so and PATH-race-implementation.so.
static char *lane_build(const char *path, enum lane lane)
{
    if (lane != RACE_PROGRAM && lane != RACE_IMPLEMENTATION)
        return xstrdup(path);
    char *end = format("%s.so", lanes[lane].suffix), *build;
    if (ends_with(path, end)) {
        build = xstrdup(path);
    } else {
        size_t stem = strlen(path) - (ends_with(path, ".so") ? strlen(".so") : 0);
        build = format("%.*s%s", (int)stem, path, end);
        if (!is_file(build))
            die(EXIT_BACKEND, "no build of '%s' for the lane %s: %s is missing (README.md, Lanes, says what it is)",
                path, lanes[lane].option, build);
    }
    require_race_build(build, lane);
    return build;
}

// object_path turns one part of NAME+NAME into a path: a name of ours is build/lib/libNAME.so.
static char *object_path(const struct backend_settings *s, const char *name, enum lane lane)
{
    if (strchr(name, '/'))
        return lane_build(name, lane);
    const char *folder = lanes[lane].arch ? lanes[lane].folder : "";
    char *ours = format("%s/%slib/lib%s%s.so", s->bin_dir, folder, name, lanes[lane].suffix);
    if (is_file(ours))
        return ours;
    bool has_one = !strcmp(name, "ref") || (lane == RACE_IMPLEMENTATION && !strcmp(name, "portable"));
    if (*lanes[lane].suffix && !is_file(name) && !has_one)
        die(EXIT_BACKEND,
            "no build of '%s' for the lane %s: of gomem's runtimes ref has one for each lane, portable for "
            "race=implementation",
            name, lanes[lane].option);
    if (lane && !is_file(name))
        die(EXIT_BACKEND, "no build of '%s' for the lane %s: %s is missing; run %s", name, lanes[lane].option, ours,
            lanes[lane].make);
    if (is_file(name))
        return format("./%s", name);
    die(EXIT_BACKEND, "no backend '%s': it is no file, not described in backends/, and %s is not built", name, ours);
}

static char *object_paths(const struct backend_settings *s, const char *names, enum lane lane)
{
    struct buf b = {0};
    struct vec parts = split(xstrdup(names), "+");
    for (size_t i = 0; i < parts.len; i++)
        buf_printf(&b, "%s%s", i ? "+" : "", object_path(s, parts.at[i], lane));
    if (!parts.len)
        die(EXIT_USAGE, "--backend needs a name");
    return b.data;
}

char *runtime_objects(const char *names, const struct backend_settings *s)
{
    return object_paths(s, names, PLAIN_LANE);
}

static void describe_line(struct toolchain *t, char *line)
{
    struct backend *b = &t->backend;
    char *value = strchr(line, ' ');
    if (!value)
        return;
    *value++ = 0;
    struct bound release;
    if (!strcmp(line, "release") && parse_bound(value, &release) && release.minor && !release.language)
        b->minor = release.minor;
    else if (!strcmp(line, "profile"))
        b->gc_profile = !strcmp(value, "gc");
    else if (!strcmp(line, "name"))
        b->title = xstrdup(value);
    else if (!strcmp(line, "capabilities"))
        b->capabilities = split(xstrdup(value), " ");
    else if (!strcmp(line, "groups") && strstr(format(" %s ", value), " probe "))
        vec_push(&b->capabilities, "probe");
}

static void push_emulator(struct vec *words, enum lane lane)
{
    for (const char *const *word = lanes[lane].emulator; *word; word++)
        vec_push(words, (char *)*word);
}

// require_command tells of a command that a lane needs and that is not there.
static void require_command(enum lane lane, const char *command)
{
    char *argv[] = {(char *)command, "--version", NULL};
    struct child_spec spec = {.argv = argv, .timeout = DESCRIBE_SECONDS, .keep = 4096};
    if (pool_run(&spec).ending != ENDED_EXIT)
        die(EXIT_BACKEND, "the lane %s needs the command %s: install it (scripts/setup does)", lanes[lane].option,
            command);
}

// refused passes on what a backend says of options that it does not take, all of it: that is where it lists those it has.
static _Noreturn void refused(const char *said, const char *options)
{
    struct buf b = {0};
    if (!strcmp(options, "help")) {
        buf_printf(&b, "; gomem's own are ");
        for (enum lane lane = PLAIN_LANE + 1; lane < LANES; lane++)
            buf_printf(&b, "%s%s", lane > PLAIN_LANE + 1 ? ", " : "", lanes[lane].option);
    }
    die(EXIT_BACKEND, "%s%s", first_line(said, REFUSAL_LIMIT), b.len ? b.data : "");
}

static void describe(struct toolchain *t, enum lane lane, const char *runner, const char *objects, const char *options)
{
    struct vec argv = {0};
    push_emulator(&argv, lane);
    const char *words[] = {runner, "--describe", objects, options};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        vec_push(&argv, (char *)words[i]);
    struct child_spec spec = {.argv = (char **)argv.at,
                              .timeout = t->timeout < DESCRIBE_SECONDS ? t->timeout : DESCRIBE_SECONDS,
                              .memory_mib = 4096,
                              .keep = 65536};
    struct child_result r = pool_run(&spec);
    char *err = excerpt(buf_text(&r.stream[STREAM_ERR]));
    if (r.ending == ENDED_EXIT && r.status == 3 && *err)
        refused(buf_text(&r.stream[STREAM_ERR]), options);
    if (r.ending != ENDED_EXIT || r.status)
        die(EXIT_BACKEND, "the backend %s cannot be loaded: the process that loads it %s%s%s", objects,
            ending_text(&r, &spec), *err ? ": " : "", err);
    struct vec lines = split(xstrdup(buf_text(&r.stream[STREAM_OUT])), "\n");
    for (size_t i = 0; i < lines.len; i++)
        describe_line(t, lines.at[i]);
    if (!t->backend.minor && r.stream[STREAM_OUT].len >= spec.keep)
        die(EXIT_BACKEND, "the backend %s prints so much while it is loaded that its description is lost", objects);
    if (!t->backend.minor)
        die(EXIT_BACKEND, "the backend %s emulates no Go release that can be read: its release must be \"1.N\"",
            objects);
}

// slug makes a folder's name of any text.
static char *slug(const char *text)
{
    char *s = xstrdup(text);
    for (char *p = s; *p; p++)
        if (strchr("/:+=, ", *p))
            *p = '_';
    return s;
}

// pass_fault hands the compiler the option fault=compile-NAME: such a backend is ref with cases compiled wrong (backends/faults).
static void pass_fault(struct toolchain *t, const char *options)
{
    struct vec words = split(xstrdup(options), ",");
    for (size_t i = 0; i < words.len; i++)
        if (starts_with(words.at[i], "fault=compile-"))
            vec_push(&t->environment, format("GOMEM_FAULT=%s", (char *)words.at[i] + strlen("fault=")));
}

static enum lane lane_named(const char *word)
{
    if (!strcmp(word, "race"))
        return RACE_PROGRAM;
    for (enum lane lane = PLAIN_LANE + 1; lane < LANES; lane++)
        if (!strcmp(word, lanes[lane].option))
            return lane;
    if (starts_with(word, "arch="))
        die(EXIT_USAGE, "unknown option '%s': code for a runtime is made for arch=386 and arch=arm64", word);
    if (starts_with(word, "race="))
        die(EXIT_USAGE, "unknown race lane '%s': a runtime has race=program and race=implementation", word);
    return PLAIN_LANE;
}

const char *runtime_lane_among(const char *options)
{
    struct vec words = split(xstrdup(options), ",");
    for (size_t i = 0; i < words.len; i++)
        if (lane_named(words.at[i]) != PLAIN_LANE)
            return words.at[i];
    return NULL;
}

// take_lane cuts the lane off the options; the rest is the backend's.
static enum lane take_lane(const char *options, char **rest)
{
    enum lane lane = PLAIN_LANE, asked;
    struct buf b = {0};
    struct vec words = split(xstrdup(options), ",");
    for (size_t i = 0; i < words.len; i++) {
        const char *word = words.at[i];
        if ((asked = lane_named(word)) == PLAIN_LANE) {
            buf_printf(&b, "%s%s", b.len ? "," : "", word);
            continue;
        }
        if (lane && lane != asked)
            die(EXIT_USAGE, "%s and %s are two lanes: a check has one", lanes[lane].option, lanes[asked].option);
        lane = asked;
    }
    *rest = b.len ? b.data : "";
    return lane;
}

// prepare_race: the detector wants the addresses that it gets without randomisation. The children inherit that.
static void prepare_race(struct backend *b, enum lane lane)
{
    b->race = b->slow = true;
    b->silent_only = lane == RACE_IMPLEMENTATION;
    if (personality(ADDR_NO_RANDOMIZE) < 0)
        die(EXIT_BACKEND, "the race lane needs programs at fixed addresses, which the system refuses (personality)");
    vec_push(&b->environment, "TSAN_OPTIONS=exitcode=66 halt_on_error=0 atexit_sleep_ms=0 report_signal_unsafe=0 "
                              "detect_deadlocks=0 history_size=2");
}

// prepare_memcheck: Valgrind runs the runner. Its errors go to stderr, where the grading finds them; what it would change of a status is off.
static void prepare_memcheck(struct backend *b, const char *suppressions)
{
    static const char *const words[] = {"valgrind",
                                        "--tool=memcheck",
                                        "-q",
                                        "--fair-sched=yes",
                                        "--leak-check=full",
                                        "--show-leak-kinds=definite",
                                        "--errors-for-leak-kinds=definite",
                                        "--num-callers=12"};
    require_command(MEMCHECK, "valgrind");
    b->memcheck = b->slow = true;
    b->time_factor = SLOW_TIME_FACTOR;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        vec_push(&b->runner, (char *)words[i]);
    if (is_file(suppressions))
        vec_push(&b->runner, format("--suppressions=%s", suppressions));
}

// prepare_no_escape: placement is an optimisation, so all that the language promises holds without it. What gc allocates then differs, and
// frames hold nothing by which a stack could be seen to grow or to move.
static void prepare_no_escape(struct toolchain *t)
{
    struct vec rest = {0};
    for (size_t i = 0; i < t->backend.capabilities.len; i++)
        if (strcmp(t->backend.capabilities.at[i], "growstack"))
            vec_push(&rest, t->backend.capabilities.at[i]);
    t->backend.capabilities = rest;
    t->backend.gc_profile = false;
    vec_push(&t->description->flags[PLAIN], "--no-escape");
    vec_push(&t->description->flags[INLINE], "--no-escape");
}

struct backend *runtime_open(const char *spec, const struct backend_settings *settings)
{
    struct toolchain *t = xalloc(sizeof *t);
    struct backend *b = &t->backend;
    char *names = xstrdup(spec), *options = strrchr(names, ':');
    if (options && !strchr(options, '/'))
        *options++ = 0;
    else
        options = "";
    enum lane lane = take_lane(options, &options);
    char *objects = object_paths(settings, names, lane), *runner = runner_path(settings, lane);
    b->spec = xstrdup(spec);
    b->private = t;
    b->build = toolchain_build;
    b->time_factor = 1;
    t->arch = lanes[lane].arch ? (char *)lanes[lane].arch : "";
    vec_push(&t->environment, format("GOARCH=%s", t->arch));
    t->root = settings->root;
    t->timeout = settings->build_timeout;
    if (lane == RACE_PROGRAM || lane == RACE_IMPLEMENTATION)
        prepare_race(b, lane);
    if (lane == MEMCHECK)
        prepare_memcheck(b, format("%s/backends/%s/memcheck.supp", settings->root, names));
    if (*lanes[lane].emulator) {
        require_command(lane, *lanes[lane].emulator);
        b->slow = true;
        b->time_factor = SLOW_TIME_FACTOR;
    }
    describe(t, lane, runner, objects, options);
    b->language = b->minor;
    t->description = description_load(settings->root, "gomem");
    if (!t->description)
        die(EXIT_BACKEND, "%s/backends/gomem/toolchain is missing", settings->root);
    if (lane == NO_ESCAPE)
        prepare_no_escape(t);
    vec_push(&t->command, format("%s/gomem", settings->bin_dir));
    vec_push(&t->command, "unit");
    vec_push(&b->tags, "gomem");
    set_target(t);
    pass_fault(t, options);
    push_emulator(&b->runner, lane);
    char *words[] = {runner, objects, options};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        vec_push(&b->runner, words[i]);
    t->tree = format("%s/units/%s/src", settings->build_dir, slug(spec));
    t->bin = format("%s/units/%s/bin", settings->build_dir, slug(spec));
    b->trace_dir = format("%s/units/%s/trace", settings->build_dir, slug(spec));
    b->title = format("%s, emulates go1.%d%s", b->title, b->minor, lanes[lane].said);
    b->expect = format("%s/backends/%s/expect", settings->root, names);
    if (strchr(names, '/') || !is_file(b->expect))
        b->expect = NULL;
    return b;
}

struct backend *backend_open(const char *spec, const struct backend_settings *settings)
{
    char *name = xstrndup(spec, strcspn(spec, ":"));
    bool described = !strchr(name, '/') && is_file(format("%s/backends/%s/toolchain", settings->root, name));
    return starts_with(spec, "toolchain:") || described ? toolchain_open(spec, settings) : runtime_open(spec, settings);
}
