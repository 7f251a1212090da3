// See toolchain.h. This file probes: descriptions, options, version. Building is in toolchain_build.c, the tree in tree.c.
#include "toolchain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "toolchain_build.h"

static const char *const flavour_key[FLAVOURS] = {"plain",  "inline", "race", "diagnostics", "diagnostics-inline",
                                                  "compile"};

// describe takes one line of a description; false when it is malformed.
static bool describe(struct description *d, const char *key, char *value)
{
    for (int f = 0; f < FLAVOURS; f++)
        if (!strcmp(key, flavour_key[f])) {
            d->supports[f] = true;
            if (*value)
                vec_push(&d->flags[f], value);
            return true;
        }
    struct bound b;
    if (!strcmp(key, "command"))
        d->command = split(value, " ");
    else if (!strcmp(key, "identify") && *value)
        vec_push(&d->identify, value);
    else if (!strcmp(key, "has"))
        d->has = split(value, " ");
    else if (!strcmp(key, "profile") && !strcmp(value, "gc"))
        d->gc_profile = true;
    else if (!strcmp(key, "minimum") && parse_bound(value, &b) && b.minor && !b.language)
        d->minimum = b.minor;
    else if (!strcmp(key, "release") && parse_bound(value, &b) && b.minor && !b.language)
        d->release = b.minor;
    else
        return false;
    for (size_t i = 0; i < d->has.len; i++)
        if (!is_capability(d->has.at[i]))
            return false;
    return true;
}

struct description *description_load(const char *root, const char *name)
{
    char *dir = format("%s/backends/%s", root, name);
    char *text = read_file(format("%s/toolchain", dir), NULL);
    if (!text)
        return NULL;
    struct description *d = xalloc(sizeof *d);
    d->name = xstrdup(name);
    d->dir = dir;
    int number = 0;
    for (char *next, *line = text; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        number++;
        line = trim(line);
        if (!*line || *line == '#')
            continue;
        size_t n = strcspn(line, " \t");
        char *value = line[n] ? trim(line + n + 1) : line + n;
        line[n] = 0;
        if (!describe(d, line, value))
            die(EXIT_BACKEND,
                "backends/%s/toolchain:%d: unknown or malformed key '%s'; harness/toolchain.h explains them", name,
                number, line);
    }
    return d;
}

static struct description *identify(const char *root, const char *version, const char *command)
{
    struct vec names = list_dir(format("%s/backends", root));
    for (size_t i = 0; i < names.len; i++) {
        struct description *d = description_load(root, names.at[i]);
        for (size_t k = 0; d && k < d->identify.len; k++)
            if (glob(d->identify.at[k], version))
                return d;
    }
    die(EXIT_BACKEND, "'%s version' printed '%s': not a Go toolchain that backends/*/toolchain describes", command,
        excerpt(version));
}

static char *join(const struct vec *words)
{
    struct buf b = {0};
    for (size_t i = 0; i < words->len; i++)
        buf_printf(&b, "%s%s", i ? " " : "", (char *)words->at[i]);
    buf_add(&b, "", 0);
    return b.data;
}

// ask_version runs `COMMAND version` and returns its first line.
static char *ask_version(struct toolchain *t)
{
    char *command = join(&t->command);
    struct vec argv = {0};
    for (size_t i = 0; i < t->command.len; i++)
        vec_push(&argv, t->command.at[i]);
    vec_push(&argv, "version");
    struct child_spec spec = {.argv = (char **)argv.at, .env = t->environment, .timeout = t->timeout, .keep = 4096};
    struct child_result r = pool_run(&spec);
    if (r.ending == ENDED_UNSTARTED && r.status == ENOENT)
        die(EXIT_BACKEND,
            "the toolchain command '%s' is not there: install it, put it on PATH or name it with --backend "
            "toolchain:COMMAND",
            command);
    const char *said =
        excerpt(r.stream[STREAM_ERR].len ? buf_text(&r.stream[STREAM_ERR]) : buf_text(&r.stream[STREAM_OUT]));
    if (r.ending != ENDED_EXIT || r.status != 0)
        die(EXIT_BACKEND, "the toolchain command '%s version' %s%s%s%s", command, ending_text(&r, &spec),
            r.ending == ENDED_TIMEOUT ? " (--build-timeout)" : "", *said ? ": " : "", said);
    return excerpt(buf_text(&r.stream[STREAM_OUT]));
}

