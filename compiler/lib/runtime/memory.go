package runtime

import (
	"gomem/rt"
	"unsafe"
)

// MemStats are statistics of the allocator and the collector.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// statistics has room for one reading, so that reading allocates nothing.
var statistics rt.MemStats

// ReadMemStats fills m with exact numbers.
func ReadMemStats(m *MemStats) {
	s := &statistics
	rt.ReadStats(s)
	m.Alloc, m.TotalAlloc, m.Sys, m.Lookups = s.HeapAlloc, s.TotalAlloc, s.Sys, s.Lookups
	m.Mallocs, m.Frees = s.Mallocs, s.Frees
	m.HeapAlloc, m.HeapSys, m.HeapIdle, m.HeapInuse = s.HeapAlloc, s.HeapSys, s.HeapIdle, s.HeapInuse
	m.HeapReleased, m.HeapObjects = s.HeapReleased, s.HeapObjects
	m.StackInuse, m.StackSys = s.StackInuse, s.StackSys
	m.NextGC, m.LastGC, m.PauseTotalNs, m.PauseNs = s.NextGC, s.LastGC, s.PauseTotalNs, s.PauseNs
	m.PauseEnd = s.PauseEnd
	m.NumGC, m.NumForcedGC, m.GCCPUFraction = s.NumGC, s.NumForcedGC, s.GCCPUFraction
	m.EnableGC = true
	for i := range m.BySize {
		c := &s.BySize[i]
		m.BySize[i].Size, m.BySize[i].Mallocs, m.BySize[i].Frees = uint32(c.Size), c.Mallocs, c.Frees
	}
}

// SetFinalizer has finalizer called with obj once obj is unreachable; nil takes it back.
func SetFinalizer(obj any, finalizer any) {
	t, f := rt.Unpack(obj).Type, rt.Unpack(finalizer).Type
	switch {
	case t == nil:
		rt.Fatal("runtime.SetFinalizer: first argument is nil")
	case t.Kind != rt.Pointer:
		rt.Fatal("runtime.SetFinalizer: first argument is " + t.Name + ", not pointer")
	case f == nil:
	case f.Kind != rt.Func:
		rt.Fatal("runtime.SetFinalizer: second argument is " + f.Name + ", not a function")
	case !takes(f, t):
		why := ""
		if len(f.Name) > 8 && f.Name[:8] == "func(..." {
			why = " because dotdotdot"
		}
		rt.Fatal("runtime.SetFinalizer: cannot pass " + t.Name + " to finalizer " + f.Name + why)
	}
	rt.SetFinalizer(obj, finalizer)
}

// takes tells whether a function of type f may be called with a pointer of type t alone.
func takes(f, t *rt.Type) bool {
	p := f.Elem
	switch {
	case f.Call == nil:
		return false
	case p == t:
		return true
	case p.Kind == rt.Interface:
		return p.MethodCount == 0 || rt.Itab(p, t) != nil
	}
	return p.Elem == t.Elem && (p.Flags&rt.Named == 0 || t.Flags&rt.Named == 0)
}

// Cleanup is a handle of what AddCleanup attached.
type Cleanup struct {
	id  uint64
	ptr uintptr
}

// AddCleanup has cleanup(arg) run once ptr is unreachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	p := unsafe.Pointer(ptr)
	if p == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	a := rt.Unpack(any(arg))
	if a.Type != nil && (a.Type.Kind == rt.Pointer || a.Type.Kind == rt.UnsafePointer) && a.Data == p {
		panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
	}
	id := rt.AddCleanup(p, func() { cleanup(arg) })
	return Cleanup{id, uintptr(p)}
}

// Stop takes the cleanup back, if it has not been queued yet.
func (c Cleanup) Stop() {
	if c.id != 0 {
		rt.StopCleanup(unsafe.Pointer(c.ptr), c.id)
	}
}
