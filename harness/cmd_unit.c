// gomem unit: from Go packages to a unit, a shared object that gomem-runner runs on a backend. It takes the words of `go build`
// that the harness uses, `gomem unit build ...`, so that to the harness the compiler is one more toolchain. Programs of users are built
// here too (program.h).
//
// Each package becomes a C file and an object. Objects lie in the build folder under a hash of their C and of the compiler's
// command, so that areas and backends share them, and a package that has not changed is not compiled again. A unit is the objects of
// its packages, a small file of its own, and the support code of compiler/lib/gomem/rt.
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../compiler/compilation.h"
#include "../compiler/escape.h"
#include "../compiler/inline.h"
#include "../compiler/lower.h"
#include "../compiler/package.h"
#include "commands.h"
#include "program.h"

extern char **environ;

struct build {
    const char *out;
    struct gomod module;
    bool keep_going; // -e: report every error, build nothing
    bool diagnostics;
    bool whole;   // --lto: the C compiler optimises the program as a whole, across packages
    bool race;    // --race: for the race detector
    bool inlined; // --inline: calls are inlined as the toolchain does by default
    const struct machine *machine;
    struct lower_options options;
    struct vec operands;
    struct gomem_compilation *compilation;
    struct program program;
    struct package_loader loader;
    struct package_root roots[2];
    struct vec compiles; // struct compile *
};

// What C is compiled for, and what the C compiler is told then. Floating-point numbers are in SSE registers on 386 too, or results would have
// more digits than Go's.
struct machine {
    const char *arch;     // as GOARCH has it
    const char *compiler; // NULL: CC, or the system's
    const char *flags[4];
};
static const struct machine machines[] = {
    {"amd64", NULL, {NULL}},
    {"386", NULL, {"-m32", "-msse2", "-mfpmath=sse"}},
    {"arm64", "clang", {"--target=aarch64-linux-gnu"}},
};

// One object to make.
struct compile {
    char *source, *object, *partial;
    pid_t pid;
};

// How C becomes objects: for use, and for the race detector, which only clang's is fit for (a goroutine is a fiber of its own to it).
static const char *const plain_flags[] = {"-O2"};
static const char *const race_flags[] = {"-O1", "-fsanitize=thread", "-DGOMEM_RACE"};
static const char *const c_flags[] = {
    "-std=gnu11",
    "-g1",
    "-fPIC",
    "-fvisibility=hidden",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-fno-delete-null-pointer-checks",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-builtin-malloc",
    "-w",
    "-Wno-psabi", // a note, which -w leaves
    "-D_GNU_SOURCE",
};

// ---- processes ----

static const char *c_compiler(const struct build *b)
{
    if (b->machine->compiler)
        return b->machine->compiler;
    const char *cc = getenv(b->race ? "RACE_CC" : "CC");
    return cc && *cc ? cc : b->race ? "clang" : "cc";
}

static pid_t start(const struct vec *argv)
{
    pid_t pid;
    int error = posix_spawnp(&pid, argv->at[0], NULL, NULL, (char **)argv->at, environ);
    if (error)
        die(EXIT_BACKEND, "cannot run the C compiler '%s': %s", (char *)argv->at[0], strerror(error));
    return pid;
}

static bool finished_well(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && !WEXITSTATUS(status);
}

// flags_of lists what the C compiler is told in any case.
static struct vec flags_of(const struct build *b)
{
    struct vec v = {0};
    const char *const *own = b->race ? race_flags : plain_flags;
    for (size_t i = 0; i < (b->race ? COUNT_OF(race_flags) : COUNT_OF(plain_flags)); i++)
        vec_push(&v, (char *)own[i]);
    for (size_t i = 0; i < COUNT_OF(c_flags); i++)
        vec_push(&v, (char *)c_flags[i]);
    for (const char *const *flag = b->machine->flags; *flag; flag++)
        vec_push(&v, (char *)*flag);
    if (b->whole)
        vec_push(&v, "-flto=auto");
    return v;
}

static void push_all(struct vec *to, const struct vec *from)
{
    for (size_t i = 0; i < from->len; i++)
        vec_push(to, from->at[i]);
}

static struct vec compile_words(const struct build *b, const struct compile *c)
{
    struct vec argv = {0};
    vec_push(&argv, (char *)c_compiler(b));
    struct vec always = flags_of(b);
    push_all(&argv, &always);
    vec_push(&argv, format("-I%s/spec", gomem_root()));
    vec_push(&argv, "-c");
    vec_push(&argv, "-o");
    vec_push(&argv, c->partial);
    vec_push(&argv, c->source);
    return argv;
}