// find_release reads the first "go1.N[.M]" of a version line; NULL when there is none.
static char *find_release(const char *version, int *minor)
{
    for (const char *p = version; (p = strstr(p, "go1.")); p++) {
        char *end;
        long n = strtol(p + 4, &end, 10);
        if (end == p + 4 || n <= 0 || n > 999)
            continue;
        *minor = (int)n;
        return xstrndup(p, strspn(p, "go0123456789.rcbeta"));
    }
    if (strstr(version, "devel")) // a toolchain built from source: newer than every release known here
        *minor = 999;
    return *minor ? xstrdup("go1.devel") : NULL;
}

static void set_option(struct toolchain *t, char *option)
{
    struct bound b;
    char *value = strchr(option, '=');
    if (!strcmp(option, "race")) {
        t->backend.race = t->backend.slow = true;
        return;
    }
    if (value) {
        *value++ = 0;
        if (!strcmp(option, "lang") && parse_bound(value, &b) && b.minor && !b.language) {
            t->backend.language = b.minor;
            return;
        }
        if (!strcmp(option, "arch") && *value) {
            t->arch = value;
            return;
        }
    }
    die(EXIT_USAGE, "unknown backend option '%s' in %s: a toolchain has race, lang=1.N, arch=GOARCH", option,
        t->backend.spec);
}

// take_options cuts ":opt,opt" off the end of text and applies it. A colon followed by a slash belongs to a path.
static void take_options(struct toolchain *t, char *text)
{
    char *colon = strrchr(text, ':');
    if (!colon || strchr(colon, '/'))
        return;
    *colon = 0;
    struct vec options = split(colon + 1, ",");
    for (size_t i = 0; i < options.len; i++)
        set_option(t, options.at[i]);
}

static const char *host_arch(void)
{
#if defined __x86_64__
    return "amd64";
#elif defined __i386__
    return "386";
#elif defined __aarch64__
    return "arm64";
#else
    return "unknown";
#endif
}

