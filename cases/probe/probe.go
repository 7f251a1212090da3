//go:build gomem

// Package probe opens a runtime backend to white-box cases: it is what the contract's group probe offers. Cases that import it
// are in files with the tag gomem, say `needs probe`, and are skipped on toolchains and on backends without the group.
package probe

import (
	"gomem/cases/check"
	"gomem/rt"
)

// Counter returns a count since the start: locks, refills, grows, os_grows or sweeps (spec/gomem.h). It allocates nothing.
func Counter(name string) uint64 {
	n := rt.Counter(name)
	if n == ^uint64(0) {
		check.Fatal("the backend's probe has no counter", name)
	}
	return n
}