// run_compiles runs what is to be compiled, as many at a time as there are processors.
static bool run_compiles(struct build *b)
{
    long width = sysconf(_SC_NPROCESSORS_ONLN);
    bool ok = true;
    for (size_t i = 0, done = 0; done < b->compiles.len;) {
        if (i < b->compiles.len && i - done < (size_t)width) {
            struct compile *c = b->compiles.at[i++];
            struct vec argv = compile_words(b, c);
            c->pid = start(&argv);
            continue;
        }
        struct compile *c = b->compiles.at[done++];
        if (finished_well(c->pid) && !rename(c->partial, c->object))
            continue;
        unlink(c->partial);
        ok = false;
    }
    b->compiles.len = 0;
    return ok;
}

// ---- objects ----

static uint64_t hash_text(uint64_t h, const char *s)
{
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

static char *cache_dir(void)
{
    static char *dir;
    if (!dir) {
        dir = format("%s/units/objects", gomem_build_dir());
        make_dirs(dir);
    }
    return dir;
}

static const char *code_header(void)
{
    static char *text;
    if (!text) {
        char *a = read_file(format("%s/spec/gomem.h", gomem_root()), NULL);
        char *b = read_file(format("%s/spec/gomem_code.h", gomem_root()), NULL);
        text = format("%s%s", a ? a : "", b ? b : "");
    }
    return text;
}

// object_of returns the object of a C text and plans its making when it is not there.
static char *object_of(struct build *b, const char *name, const char *text)
{
    uint64_t h = hash_text(14695981039346656037u, text);
    h = hash_text(h, code_header());
    h = hash_text(h, c_compiler(b));
    struct vec always = flags_of(b);
    for (size_t i = 0; i < always.len; i++)
        h = hash_text(h, always.at[i]);
    char *base = format("%s/%s-%016llx", cache_dir(), name, (unsigned long long)h);
    for (char *p = base + strlen(cache_dir()) + 1; *p; p++)
        if (*p == '/')
            *p = '.';
    struct compile *c = xalloc(sizeof *c);
    c->source = format("%s.c", base);
    c->object = format("%s.o", base);
    c->partial = format("%s.%d.o", base, (int)getpid());
    if (is_file(c->object))
        return c->object;
    for (size_t i = 0; i < b->compiles.len; i++)
        if (!strcmp(((struct compile *)b->compiles.at[i])->object, c->object))
            return c->object;
    char *fresh = format("%s.%d.c", base, (int)getpid()); // others may be at the same object
    write_file(fresh, text, strlen(text));
    if (rename(fresh, c->source))
        die(EXIT_BACKEND, "cannot write %s: %s", c->source, strerror(errno));
    vec_push(&b->compiles, c);
    return c->object;
}

static char *support_object(struct build *b, const char *name)
{
    char *text = read_file(format("%s/compiler/lib/gomem/rt/%s.c", gomem_root(), name), NULL);
    if (!text)
        die(EXIT_BACKEND, "cannot read compiler/lib/gomem/rt/%s.c: %s", name, strerror(errno));
    return object_of(b, format("gomem.rt.%s", name), text);
}

// ---- packages ----

static const char *architecture(void)
{
    const char *arch = getenv("GOARCH");
    return arch && *arch ? arch : "amd64";
}

static void open_program(struct build *b)
{
    static const char *const extra[] = {"gomem", NULL};
    b->compilation = gomem_compilation_new();
    if (!b->compilation)
        die(EXIT_BACKEND, "out of memory");
    const struct layout_target *target = layout_target_find(architecture());
    if (!target)
        die(EXIT_FAILED, "not supported: GOARCH=%s", architecture());
    program_init(&b->program, b->compilation, target);
    b->program.types.no_tail_padding = b->options.fault == COMPILE_FAULT_no_tail_padding;
    b->program.config.shared_loops = b->options.fault == COMPILE_FAULT_shared_loops;
    b->program.config.allow_missing_bodies = true;
    if (b->keep_going)
        b->compilation->diags.limit = 0;
    b->roots[0] = (struct package_root){b->module.path, b->module.root ? b->module.root : ".", true, false};
    b->options.library = format("%s/compiler/lib", gomem_root());
    b->roots[1] = (struct package_root){"", b->options.library, false, true};
    static struct buildtag_set tags;
    tags = (struct buildtag_set){
        .os = "linux", .arch = target->name, .release = (unsigned)b->module.language, .extra = extra};
    package_loader_init(&b->loader, &b->program, b->roots, 2, &tags, b->module.language);
}

static const char *import_path(const struct build *b, const char *operand)
{
    if (starts_with(operand, "./"))
        return operand[2] ? format("%s/%s", b->module.path, operand + 2) : b->module.path;
    return strcmp(operand, ".") ? operand : b->module.path;
}

static bool failed(struct build *b)
{
    if (!diag_any(&b->compilation->diags))
        return false;
    diag_print(&b->compilation->diags, stderr);
    return true;
}

static void gather(struct package *p, struct vec *out)
{
    for (size_t i = 0; i < out->len; i++)
        if (out->at[i] == p)
            return;
    for (uint32_t i = 0; i < p->import_count; i++)
        if (strcmp(p->imports[i]->path, "unsafe"))
            gather(p->imports[i], out);
    vec_push(out, p);
}

static bool initialised(const struct package *p, const struct vec *before)
{
    for (uint32_t i = 0; i < p->import_count; i++) {
        bool found = !strcmp(p->imports[i]->path, "unsafe");
        for (size_t k = 0; k < before->len && !found; k++)
            found = before->at[k] == p->imports[i];
        if (!found)
            return false;
    }
    return true;
}

static int by_path(const void *x, const void *y)
{
    return strcmp((*(struct package *const *)x)->path, (*(struct package *const *)y)->path);
}

// order_initialisation puts what stands behind the first packages in the order of Go: again and again the first, by import path, whose
// imports are all there.
static void order_initialisation(struct vec *packages, size_t first)
{
    size_t rest = packages->len - first;
    struct package **waiting = xalloc(rest * sizeof *waiting + 1);
    memcpy(waiting, packages->at + first, rest * sizeof *waiting);
    qsort(waiting, rest, sizeof *waiting, by_path);
    for (packages->len = first; rest; rest--) {
        size_t i = 0;
        while (!initialised(waiting[i], packages))
            i++;
        vec_push(packages, waiting[i]);
        memmove(waiting + i, waiting + i + 1, (rest - 1 - i) * sizeof *waiting);
    }
    free(waiting);
}

static char *package_object(struct build *b, struct package *p)
{
    if (b->inlined)
        inline_package(&b->program, p, ESCAPE_RELEASE_NEWEST);
    const char *text = lower_package(&b->program, p, &b->options);
    return diag_any(&b->compilation->diags) ? NULL : object_of(b, p->path, text);
}

// ---- units ----

static char *out_path(const struct build *b, const char *operand)
{
    const char *slash = strrchr(operand, '/'), *name = slash ? slash + 1 : operand;
    if (!b->out)
        return xstrdup(!*name || !strcmp(name, ".") ? "unit.so" : name);
    if (ends_with(b->out, "/") || is_dir(b->out))
        return format("%s%s%s", b->out, ends_with(b->out, "/") ? "" : "/", name);
    return xstrdup(b->out);
}

// link_all links objects: to a unit, or with the archive of a backend to an executable.
static bool link_all(const struct build *b, const struct vec *objects, const char *out,
                     const struct program_request *program)
{
    struct vec argv = {0};
    vec_push(&argv, (char *)c_compiler(b));
    if (!program || !program->archive)
        vec_push(&argv, "-shared");
    else if (ends_with(program->archive, ".a"))
        vec_push(&argv, "-static");
    struct vec always = flags_of(b);
    push_all(&argv, &always); // the machine; and with -flto it is here that code is generated
    vec_push(&argv, "-o");
    vec_push(&argv, (char *)out);
    for (size_t i = 0; i < objects->len; i++)
        vec_push(&argv, objects->at[i]);
    if (program && program->archive) {
        vec_push(&argv, (char *)program->starter);
        vec_push(&argv, (char *)program->archive);
        char *real = realpath(program->archive, NULL), *slash = real ? strrchr(real, '/') : NULL;
        if (slash && !ends_with(real, ".a"))
            vec_push(&argv, format("-Wl,-rpath,%.*s", (int)(slash - real), real));
    }
    vec_push(&argv, "-lm");
    vec_push(&argv, "-lpthread");
    make_parent_dirs(out);
    return finished_well(start(&argv));
}

// keep_sources puts the C of a unit's packages beside it, in UNIT.src/, for people: names there do not change with the contents.
static void keep_sources(const struct vec *objects, const char *unit)
{
    char *dir = format("%s.src", unit);
    make_dirs(dir);
    for (size_t i = 0; i < objects->len; i++) {
        const char *object = objects->at[i], *name = strrchr(object, '/') + 1, *dash = strrchr(name, '-');
        char *source = format("%.*s.c", (int)strlen(object) - 2, object),
             *copy = format("%s/%.*s.c", dir, (int)(dash - name), name);
        unlink(copy);
        if (link(source, copy) && errno != ENOENT) { // another file system, or one without links
            size_t len;
            char *text = read_file(source, &len);
            if (text)
                write_file(copy, text, len);
        }
    }
}

// A unit in the making: its objects, and where it goes.
struct unit {
    struct vec objects;
    char *out;
};

// require_main refuses a main package without func main.
static void require_main(struct build *b, struct package *p)
{
    struct object *o = scope_lookup(p->scope, ident_intern(&b->compilation->idents, "main", 4));
    if (!o || o->kind != OBJECT_FUNC)
        diag_error(&b->compilation->diags, p->files[0]->package->pos,
                   "function main is undeclared in the main package");
}

static struct unit *plan_unit(struct build *b, struct package *main, const char *operand)
{
    struct unit *u = xalloc(sizeof *u);
    struct vec packages = {0};
    require_main(b, main);
    struct package *runtime = package_load(&b->loader, "runtime");
    if (!runtime || diag_any(&b->compilation->diags))
        return NULL;
    gather(runtime, &packages);
    size_t first = packages.len;
    gather(main, &packages);
    order_initialisation(&packages, first);
    b->options.reflects = false;
    for (size_t i = 0; i < packages.len; i++)
        b->options.reflects |= !strcmp(((struct package *)packages.at[i])->path, "reflect");
    for (size_t i = 0; i < packages.len; i++) {
        char *object = package_object(b, packages.at[i]);
        if (!object)
            return NULL;
        vec_push(&u->objects, object);
    }
    const char *text = lower_unit(&b->program, (struct package **)packages.at, (uint32_t)packages.len, main->path);
    vec_push(&u->objects, object_of(b, format("%s.unit", main->path), text));
    vec_push(&u->objects, support_object(b, "rt"));
    vec_push(&u->objects, support_object(b, "ops"));
    vec_push(&u->objects, support_object(b, "places"));
    u->out = out_path(b, operand);
    return u;
}

// load_operand loads the package that operand i names; NULL, and told why, when it has errors.
static struct package *load_operand(struct build *b, size_t i)
{
    const char *path = import_path(b, b->operands.at[i]);
    struct package *p = package_load(&b->loader, path);
    if (failed(b))
        return NULL;
    if (!p)
        die(EXIT_FAILED, "package %s is not found", path);
    return p;
}

// print_diagnostics prints what `go build -gcflags=-m` does: where variables and allocations live.
static void print_diagnostics(struct build *b, struct package *p)
{
    struct text out;
    text_init(&out, &b->compilation->arena);
    if (b->inlined)
        inline_diagnostics(&b->program, p, b->module.language, false, &out);
    else
        escape_diagnostics(&b->program, p, b->module.language, false, &out);
    fputs(text_string(&out), stderr);
}

// diagnose_all prints what is imported first, as the calls of an imported package are inlined for its importer.
static int diagnose_all(struct build *b)
{
    struct vec all = {0};
    struct package **wanted = xalloc(b->operands.len * sizeof *wanted);
    for (size_t i = 0; i < b->operands.len; i++) {
        wanted[i] = load_operand(b, i);
        if (!wanted[i])
            return EXIT_FAILED;
        gather(wanted[i], &all);
    }
    for (size_t k = 0; k < all.len; k++)
        for (size_t i = 0; i < b->operands.len; i++)
            if (wanted[i] == all.at[k]) {
                print_diagnostics(b, wanted[i]);
                break;
            }
    free(wanted);
    return EXIT_CONFORMS;
}

static int build_all(struct build *b)
{
    struct vec units = {0};
    if (b->diagnostics)
        return diagnose_all(b);
    for (size_t i = 0; i < b->operands.len; i++) {
        struct package *p = load_operand(b, i);
        if (!p)
            return EXIT_FAILED;
        if (b->keep_going || strcmp(p->name->text, "main"))
            continue;
        struct unit *u = plan_unit(b, p, b->operands.at[i]);
        if (!u) {
            failed(b);
            return EXIT_FAILED;
        }
        vec_push(&units, u);
    }
    if (!run_compiles(b))
        return EXIT_FAILED;
    for (size_t i = 0; i < units.len; i++) {
        const struct unit *u = units.at[i];
        if (!link_all(b, &u->objects, u->out, NULL))
            return EXIT_FAILED;
        keep_sources(&u->objects, u->out);
    }
    return EXIT_CONFORMS;
}

// choose_fault: what the compiler does wrong on purpose is the environment's to say, which a build's words do not reach (harness/runtime.c).
static void choose_fault(struct build *b)
{
    const char *name = getenv("GOMEM_FAULT");
    if (!name || !*name)
        return;
    b->options.fault = compile_fault_named(name);
    if (b->options.fault == COMPILE_CORRECTLY)
        die(EXIT_BACKEND, "the compiler has no fault '%s'", name);
    b->options.no_escape |= b->options.fault == COMPILE_FAULT_all_escapes;
}

static void parse_words(struct build *b, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-o") && i + 1 < argc)
            b->out = argv[++i];
        else if (!strcmp(argv[i], "-e"))
            b->keep_going = true;
        else if (!strcmp(argv[i], "-m"))
            b->diagnostics = true;
        else if (!strcmp(argv[i], "--lto"))
            b->whole = true;
        else if (!strcmp(argv[i], "--race"))
            b->race = true;
        else if (!strcmp(argv[i], "--no-escape"))
            b->options.no_escape = true;
        else if (!strcmp(argv[i], "--inline"))
            b->inlined = true;
        else if (argv[i][0] == '-')
            die(EXIT_FAILED, "not supported: gomem build %s", argv[i]);
        else
            vec_push(&b->operands, argv[i]);
    }
    if (!b->operands.len)
        vec_push(&b->operands, ".");
}

