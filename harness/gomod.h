// The module that Go files belong to: what gomem reads of its go.mod.
#ifndef GOMEM_GOMOD_H
#define GOMEM_GOMOD_H

struct gomod {
    const char *root; // the folder with go.mod, "." for this one; NULL: none
    const char *path; // the module's; "main" without one
    int language;     // minor version of its go line; the newest one without
};

// gomod_find walks up from a folder to the go.mod above it.
struct gomod gomod_find(const char *dir);
// gomod_read reads the go.mod of a folder (NULL: there is none).
struct gomod gomod_read(const char *root);
// gomod_import is the import path of a folder in the module, or of the folder itself when there is no module.
const char *gomod_import(const struct gomod *m, const char *dir);

#endif
