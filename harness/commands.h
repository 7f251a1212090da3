// The commands of gomem, one file each (cmd_*.c). Each returns an exit status (util.h).
#ifndef GOMEM_COMMANDS_H
#define GOMEM_COMMANDS_H

#include "options.h"

int cmd_check(const struct options *o);
int cmd_bench(const struct options *o);
int cmd_list(const struct options *o);
int cmd_explain(const struct options *o);
int cmd_lint(const struct options *o);
int cmd_merge(const struct options *o);
int cmd_diff(const struct options *o);
int cmd_matrix(const struct options *o);
// These take their own words.
int cmd_build(int argc, char **argv);
int cmd_layout(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_escape(int argc, char **argv);
int cmd_unit(int argc, char **argv);

extern const char *gomem_program; // how the user called gomem

// gomem_root finds gomem's folder: GOMEM_ROOT, the folder above the executable's, or where it is installed.
const char *gomem_root(void);
// gomem_build_dir is where gomem may write: GOMEM_BUILD, else ROOT/build, or when it is installed the user's cache.
const char *gomem_build_dir(void);
// gomem_bin_dir is where gomem's executables are.
const char *gomem_bin_dir(void);

#endif
