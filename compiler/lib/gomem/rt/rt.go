// Package rt is the ground that gomem's library stands on: functions without bodies, which the compiler maps to the
// operations of the contract spec/gomem.h and to a few lines of C beside them. Only library packages import it.
//
// A comment names the operation; where there is none, the function is C's. Layouts of structs are the contract's.
package rt

import "unsafe"

// Goroutines: sched.

func Yield()
func MaxProcs(n int) int
func NumGoroutine() int
func LockThread()
func UnlockThread()
func NumCPU() int
func SetMaxThreads(n int) int

// The probe: probe. Only gomem/cases/probe and gomem/cases/check use these.

func Counter(name string) uint64
func GCStep(phase int)
func GCScan(goroutine uint64) bool
func GCMark(n int) int
func GCBlacken(address uintptr) bool
func GCAssists(on bool)
func Colour(address uintptr) int
func GCCheck(on bool)
func Goroutine() uint64
func AdvanceClock(ns int64)

// FindLeaks is probe's leaks and returns how many there are. The others tell of the i-th that was found last: its number, what it waits
// for, and its k-th call, the innermost first, as Place takes it (0 behind the last).
func FindLeaks() int
func LeakGoroutine(i int) uint64
func LeakWaitsFor(i int) string
func LeakCall(i, k int) uintptr

// Kinds of Holder, as enum gomem_holder_kind.
const (
	HeldByVariable = iota
	HeldByGoroutine
	HeldByRuntime
	HeldByBlock
)

// Holder is gomem_holder, with a place as Place takes it.
type Holder struct {
	Kind                   int
	Name                   string
	Address, Bytes, Offset uintptr
	Goroutine              uint64
	Place                  uintptr
}

// FindHolders is probe's retainers and returns how many there are; -1: the backend cannot tell. HolderAt tells of the i-th that was found last.
func FindHolders(address uintptr) int
func HolderAt(i int, h *Holder)

// Panics: panics.

func Goexit()
func Fatal(text string)
func Trap()

// The stack: stack.

func SetMaxStack(bytes int64) int64

// The collector: collector.

// SizeStats is gomem_size_stats.
type SizeStats struct {
	Size, Mallocs, Frees uint64
}

// MemStats is gomem_mem_stats.
type MemStats struct {
	Mallocs, Frees, TotalAlloc                                         uint64
	HeapAlloc, HeapSys, HeapIdle, HeapInuse, HeapReleased, HeapObjects uint64
	StackInuse, StackSys, Sys, NextGC, PauseTotalNs, Lookups           uint64
	NumGC, NumForcedGC                                                 uint32
	LastGC                                                             uint64
	PauseNs, PauseEnd                                                  [256]uint64
	GCCPUFraction                                                      float64
	BySize                                                             [61]SizeStats
}

func Collect()
func SetPercent(percent int32) int32
func SetLimit(bytes int64) int64
func FreeOSMemory()
func ReadStats(s *MemStats)
func SetFinalizer(obj, finalizer any)
func AddCleanup(obj unsafe.Pointer, fn func()) uint64
func StopCleanup(obj unsafe.Pointer, id uint64)
func WeakMake(obj unsafe.Pointer) unsafe.Pointer
func WeakGet(handle unsafe.Pointer) unsafe.Pointer

// Held is what a cache keeps for later use: what was put since the last collection began, and before it.
type Held struct {
	Now, Before []any
	Next        *Held
	Listed      bool // in the list that AgeHeld is told of
}

// AgeHeld is collector's before_cycle: for each in the list Now becomes Before, and what was there is dropped; who has nothing left leaves
// the list.
func AgeHeld(first **Held)

// Locks: locks. The pointers are to gomem_mutex, gomem_rwmutex, gomem_waitgroup and gomem_notify_list.

func Lock(m unsafe.Pointer)
func TryLock(m unsafe.Pointer) bool
func Unlock(m unsafe.Pointer)
func RLock(m unsafe.Pointer)
func TryRLock(m unsafe.Pointer) bool
func RUnlock(m unsafe.Pointer)
func WLock(m unsafe.Pointer)
func TryWLock(m unsafe.Pointer) bool
func WUnlock(m unsafe.Pointer)
func WaitAdd(w unsafe.Pointer, delta int)
func Wait(w unsafe.Pointer)
func NotifyTicket(l unsafe.Pointer) uint32
func NotifyWait(l unsafe.Pointer, ticket uint32)
func NotifyOne(l unsafe.Pointer)
func NotifyAll(l unsafe.Pointer)

// Time: time.

// Timer is gomem_timer.
type Timer struct {
	C            unsafe.Pointer // a channel's
	Fn           func()
	When, Period int64
	impl         unsafe.Pointer
}

func Now() int64
func Wall() int64
func Sleep(ns int64)
func StartTimer(t *Timer)
func StopTimer(t *Timer) bool
func ResetTimer(t *Timer, when, period int64) bool

// Types: descriptors, as the contract lays them out.