// require_target: layouts are known of more machines than code is made for.
static void require_target(struct build *b)
{
    b->machine = machines;
    for (size_t i = 0; i < COUNT_OF(machines); i++)
        if (!strcmp(machines[i].arch, architecture()))
            b->machine = &machines[i];
    if (!b->keep_going && strcmp(b->machine->arch, architecture()))
        die(EXIT_FAILED, "not supported: code for GOARCH=%s", architecture());
}

int cmd_unit(int argc, char **argv)
{
    struct build b = {.module = gomod_read(".")};
    if (argc < 2 || strcmp(argv[1], "build"))
        die(EXIT_USAGE, "gomem unit is for the harness: gomem unit build ...; users take gomem build and gomem run");
    parse_words(&b, argc - 1, argv + 1);
    choose_fault(&b);
    require_target(&b);
    open_program(&b);
    int status = build_all(&b);
    gomem_compilation_free(b.compilation);
    return status;
}

// ---- programs of users ----

static struct package *load_program(struct build *b, const struct program_request *r)
{
    if (r->files.len)
        return package_load_files(&b->loader, format("%s/program", b->module.path), (const char *const *)r->files.at,
                                  (uint32_t)r->files.len);
    struct package *p = package_load(&b->loader, gomod_import(&b->module, r->dir));
    if (!p)
        die(EXIT_FAILED, "no Go files in %s", r->dir);
    return p;
}

