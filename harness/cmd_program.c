// gomem build and gomem run: Go programs on a runtime backend, for users. build links an executable, statically where the backend comes as an
// archive; run makes a unit and becomes gomem-runner, so that streams, signals and the exit status are the program's.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend.h"
#include "commands.h"
#include "operands.h"
#include "program.h"

struct words {
    const char *backend, *out;
    bool no_escape, inlined;
    struct vec operands;
    char **arguments; // of the program, behind its files; ends with NULL
};

// take_words reads options up to the first operand; Go files follow each other, or there is one folder; the rest is the program's.
static void take_words(struct words *w, const char *command, int argc, char **argv, bool runs)
{
    int i = 1;
    w->backend = "ref";
    for (char *value; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (!strcmp(argv[i], "--no-escape"))
            w->no_escape = true;
        else if (!strcmp(argv[i], "--inline"))
            w->inlined = true;
        else if ((value = operands_option(command, "--backend", argv, &i)))
            w->backend = value;
        else if (!runs && (value = operands_option(command, "-o", argv, &i)))
            w->out = value;
        else
            die(EXIT_USAGE, "unknown option %s; see gomem %s --help", argv[i], command);
    }
    while (i < argc && ends_with(argv[i], ".go"))
        vec_push(&w->operands, argv[i++]);
    if (i < argc && !w->operands.len && strcmp(argv[i], "--"))
        vec_push(&w->operands, argv[i++]);
    if (runs && i < argc && !strcmp(argv[i], "--"))
        i++;
    if (!runs && i < argc)
        die(EXIT_USAGE, "one folder, or Go files, and not '%s'; see gomem %s --help", argv[i], command);
    w->arguments = argv + i;
}

static char *dir_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? xstrndup(path, (size_t)(slash - path) + (slash == path)) : xstrdup(".");
}

static struct program_request request(const struct words *w)
{
    struct program_request r = {.no_escape = w->no_escape, .inlined = w->inlined, .dir = "."};
    if (w->operands.len && ends_with(w->operands.at[0], ".go")) {
        r.files = w->operands;
        r.dir = dir_of(w->operands.at[0]);
    } else if (w->operands.len) {
        r.dir = w->operands.at[0];
    }
    for (size_t i = 0; i < r.files.len; i++)
        if (!is_file(r.files.at[i]))
            die(EXIT_USAGE, "there is no file %s", (char *)r.files.at[i]);
    if (!is_dir(r.dir))
        die(EXIT_USAGE, "there is no folder %s", r.dir);
    r.module = gomod_find(r.dir);
    return r;
}

// split_backend cuts NAME:OPTIONS; a colon followed by a slash belongs to a path.
static char *split_backend(const char *spec, const char *command, const char **options)
{
    char *name = xstrdup(spec), *colon = strrchr(name, ':');
    *options = "";
    if (colon && !strchr(colon, '/')) {
        *colon = 0;
        *options = colon + 1;
    }
    const char *lane = runtime_lane_among(*options);
    if (lane)
        die(EXIT_USAGE, "%s is a lane of gomem check, which gomem %s has not; see gomem %s --help", lane, command,
            command);
    return name;
}

// object_of is the shared object of a backend, which may be missing.
static char *object_of(const char *name)
{
    if (strchr(name, '+'))
        die(EXIT_USAGE, "a program is linked with one backend, not with %s; gomem run takes several", name);
    if (!strchr(name, '/'))
        return format("%s/lib/lib%s.so", gomem_bin_dir(), name);
    return ends_with(name, ".a") ? format("%.*s.so", (int)strlen(name) - 2, name) : xstrdup(name);
}

// archive_of finds what an executable is linked with: NAME.a beside the shared object, else that.
static const char *archive_of(const char *name, const char *object)
{
    const char *archive = ends_with(object, ".so") ? format("%.*s.a", (int)strlen(object) - 3, object) : object;
    if (is_file(archive))
        return archive;
    if (!is_file(object))
        die(EXIT_BACKEND, "no backend '%s': neither %s nor %s is there", name, archive, object);
    return object;
}

static struct backend_settings settings(void)
{
    return (struct backend_settings){gomem_root(), gomem_build_dir(), gomem_bin_dir(), 60};
}

// require_options asks the shared object whether it takes the options. Where there is but an archive, the program refuses them.
static void require_options(const char *object, const char *options)
{
    struct backend_settings where = settings();
    if (*options && is_file(object))
        runtime_open(format("%s:%s", object, options), &where);
}