// Type is gomem_type.
type Type struct {
	Size, PtrData     uintptr
	mask              *byte
	maskSize          uintptr
	Hash              uint32
	Align, FieldAlign uint8
	Kind, Flags       uint8
	equal, hasher     unsafe.Pointer
	Name, Package     string
	Elem, Key         *Type
	Len               uintptr
	fields            *Field
	FieldCount        uintptr
	methods           *Method
	MethodCount       uintptr
	Call              unsafe.Pointer
}

// Method is gomem_method: Code is called with an interface's data word for a receiver.
type Method struct {
	Name, Package string
	Type          *Type
	Code          unsafe.Pointer
}

// MethodAt is the i-th method of a type, by name.
func (t *Type) MethodAt(i int) *Method {
	return (*Method)(unsafe.Add(unsafe.Pointer(t.methods), uintptr(i)*unsafe.Sizeof(Method{})))
}

// Reflection is gomem_reflection.
type Reflection struct {
	Type                    *Type
	tags                    *string
	Package                 string
	params, results         **Type
	paramCount, resultCount uintptr
	Variadic                bool
	call                    unsafe.Pointer
	Made                    unsafe.Pointer
}

// Tag is that of the i-th field.
func (r *Reflection) Tag(i int) string {
	if r.tags == nil {
		return ""
	}
	return unsafe.Slice(r.tags, r.Type.FieldCount)[i]
}

// Params and Results are the types of a func type's.
func (r *Reflection) Params() []*Type  { return unsafe.Slice(r.params, r.paramCount) }
func (r *Reflection) Results() []*Type { return unsafe.Slice(r.results, r.resultCount) }

// Reflections are those of the program, some types' several times.
func Reflections() []*Reflection

// SetTypes gives a func type its parameters and results.
func (r *Reflection) SetTypes(params, results []*Type) {
	r.params, r.paramCount = unsafe.SliceData(params), uintptr(len(params))
	r.results, r.resultCount = unsafe.SliceData(results), uintptr(len(results))
}

// SetTags gives a struct type's fields their tags.
func (r *Reflection) SetTags(tags []string) { r.tags = unsafe.SliceData(tags) }

// MaskLike gives an array type the mask of its elements.
func (t *Type) MaskLike(elem *Type) { t.mask, t.maskSize = elem.mask, elem.maskSize }

// bit tells whether the word at a place in a value of the type may hold a pointer.
func (t *Type) bit(at uintptr) bool {
	if at >= t.PtrData {
		return false
	}
	word := at % t.maskSize / unsafe.Sizeof(at)
	return unsafe.Slice(t.mask, word/8+1)[word/8]>>(word%8)&1 != 0
}

// SetFields gives a struct type, whose size is known, its fields and its mask.
func (t *Type) SetFields(fields []Field) {
	t.fields, t.FieldCount = unsafe.SliceData(fields), uintptr(len(fields))
	const size = unsafe.Sizeof(t)
	mask := make([]byte, (t.PtrData+size-1)/size/8+1)
	for _, f := range fields {
		for at := uintptr(0); at < f.Type.PtrData; at += size {
			if word := (f.Offset + at) / size; f.Type.bit(at) {
				mask[word/8] |= 1 << (word % 8)
			}
		}
	}
	t.mask, t.maskSize = unsafe.SliceData(mask), t.Size
}

// PassRecovery lets what its caller calls next recover in the caller's place, when that is a deferred call.
func PassRecovery()

// Call calls code of a func type with a closure or receiver first; args and results are the addresses of values.
func Call(t *Reflection, code, first, args, results unsafe.Pointer)

// Equal compares the values at a and b of a comparable type.
func Equal(t *Type, a, b unsafe.Pointer) bool

// Field is gomem_field.
type Field struct {
	Name               string
	Type               *Type
	Offset             uintptr
	Exported, Embedded bool
}

// Flags of a Type.
const (
	Direct  = 1
	Named   = 2
	Regular = 4
)

// Kinds of a Type, as reflect numbers them.
const (
	Invalid = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Uintptr
	Float32
	Float64
	Complex64
	Complex128
	Array
	Chan
	Func
	Interface
	Map
	Pointer
	Slice
	String
	Struct
	UnsafePointer
)

// Eface is an interface value of type any.
type Eface struct {
	Type *Type
	Data unsafe.Pointer
}

// Unpack shows the two words of v.
func Unpack(v any) Eface {
	return *(*Eface)(unsafe.Pointer(&v))
}

// Pack makes an interface value of its two words.
func Pack(t *Type, data unsafe.Pointer) any {
	e := Eface{t, data}
	return *(*any)(unsafe.Pointer(&e))
}

// Address tells where the value in e is.
func (e *Eface) Address() unsafe.Pointer {
	if e.Type.Flags&Direct != 0 {
		return unsafe.Pointer(&e.Data)
	}
	return e.Data
}

// Load is the value of type t at p as an interface holds it: a copy.
func Load(t *Type, p unsafe.Pointer) any {
	switch {
	case t.Kind == Interface:
		e := Dynamic(t, p)
		return Pack(e.Type, e.Data)
	case t.Flags&Direct != 0:
		return Pack(t, *(*unsafe.Pointer)(p))
	}
	copied := NewObject(t)
	TypedCopy(t, copied, p, 1)
	return Pack(t, copied)
}