static bool make_program(struct build *b, const struct program_request *r)
{
    struct package *p = load_program(b, r);
    if (diag_any(&b->compilation->diags))
        return false;
    if (strcmp(p->name->text, "main"))
        die(EXIT_FAILED, "package %s in %s is no program: only package main is", p->name->text, r->dir);
    struct unit *u = plan_unit(b, p, r->out);
    if (!u)
        return false;
    if (r->archive)
        vec_push(&u->objects,
                 object_of(b, "options", format("const char gomem_backend_options[] = \"%s\";\n", r->options)));
    return run_compiles(b) && link_all(b, &u->objects, r->out, r);
}

int program_build(const struct program_request *r)
{
    struct build b = {
        .out = r->out, .inlined = r->inlined, .module = r->module, .options = {.no_escape = r->no_escape}};
    for (const char *o = r->options; o && *o; o++)
        if (strchr("\"\\\n", *o))
            die(EXIT_USAGE, "a backend's options hold no quotes: %s", r->options);
    if (strcmp(architecture(), "amd64"))
        die(EXIT_FAILED, "not supported: programs for GOARCH=%s", architecture());
    require_target(&b);
    open_program(&b);
    if (!r->module.root)
        b.roots[0].directory = r->dir;
    bool ok = make_program(&b, r);
    failed(&b);
    gomem_compilation_free(b.compilation);
    return ok ? EXIT_CONFORMS : EXIT_FAILED;
}
