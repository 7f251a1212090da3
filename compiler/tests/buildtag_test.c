/*
 * buildtag_test: file names, constraints and headers of files, for gomem on linux/amd64 with release 1.26 and the tag x.
 */
#include "../buildtag.h"
#include "tap.h"

static const char *const extra[] = {"x", NULL};
static const struct buildtag_set set = {.os = "linux", .arch = "amd64", .release = 26, .extra = extra};

static const struct {
    const char *name;
    bool match;
} names[] = {
    {"a.go", true},
    {"a_linux.go", true},
    {"a_windows.go", false},
    {"a_amd64.go", true},
    {"a_386.go", false},
    {"a_linux_amd64.go", true},
    {"a_linux_arm.go", false},
    {"a_darwin_amd64.go", false},
    {"a_test.go", false},
    {"a_linux_test.go", false},
    {"linux.go", true},
    {"amd64.go", true},
    {"linux_386.go", false},
    {"windows_amd64.go", true},
    {"a_unix.go", true},
    {"a_foo_amd64.go", true},
    {"a_windows_foo.go", true},
    {"dir_windows/a.go", true},
    {"_a.go", false},
    {".a.go", false},
    {"a_amd64_linux.go", true},
    {"a_windows.x_linux.go", false},
};

static const struct {
    const char *text;
    int value; /* -1: malformed */
} constraints[] = {
    {"linux", 1},
    {"windows", 0},
    {"!windows", 1},
    {"linux && amd64", 1},
    {"linux && 386", 0},
    {"windows || amd64", 1},
    {"!(windows || 386)", 1},
    {"linux&&!386||y", 1},
    {"x", 1},
    {"y", 0},
    {"gomem", 1},
    {"gc", 0},
    {"unix", 1},
    {"go1.1", 1},
    {"go1.26", 1},
    {"go1.27", 0},
    {"go1.100", 0},
    {"go1.x", 0},
    {"go1", 0},
    {"go2.1", 0},
    {"cgo", 0},
    {"windows && linux || amd64", 1},
    {"windows && (linux || amd64)", 0},
    {" \tlinux\t", 1},
    {"", -1},
    {"linux linux", -1},
    {"(linux", -1},
    {"linux)", -1},
    {"!!linux", -1},
    {"linux &&", -1},
    {"|| linux", -1},
    {"linux & amd64", -1},
    {"a-b", -1},
    {"linux,amd64", -1},
    {"!", -1},
    {"()", -1},
};

static const struct {
    const char *text;
    int match; /* -1: an error */
} files[] = {
    {"package p\n", 1},
    {"//go:build windows\n\npackage p\n", 0},
    {"//go:build linux\npackage p\n", 1},
    {"// Copyright\n\n/* more\n//go:build windows\n*/\n\n//go:build x\n\npackage p\n", 1},
    {"package p\n//go:build windows\n", 1},
    {"// go:build windows\npackage p\n", 1},
    {"//go:buildx windows\npackage p\n", 1},
    {"\xef\xbb\xbf//go:build windows\r\npackage p\n", 0},
    {"//go:build linux\n//go:build x\npackage p\n", -1},
    {"//go:build (linux\npackage p\n", -1},
    {"//go:build", -1},
    {"", 1},
    {"/*", 1},
    {"//", 1},
    {"/* */ //go:build windows\npackage p\n", 1},
};

int main(void)
{
    struct tap t = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        tap_ok(&t, buildtag_match_name(&set, names[i].name) == names[i].match, "name %s", names[i].name);
    struct buildtag_set with_tests = set;
    with_tests.tests = true;
    tap_ok(&t,
           buildtag_match_name(&with_tests, "a_linux_test.go") && !buildtag_match_name(&with_tests, "a_386_test.go"),
           "_test files take part when asked for");
    for (size_t i = 0; i < sizeof constraints / sizeof *constraints; i++) {
        const char *error;
        size_t offset;
        bool value = buildtag_evaluate(&set, constraints[i].text, strlen(constraints[i].text), &error, &offset);
        tap_ok(&t, constraints[i].value < 0 ? error != NULL && !value : !error && value == constraints[i].value,
               "constraint %s", constraints[i].text);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct gomem_compilation *c = gomem_compilation_new();
        struct source_file *f = source_add(&c->sources, "a.go", files[i].text, strlen(files[i].text));
        bool match = buildtag_match_file(c, &set, f);
        tap_ok(&t, files[i].match < 0 ? diag_any(&c->diags) : !diag_any(&c->diags) && match == files[i].match,
               "file %zu", i + 1);
        gomem_compilation_free(c);
    }
    return tap_done(&t);
}