// table is gomem_itab.
type table struct {
	iface, concrete *Type
}

// Dynamic is what the interface value of type t at p holds.
func Dynamic(t *Type, p unsafe.Pointer) Eface {
	e := *(*Eface)(p)
	if t.MethodCount > 0 && e.Type != nil {
		e.Type = (*table)(unsafe.Pointer(e.Type)).concrete
	}
	return e
}

// MapEntries copies the entries of map m of type t: n keys and elements, in the order of an iteration.
func MapEntries(t *Type, m unsafe.Pointer) (keys, elems unsafe.Pointer, n int)

// MapIter is gomem_map_iter: the pointers in it are first the map, its type, where the key and the element are.
type MapIter struct {
	Pointers [10]unsafe.Pointer
	Scalars  [6]uintptr
}

// MapStart and MapNext go to the first and to the next entry of map m of type t and copy it to key and elem; false behind the last.
func MapStart(t *Type, m unsafe.Pointer, it *MapIter, key, elem unsafe.Pointer) bool
func MapNext(t *Type, it *MapIter, key, elem unsafe.Pointer) bool

// MapAccess is where the element of *key is in map m of type t, nil when there is none; good until the map is used again.
func MapAccess(t *Type, m, key unsafe.Pointer) unsafe.Pointer

func MapAssign(t *Type, m, key unsafe.Pointer) unsafe.Pointer
func MapDelete(t *Type, m, key unsafe.Pointer)
func MapClear(t *Type, m unsafe.Pointer)
func MakeMap(t *Type, hint int) unsafe.Pointer

// Channels: chans.

func MakeChan(t *Type, n int) unsafe.Pointer
func Send(c, elem unsafe.Pointer)
func Recv(c, elem unsafe.Pointer) bool
func CloseChan(c unsafe.Pointer)
func ChanLen(c unsafe.Pointer) int
func ChanCap(c unsafe.Pointer) int

// SelectCase is gomem_select_case.
type SelectCase struct{ Chan, Elem unsafe.Pointer }

// Select is chans's select: sends stand before receives; -1 is the default.
func Select(cases *SelectCase, sends, n int, hasDefault bool) (chosen int, received bool)

// FieldAt is the i-th field of a struct type.
func (t *Type) FieldAt(i int) *Field {
	return (*Field)(unsafe.Add(unsafe.Pointer(t.fields), uintptr(i)*unsafe.Sizeof(Field{})))
}

// Comparable tells whether values of the type can be compared.
func (t *Type) Comparable() bool {
	return t.equal != nil
}

// Itab is the method table of a concrete type for an interface type with methods; nil when it lacks one.
func Itab(iface, concrete *Type) unsafe.Pointer

// Room makes a slice without elements and with capacity for n or more, as append does.
func Room(n int) []byte

// FloatText is v in its shortest form, with the exponent that print gives it; bits is 32 or 64.
func FloatText(v float64, bits int) string

// NewObject is heap's new_object.
func NewObject(t *Type) unsafe.Pointer

// GrowSlice is heap's grow_slice: s, whatever its elements, with room for need of them, as append gives it.
func GrowSlice(elem *Type, s []byte, need int) []byte

// NewArray is heap's new_array: n values in a row.
func NewArray(t *Type, n int) unsafe.Pointer

// TypedCopy is barrier's copy: n values of type t.
func TypedCopy(t *Type, dst, src unsafe.Pointer, n int)

// The system. errno is 0 when all went well.

func Exit(status int)
func PageSize() int
func Args() []string
func Getenv(name string) (value string, found bool)
func Write(fd int, p unsafe.Pointer, n int) (written, errno int)
func Read(fd int, p unsafe.Pointer, n int) (read, errno int)
func Open(path string, flags, mode int) (fd, errno int) // flags as the system numbers them
func ReadAt(fd int, p unsafe.Pointer, n int, offset int64) (read, errno int)
func WriteAt(fd int, p unsafe.Pointer, n int, offset int64) (written, errno int)
func Truncate(fd int, size int64) (errno int)
func IsFolder(path string, follow bool) bool // follow: or a link to one
func Remove(path string) (errno int)
func RemoveAll(path string) (errno int) // with what is below it
func Rename(from, to string) (errno int)
func Chdir(path string) (errno int)
func Getwd() (path string, errno int)
func Getpid() int
func Setenv(name, value string, set bool) (errno int) // or takes it away
func Environ() []string
func Mkdir(path string, mode int) (errno int)
func Seek(fd, offset, whence int) (at, errno int)
func Close(fd int) (errno int)
func Pipe() (r, w, errno int)
func Readlink(path string) (target string, errno int)
func ErrorString(errno int) string

// Callers puts places of calls, the innermost first, into pcs and returns how many: skip 0 is the caller of Callers. A place is a
// number other than 0 that stands for it for good.
func Callers(skip int, pcs []uintptr) int

// Place tells of such a number, or of where a function's code begins, in programs that import reflect; of another one function is "".
func Place(pc uintptr) (function, file string, line int)
