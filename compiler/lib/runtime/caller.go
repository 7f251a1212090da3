package runtime

import "gomem/rt"

// Caller tells where the call skip frames up is; 0 is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if rt.Callers(skip+1, pcs[:]) == 0 {
		return
	}
	_, file, line = rt.Place(pcs[0])
	return pcs[0], file, line, true
}

// Callers puts the places of the calls under way into pc and returns how many; skip 0 is Callers itself.
func Callers(skip int, pc []uintptr) int { return rt.Callers(skip, pc) }

// Func is a function.
type Func struct {
	pc   uintptr
	name string
}

// FuncForPC is the function that pc is in, or whose value's Pointer it is by package reflect: numbers of Caller and Callers are no addresses
// of code. It is nil for another number.
func FuncForPC(pc uintptr) *Func {
	name, _, _ := rt.Place(pc)
	if name == "" {
		return nil
	}
	return &Func{pc, name}
}

func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.name
}

// Entry is what FuncForPC was given.
func (f *Func) Entry() uintptr { return f.pc }

// FileLine tells where pc is.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	_, file, line = rt.Place(pc)
	return file, line
}

// Frame is one of Frames.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// Frames gives what Callers found, one by one.
type Frames struct {
	pcs []uintptr
}

func CallersFrames(callers []uintptr) *Frames { return &Frames{callers} }

// Next returns the next frame, and whether there are more.
func (f *Frames) Next() (frame Frame, more bool) {
	if len(f.pcs) == 0 {
		return
	}
	pc := f.pcs[0]
	f.pcs = f.pcs[1:]
	frame.PC, frame.Func = pc, FuncForPC(pc)
	frame.Function, frame.File, frame.Line = rt.Place(pc)
	return frame, len(f.pcs) > 0
}

func decimal(b []byte, n uint64) []byte {
	if n >= 10 {
		b = decimal(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

// Stack puts the traceback of the goroutine that calls it into buf, as much as fits, and returns how much. Those of others are not shown, and its number is
// not known here.
func Stack(buf []byte, all bool) int {
	text := append([]byte(nil), "goroutine 1 [running]:\n"...)
	pcs := make([]uintptr, 128)
	for _, pc := range pcs[:rt.Callers(1, pcs)] {
		name, file, line := rt.Place(pc)
		text = append(append(text, name...), "(...)\n\t"...)
		text = append(append(text, file...), ':')
		text = append(decimal(text, uint64(line)), '\n')
	}
	return copy(buf, text)
}