// default_out is named like what go build makes: after the first file or the folder.
static const char *default_out(const struct program_request *r)
{
    char *path = r->files.len ? xstrdup(r->files.at[0]) : realpath(r->dir, NULL), *slash = strrchr(path, '/');
    char *name = slash ? slash + 1 : path;
    if (r->files.len)
        name[strlen(name) - strlen(".go")] = 0;
    return *name ? name : "a.out";
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && argv[i][0] == '-'; i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            return true;
    return false;
}

// require_replaceable refuses to put an executable where something else is, as a name that was meant for a source is soon written.
static void require_replaceable(const char *path)
{
    static const char magic[4] = {0x7f, 'E', 'L', 'F'};
    char start[sizeof magic] = {0};
    struct stat st;
    FILE *f = !stat(path, &st) && S_ISREG(st.st_mode) && st.st_size ? fopen(path, "rbe") : NULL;
    if (!f)
        return;
    bool executable = fread(start, sizeof start, 1, f) == 1 && !memcmp(start, magic, sizeof magic);
    fclose(f);
    if (!executable)
        die(EXIT_USAGE, "%s is there already and no executable: remove it, or name another file with -o", path);
}

int cmd_build(int argc, char **argv)
{
    struct words w = {0};
    if (wants_help(argc, argv)) {
        puts("usage: gomem build [OPTION...] [FILE.go... | FOLDER]\n\n"
             "Builds a program with gomem's compiler and a runtime backend, as an executable that needs "
             "neither.\n\noptions:\n"
             "  -o FILE                   where to; into it if it is a folder (default: the name of the file or "
             "folder)\n"
             "  --backend NAME|PATH[:OPTS]\n"
             "                            ref, or a path; NAME.a is linked statically, NAME.so by its path (default: "
             "ref)\n"
             "  --inline                  inline calls as the toolchain does by default\n"
             "  --no-escape               every variable whose address is taken, and every allocation, on the heap");
        return EXIT_CONFORMS;
    }
    take_words(&w, "build", argc, argv, false);
    struct program_request r = request(&w);
    char *name = split_backend(w.backend, "build", &r.options);
    char *object = object_of(name);
    r.archive = archive_of(name, object);
    require_options(object, r.options);
    r.starter = format("%s/lib/libstandalone.a", gomem_bin_dir());
    if (!is_file(r.starter))
        die(EXIT_BACKEND, "%s is missing: run make", r.starter);
    r.out = w.out ? w.out : default_out(&r);
    if (is_dir(r.out))
        r.out = format("%s/%s", r.out, default_out(&r));
    require_replaceable(r.out);
    return program_build(&r);
}

// units_dir is where run may put its unit: one file per process, as the same program may run several times.
static char *units_dir(void)
{
    char *dir = format("%s/units/run", gomem_build_dir());
    make_dirs(dir);
    return dir;
}

int cmd_run(int argc, char **argv)
{
    struct words w = {0};
    if (wants_help(argc, argv) || argc < 2) {
        puts("usage: gomem run [OPTION...] FILE.go... | FOLDER [--] [ARGUMENT...]\n\n"
             "Builds a program with gomem's compiler and runs it on a runtime backend. Streams, signals and the exit "
             "status are the program's.\n\n"
             "options:\n"
             "  --backend NAME|PATH[+NAME|PATH][:OPTS]\n"
             "                            ref, portable, or the path of a shared object (default: ref)\n"
             "  --inline                  inline calls as the toolchain does by default\n"
             "  --no-escape               every variable whose address is taken, and every allocation, on the heap");
        return argc < 2 ? EXIT_USAGE : EXIT_CONFORMS;
    }
    take_words(&w, "run", argc, argv, true);
    struct program_request r = request(&w);
    struct backend_settings where = settings();
    const char *options;
    char *name = split_backend(w.backend, "run", &options), *objects = runtime_objects(name, &where);
    char *unit = format("%s/%d.%s", units_dir(), (int)getpid(), default_out(&r));
    r.out = unit;
    int status = program_build(&r);
    if (status)
        return status;
    struct vec words = {0};
    vec_push(&words, format("%s/gomem-runner", gomem_bin_dir()));
    setenv("GOMEM_ONCE", "1", 1); // it removes the unit when it has loaded it
    vec_push(&words, objects);
    vec_push(&words, (char *)options);
    vec_push(&words, unit);
    for (char **a = w.arguments; *a; a++)
        vec_push(&words, *a);
    fflush(stdout);
    execv(words.at[0], (char **)words.at);
    die(EXIT_BACKEND, "cannot run %s: %s", (char *)words.at[0], strerror(errno));
}