static bool is_given(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

// has_go_cache tells whether the toolchain finds a place for its build cache: a home that is missing or not ours is none.
static bool has_go_cache(void)
{
    if (is_given("GOCACHE"))
        return true;
    const char *parent = getenv(is_given("XDG_CACHE_HOME") ? "XDG_CACHE_HOME" : "HOME");
    return parent && *parent && !access(parent, W_OK | X_OK);
}

static void set_environment(struct toolchain *t, const char *build_dir)
{
    struct vec *env = &t->environment;
    vec_push(env, "GOTOOLCHAIN=local");
    vec_push(env, "GOENV=off");
    vec_push(env, "GOFLAGS=");
    vec_push(env, "GO111MODULE=on");
    vec_push(env, "GOWORK=off");
    vec_push(env, "GODEBUG=");
    vec_push(env, "GOOS=linux");
    vec_push(env, t->backend.race ? "CGO_ENABLED=1" : "CGO_ENABLED=0");
    vec_push(env, format("GOARCH=%s", t->arch));
    if (!has_go_cache())
        vec_push(env, format("GOCACHE=%s/gocache", build_dir));
    struct vec *run = &t->backend.environment;
    const char *const neutral[] = {"GOGC=", "GOMEMLIMIT=", "GOMAXPROCS=", "GODEBUG=", "GOTRACEBACK="};
    for (size_t i = 0; i < COUNT_OF(neutral); i++)
        vec_push(run, (char *)neutral[i]);
    vec_push(run, "GORACE=halt_on_error=0 exitcode=66 atexit_sleep_ms=0");
}

void set_target(struct toolchain *t)
{
    struct backend *b = &t->backend;
    const char *arch = *t->arch ? t->arch : host_arch();
    bool narrow = !strcmp(arch, "386") || !strcmp(arch, "arm") || !strcmp(arch, "mips") || !strcmp(arch, "mipsle");
    vec_push(&b->capabilities, narrow ? "32bit" : "64bit");
    vec_push(&b->capabilities, (char *)arch);
    if (processors() >= 2)
        vec_push(&b->capabilities, "parallel");
    vec_push(&b->tags, "linux");
    vec_push(&b->tags, "unix");
    vec_push(&b->tags, (char *)arch);
    if (b->race)
        vec_push(&b->tags, "race");
}

static void set_paths(struct toolchain *t, const char *build_dir, const char *release)
{
    struct backend *b = &t->backend;
    const char *arch = *t->arch ? t->arch : host_arch();
    char *slug =
        format("%s-%s-lang1.%d-%s%s", t->description->name, release, b->language, arch, b->race ? "-race" : "");
    t->tree = format("%s/toolchains/%s/src", build_dir, slug);
    t->bin = format("%s/toolchains/%s/bin", build_dir, slug);
    b->title = format("%s %s linux/%s, language go1.%d%s", t->description->name, release, arch, b->language,
                      b->race ? ", race detector" : "");
    b->expect = format("%s/expect", t->description->dir);
    if (!is_file(b->expect))
        b->expect = NULL;
}

// command_of makes words of a command. What is a path as a whole is one word: that is how one with spaces is given.
static struct vec command_of(char *text)
{
    struct vec words = {0};
    if (strchr(text, '/') && !access(text, F_OK))
        vec_push(&words, text);
    else
        words = split(text, " ");
    if (!words.len)
        die(EXIT_USAGE, "--backend toolchain: needs a command, as in --backend toolchain:go");
    return words;
}

// hold_path makes a relative path absolute, as the command is run in the build tree too.
static void hold_path(struct vec *command)
{
    char *path = strchr(command->at[0], '/') ? realpath(command->at[0], NULL) : NULL;
    if (path)
        command->at[0] = path;
}

struct backend *toolchain_open(const char *spec, const struct backend_settings *settings)
{
    struct toolchain *t = xalloc(sizeof *t);
    struct backend *b = &t->backend;
    b->spec = xstrdup(spec);
    b->private = t;
    b->build = toolchain_build;
    b->time_factor = 1;
    t->arch = "";
    t->root = settings->root;
    t->timeout = settings->build_timeout;
    bool named = !starts_with(spec, "toolchain:");
    char *text = xstrdup(named ? spec : spec + strlen("toolchain:"));
    take_options(t, text);
    if (named) {
        t->description = description_load(settings->root, text);
        if (!t->description)
            die(EXIT_BACKEND, "no backend '%s': it is neither a file nor described in backends/", text);
        if (!t->description->command.len || !t->description->supports[PLAIN])
            die(EXIT_BACKEND, "backends/%s/toolchain has no line '%s'; harness/toolchain.h explains them", text,
                t->description->command.len ? "plain" : "command");
        t->command = t->description->command;
    } else {
        t->command = command_of(text);
    }
    hold_path(&t->command);
    set_environment(t, settings->build_dir);
    char *version = ask_version(t);
    if (!named)
        t->description = identify(settings->root, version, join(&t->command));
    char *release = find_release(version, &b->minor);
    if (!release && t->description->release) {
        b->minor = t->description->release;
        release = format("go1.%d", b->minor);
    }
    if (!release)
        die(EXIT_BACKEND, "'%s version' names no release: %s", join(&t->command), excerpt(version));
    if (b->minor < t->description->minimum)
        die(EXIT_BACKEND, "'%s' is %s; gomem needs at least go1.%d", join(&t->command), release,
            t->description->minimum);
    if (b->language > b->minor)
        die(EXIT_USAGE, "lang=1.%d is newer than '%s', which is %s", b->language, join(&t->command), release);
    if (!b->language)
        b->language = b->minor == 999 ? 26 : b->minor;
    if (b->race && !t->description->supports[RACE])
        die(EXIT_BACKEND, "the toolchain %s has no race detector", t->description->name);
    b->gc_profile = t->description->gc_profile;
    for (size_t i = 0; i < t->description->has.len; i++)
        vec_push(&b->capabilities, t->description->has.at[i]);
    set_target(t);
    set_paths(t, settings->build_dir, release);
    return b;
}
