// Unit tests of the harness: what needs no toolchain and no command line. TAP on stdout. Each group is a table where it can be.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buildtag.h"
#include "catalog.h"
#include "child.h"
#include "commands.h"
#include "grade.h"
#include "output.h"
#include "protocol.h"
#include "run.h"
#include "util.h"

const char *gomem_program = "gomem"; // main.c's, which is not linked

const char *gomem_root(void)
{
    return ".";
}

const char *gomem_build_dir(void)
{
    return ".";
}

const char *gomem_bin_dir(void)
{
    return ".";
}

static int tests, failures;

static bool ok(bool holds, const char *name)
{
    printf("%sok %d - %s\n", holds ? "" : "not ", ++tests, name);
    failures += !holds;
    return holds;
}

static void same(const char *got, const char *want, const char *name)
{
    if (!ok(got && want ? !strcmp(got, want) : got == want, name))
        printf("# got  %s\n# want %s\n", got ? got : "(null)", want ? want : "(null)");
}

static void contains(const char *got, const char *part, const char *name)
{
    if (!ok(got && strstr(got, part), name))
        printf("# got  %s\n# want %s in it\n", got ? got : "(null)", part);
}

// ---- patterns, tags, numbers ----

static void test_glob(void)
{
    static const struct {
        const char *pattern, *text;
        bool holds;
    } row[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"a*", "", false},
        {"ALLOC.NEW", "ALLOC.NEW", true},
        {"ALLOC.NEW", "ALLOC.NEWER", false},
        {"ALLOC.*", "ALLOC.NEW", true},
        {"*.NEW", "ALLOC.NEW", true},
        {"*.NEW", "ALLOC.NEWER", false},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-c-b", false},
        {"**", "x", true},
        {"a**", "a", true},
        {"*a", "aaaa", true},
        {"?", "a", false}, // only * is special
        {"a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++)
        ok(glob(row[i].pattern, row[i].text) == row[i].holds, format("glob '%s' on '%s'", row[i].pattern, row[i].text));
}

static void test_tags(void)
{
    static const struct {
        const char *expression;
        bool holds;
    } row[] = {
        {"go1.22", true},
        {"go1.23", false},
        {"!go1.23", true},
        {"linux", true},
        {"gomem", false},
        {"!gomem", true},
        {"linux && go1.22", true},
        {"linux && !go1.22", false},
        {"gomem || go1.1", true},
        {"gomem && go1.1 || linux", true},
        {"gomem && (go1.1 || linux)", false},
        {"!(gomem || windows)", true},
        {"!!linux", true},
        {"", false}, // what is malformed holds nothing, also not by its negation
        {"linux &&", false},
        {"linux & go1.1", false},
        {"(linux", false},
        {"linux)", false},
        {"linux go1.1", false},
        {"!", false},
        {"|| linux", false},
    };
    struct vec tags = {0};
    vec_push(&tags, (char *)"linux");
    for (size_t i = 0; i < COUNT_OF(row); i++)
        ok(tags_hold(row[i].expression, 22, &tags) == row[i].holds, format("build tags '%s'", row[i].expression));
}

static void test_bounds(void)
{
    static const struct {
        const char *text;
        bool good;
        int minor;
        bool language;
    } row[] = {
        {"-", true, 0, false},     {"1.24", true, 24, false},  {"lang1.22", true, 22, true},
        {"1.", false, 0, false},   {"1.x", false, 0, false},   {"2.4", false, 0, false},
        {"1.-4", false, 0, false}, {"1.24x", false, 0, false}, {"", false, 0, false},
        {"1.0", false, 0, false},  {"lang", false, 0, false},  {"1.99999999999", false, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct bound b;
        bool good = parse_bound(row[i].text, &b);
        ok(good == row[i].good && (!good || (b.minor == row[i].minor && b.language == row[i].language)),
           format("bound '%s'", row[i].text));
    }
}

static void test_text(void)
{
    same(trim(xstrdup(" \t a b \r\n")), "a b", "trim");
    same(trim(xstrdup(" \n")), "", "trim of blanks");
    same(excerpt("\n\n  first\nsecond"), "first", "excerpt takes the first line that is not blank");
    same(excerpt("a\tb\x1b[0m"), "a b [0m", "excerpt has no control characters");
    char longer[5000];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = 0;
    ok(strlen(excerpt(longer)) < 400, "excerpt is bounded");
    struct vec words = split(xstrdup("  a  b "), " ");
    ok(words.len == 2 && !strcmp(words.at[0], "a") && !words.at[2], "split drops empty words and ends with NULL");
    ok(seed_of(1, "a/B") == seed_of(1, "a/B") && seed_of(1, "a/B") != seed_of(2, "a/B") &&
           seed_of(1, "a/B") != seed_of(1, "a/C"),
       "a case's seed depends on the run's seed and its name");
}

// ---- the catalogue ----

static void test_catalog(void)
{
    static const struct {
        const char *line, *wrong; // NULL: nothing
    } row[] = {
        {"A.B\tLANG\t-\t-\t-\tspec\tA claim.", NULL},
        {"A.C2\tIMPL\tSRC,PRECISE\t1.19\tlang1.22\tspec\tA claim.", NULL},
        {"# a comment", NULL},
        {"", NULL},
        {"A.D\tLANG\t-\t-\t-\tspec", "7 columns"},
        {"A.D\tLANG\t-\t-\t-\tspec\tA claim.\tmore", "7 columns"},
        {"a.d\tLANG\t-\t-\t-\tspec\tA claim.", "the id"},
        {"AD\tLANG\t-\t-\t-\tspec\tA claim.", "the id"},
        {"A.\tLANG\t-\t-\t-\tspec\tA claim.", "the id"},
        {"A..D\tLANG\t-\t-\t-\tspec\tA claim.", "the id"},
        {"A.D\tlang\t-\t-\t-\tspec\tA claim.", "the strength"},
        {"A.D\tLANG\tSRCX\t-\t-\tspec\tA claim.", "the marks"},
        {"A.D\tLANG\t\t-\t-\tspec\tA claim.", "the marks"},
        {"A.D\tLANG\t-\t2.1\t-\tspec\tA claim.", "since and until"},
        {"A.D\tLANG\t-\t-\tx\tspec\tA claim.", "since and until"},
        {"A.D\tLANG\t-\t-\t-\t\tA claim.", "is empty"},
        {"A.D\tLANG\t-\t-\t-\tspec\t", "is empty"},
        {"A.B\tLANG\t-\t-\t-\tspec\tA claim.", "there already"},
    };
    char root[] = "/tmp/gomem-unit.XXXXXX";
    if (!mkdtemp(root))
        die(EXIT_FAILED, "cannot make a temporary folder: %s", strerror(errno));
    struct buf b = {0};
    for (size_t i = 0; i < COUNT_OF(row); i++)
        buf_printf(&b, "%s\n", row[i].line);
    char *path = format("%s/spec/rules.tsv", root);
    write_file(path, b.data, b.len);
    struct catalog c = catalog_load(root);
    ok(c.len == 2, "well-formed rules are taken, others are not");
    size_t e = 0;
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        if (!row[i].wrong)
            continue;
        const char *error = c.errors[e] ? c.errors[e++] : NULL;
        contains(error, row[i].wrong, format("rules.tsv line %zu: %s", i + 1, row[i].wrong));
        contains(error, format("rules.tsv:%zu: ", i + 1), "its error names the line");
    }
    ok(!c.errors[e], "and no error more");
    const struct rule *r = catalog_find(&c, "A.C2");
    ok(r && r->src && r->precise && r->since.minor == 19 && r->until.language && r->until.minor == 22,
       "a rule's columns");
    unlink(path);
    rmdir(format("%s/spec", root));
    rmdir(root);
}

// ---- the verdict pipe ----

static void test_protocol(void)
{
    struct report r = report_parse("begin T\nfail a b\nnote n\noutcome 3 1 0\ndone T\n", "T");
    ok(r.begun && r.done && !r.garbled && r.fails.len == 1 && r.notes.len == 1 && r.outcomes.len == 1,
       "a whole report");
    same(r.fails.at[0], "a b", "a failure's text");
    const struct observed *o = r.outcomes.at[0];
    ok(o->count == 3 && !strcmp(o->key, "1 0"), "an outcome's count and key");
    static const struct {
        const char *text, *garbled;
        bool begun, done;
        const char *name;
    } row[] = {
        {"", NULL, false, false, "nothing"},
        {"begin T\n", NULL, true, false, "no end"},
        {"begin T\ndone T", NULL, true, true, "the last line's end may be missing"},
        {"done T\n", "done T", false, false, "an end without a beginning"},
        {"begin X\ndone X\n", "begin X", false, false, "another token"},
        {"begin T\ndone X\n", "done X", true, false, "an end with another token"},
        {"begin T\nbegin T\ndone T\n", "begin T", true, true, "two beginnings"},
        {"begin T\ndone T\ndone T\n", "done T", true, true, "two ends"},
        {"begin T\nhello\ndone T\n", "hello", true, true, "a word"},
        {"begin T\nhello there\ndone T\n", "hello there", true, true, "an unknown line"},
        {"begin T\noutcome x 1\ndone T\n", "outcome x 1", true, true, "an outcome without a count"},
        {"begin T\noutcome -1 1\ndone T\n", "outcome -1 1", true, true, "a negative count"},
        {"begin T\noutcome 3\ndone T\n", "outcome 3", true, true, "an outcome without a key"},
        {"begin TT\ndone T\n", "begin TT", false, false, "a longer token"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        r = report_parse(row[i].text, "T");
        ok(r.begun == row[i].begun && r.done == row[i].done, format("protocol: %s", row[i].name));
        same(r.garbled, row[i].garbled, format("protocol: %s: the line that is wrong", row[i].name));
    }
}

// ---- grading ----

static const struct rule lang_rule = {.id = "A.B", .strength = LANG}, impl_rule = {.id = "A.I", .strength = IMPL},
                         free_rule = {.id = "A.F", .strength = FREE};
static struct gofile file = {.path = (char *)"a/b.go", .package = (char *)"a"};

static struct kase a_case(const struct rule *rule)
{
    return (struct kase){.name = (char *)"a/B",
                         .area = (char *)"a",
                         .rule = rule,
                         .kind = FUNCTION,
                         .file = &file,
                         .claim = (char *)"c"};
}

// graded judges a process that ended so and said what verdict and err have.
static struct grading graded(const struct backend *b, const struct kase *c, struct child_result r, const char *verdict,
                             const char *err)
{
    static const struct child_spec spec = {.token = "T", .timeout = 60, .memory_mib = 100};
    buf_puts(&r.stream[STREAM_VERDICT], verdict);
    buf_puts(&r.stream[STREAM_ERR], err);
    return grade_run(b, c, &r, &spec);
}

static void test_endings(void)
{
    static const char whole[] = "begin T\ndone T\n";
    static const struct {
        enum ending ending;
        int status, signal, leftovers;
        const char *verdict, *err;
        enum verdict want;
        const char *text;
    } row[] = {
        {ENDED_EXIT, 0, 0, 0, whole, "", PASS, NULL},
        {ENDED_EXIT, 0, 0, 0, "begin T\n", "", FAIL, "before the case returned"},
        {ENDED_EXIT, 0, 0, 0, "", "", FAIL, "before the case began"},
        {ENDED_EXIT, 1, 0, 0, whole, "", CRASH, "status 1 after the case returned"},
        {ENDED_EXIT, 2, 0, 0, "begin T\n", "x\npanic: boom\n", CRASH, ": panic: boom"},
        {ENDED_SIGNAL, 0, SIGSEGV, 0, "begin T\n", "", CRASH, "signal 11 (Segmentation fault)"},
        {ENDED_SIGNAL, 0, SIGKILL, 0, whole, "", CRASH, "signal 9"},
        {ENDED_TIMEOUT, 0, 9, 0, whole, "", TIMEOUT, "did not end within 60 s"},
        {ENDED_MEMORY, 0, 9, 0, whole, "", FAIL, "more than 100 MiB"},
        {ENDED_FLOOD, 0, 9, 0, whole, "", FAIL, "flooded"},
        {ENDED_UNSTARTED, ENOENT, 0, 0, "", "", FAIL, "cannot be started: No such file"},
        {ENDED_EXIT, 0, 0, 2, whole, "", FAIL, "left 2 processes behind"},
        {ENDED_EXIT, 0, 0, 0, "begin T\nfail one\nfail two\ndone T\n", "", FAIL, "one (and 1 more)"},
        {ENDED_EXIT, 0, 0, 0, "begin T\nrubbish\ndone T\n", "", FAIL, "none of the protocol's: rubbish"},
        {ENDED_TIMEOUT, 0, 9, 0, "begin T\nfail one\n", "", TIMEOUT, "did not end"},
    };
    struct backend b = {.gc_profile = true, .minor = 26};
    struct kase c = a_case(&lang_rule);
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct child_result r = {
            .ending = row[i].ending, .status = row[i].status, .signal = row[i].signal, .leftovers = row[i].leftovers};
        struct grading g = graded(&b, &c, r, row[i].verdict, row[i].err);
        if (row[i].text)
            contains(g.text, row[i].text, format("ending %zu: %s", i, row[i].text));
        ok(g.verdict == row[i].want, format("ending %zu: %s", i, verdict_name[row[i].want]));
    }
}

static void test_race_lane(void)
{
    static const char whole[] = "begin T\ndone T\n", banner[] = "==================\nWARNING: DATA RACE\n";
    struct backend b = {.race = true};
    struct kase silent = a_case(&lang_rule), report = a_case(&free_rule);
    silent.race = RACE_SILENT;
    report.race = RACE_REPORT;
    struct child_result clean = {.ending = ENDED_EXIT}, raced = {.ending = ENDED_EXIT, .status = 66};
    ok(graded(&b, &silent, clean, whole, "").verdict == PASS, "race silent, no report");
    ok(graded(&b, &silent, raced, whole, banner).verdict == FAIL, "race silent, a report");
    ok(graded(&b, &report, raced, whole, banner).verdict == PASS, "race report, a report");
    ok(graded(&b, &report, clean, whole, "").verdict == FAIL, "race report, none");
    ok(graded(&b, &report, raced, whole, "").verdict == FAIL, "race report, only the status");
}

static void test_settle(void)
{
    struct backend gc = {.gc_profile = true}, other = {0};
    struct kase lang = a_case(&lang_rule), impl = a_case(&impl_rule), wrong = a_case(&impl_rule);
    wrong.error = (char *)"malformed";
    static char why[] = "not yet";
    const struct {
        const struct backend *b;
        struct kase *c;
        char *expected;
        enum verdict before, after;
    } row[] = {
        {&gc, &lang, NULL, PASS, PASS},           {&gc, &lang, NULL, FAIL, FAIL},
        {&gc, &impl, NULL, FAIL, FAIL},           {&other, &impl, NULL, FAIL, DIFFERENCE},
        {&other, &lang, NULL, FAIL, FAIL},        {&other, &impl, NULL, TIMEOUT, TIMEOUT},
        {&other, &impl, NULL, CRASH, DIFFERENCE}, {&other, &wrong, NULL, FAIL, FAIL},
        {&gc, &lang, why, FAIL, XFAIL},           {&gc, &lang, why, CRASH, XFAIL},
        {&gc, &lang, why, PASS, XPASS},           {&other, &impl, why, FAIL, XFAIL},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct item it = {.c = row[i].c, .expected = row[i].expected, .verdict = row[i].before};
        settle(row[i].b, &it);
        ok(it.verdict == row[i].after,
           format("settle %zu: %s becomes %s", i, verdict_name[row[i].before], verdict_name[row[i].after]));
    }
    ok(is_bad(FAIL) && is_bad(CRASH) && is_bad(TIMEOUT) && is_bad(XPASS) && !is_bad(PASS) && !is_bad(XFAIL) &&
           !is_bad(SKIP) && !is_bad(DIFFERENCE),
       "which verdicts fail a check");
}

// ---- processes ----

static struct child_result run_shell(const char *script, struct child_spec spec)
{
    char *argv[] = {(char *)"bash", (char *)"-c", (char *)script, NULL};
    spec.argv = argv;
    spec.keep = spec.keep ? spec.keep : 4096;
    spec.timeout = spec.timeout > 0 ? spec.timeout : 60;
    return pool_run(&spec);
}

static void test_processes(void)
{
    struct child_result r = run_shell("echo out; echo err >&2; exit 5", (struct child_spec){0});
    ok(r.ending == ENDED_EXIT && r.status == 5, "a status");
    same(buf_text(&r.stream[STREAM_OUT]), "out\n", "its stdout");
    same(buf_text(&r.stream[STREAM_ERR]), "err\n", "its stderr");
    r = run_shell("kill -SEGV $$", (struct child_spec){0});
    ok(r.ending == ENDED_SIGNAL && r.signal == SIGSEGV, "a signal");
    r = run_shell("trap '' TERM INT; sleep 100", (struct child_spec){.timeout = 0.3});
    ok(r.ending == ENDED_TIMEOUT && r.leftovers == 0, "the watchdog");
    r = run_shell("exec perl -e '$x = \"x\" x (100 << 20); sleep 300'", (struct child_spec){.memory_mib = 64});
    ok(r.ending == ENDED_MEMORY && r.peak_mib >= 64, "the cap on memory");
    r = run_shell("yes", (struct child_spec){.keep = 10});
    ok(r.ending == ENDED_FLOOD && r.stream[STREAM_OUT].len == 10, "the cap on output, and what is kept of it");
    r = run_shell("yes begin >&3", (struct child_spec){.verdict = true});
    ok(r.ending == ENDED_FLOOD, "the cap on the verdict pipe");
    r = run_shell("printf 'a\\0b'; printf 'c\\0d' >&3", (struct child_spec){.verdict = true});
    same(buf_text(&r.stream[STREAM_OUT]), "a?b", "a NUL on stdout hides nothing");
    same(buf_text(&r.stream[STREAM_VERDICT]), "c?d", "a NUL on the verdict pipe hides nothing");
    r = run_shell("sleep 300 & setsid sleep 300 </dev/null >/dev/null 2>&1 & disown -a", (struct child_spec){0});
    ok(r.ending == ENDED_EXIT && r.leftovers == 2, "what it leaves behind is counted");
    r = run_shell("read x; echo \"$?\"; ls /proc/self/fd | wc -w", (struct child_spec){0});
    same(buf_text(&r.stream[STREAM_OUT]), "1\n4\n", "stdin is empty, and no descriptor of the driver gets through");
    char *none[] = {(char *)"/no/such/program", NULL};
    r = pool_run(&(struct child_spec){.argv = none});
    ok(r.ending == ENDED_UNSTARTED && r.status == ENOENT, "a program that is not there");
    contains(ending_text(&r, &(struct child_spec){0}), "No such file", "and the words for it");
}

// Two children have ended when the pool looks; the first one to be taken must not answer for the other one's stray.
static void test_strays(void)
{
    char *innocent[] = {(char *)"bash", (char *)"-c", (char *)"exit 3", NULL};
    char *guilty[] = {(char *)"bash", (char *)"-c",
                      (char *)"setsid env -i sleep 300 >/dev/null 2>&1 & disown -a; exit 4", NULL};
    struct child_spec first = {.argv = innocent, .timeout = 60}, second = {.argv = guilty, .timeout = 60};
    bool stop;
    pool_start(&first);
    pool_start(&second);
    siginfo_t info;
    for (int ended = 0; ended < 2; usleep(10000)) { // both are zombies
        char *children = read_file(format("/proc/self/task/%d/children", (int)getpid()), NULL);
        struct vec pids = split(children, " ");
        ended = 0;
        for (size_t i = 0; i < pids.len; i++) {
            info = (siginfo_t){0};
            waitid(P_PID, (id_t)atol(pids.at[i]), &info, WEXITED | WNOHANG | WNOWAIT);
            ended += info.si_pid != 0;
        }
    }
    for (int i = 0; i < 2; i++) {
        struct child_result r = pool_next(&stop);
        ok(r.leftovers == (r.status == 4), r.status == 4 ? "a stray is its origin's" : "and nobody else's");
    }
}

static void test_environment(void)
{
    setenv("UNIT_A", "outer", 1);
    setenv("GOMEM_TOKEN", "outer", 1);
    struct vec env = {0};
    vec_push(&env, (char *)"UNIT_A=first");
    vec_push(&env, (char *)"UNIT_A=second");
    struct child_result r =
        run_shell("env | grep -c ^UNIT_A=; echo $UNIT_A $GOMEM_TOKEN", (struct child_spec){.env = env});
    same(buf_text(&r.stream[STREAM_OUT]), "1\nsecond\n",
         "a variable comes once, the last one wins, an outer token does not come");
    r = run_shell("echo $GOMEM_TOKEN", (struct child_spec){.token = "inner"});
    same(buf_text(&r.stream[STREAM_OUT]), "inner\n", "the token");
}

int main(void)
{
    test_glob();
    test_tags();
    test_bounds();
    test_text();
    test_catalog();
    test_protocol();
    test_endings();
    test_race_lane();
    test_settle();
    test_processes();
    test_strays();
    test_environment();
    printf("1..%d\n", tests);
    return failures ? EXIT_FAILED : EXIT_CONFORMS;
}
