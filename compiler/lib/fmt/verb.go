package fmt

import (
	"gomem/rt"
	"unsafe"
)

// value is a value of type t at p. Of what an unexported field led to no method is called.
type value struct {
	t      *rt.Type
	p      unsafe.Pointer
	hidden bool
}

// arg prints an operand.
func (p *printer) arg(a any, verb rune) {
	e := rt.Unpack(a)
	if e.Type == nil {
		if verb == 'T' || verb == 'v' {
			p.pad("<nil>")
			return
		}
		p.badVerb(value{}, verb)
		return
	}
	v := value{t: e.Type, p: e.Address()}
	switch {
	case verb == 'T':
		p.string(v.t.Name, 's')
	case verb == 'p':
		p.pointer(v, 'p')
	case v.t.MethodCount > 0 && (p.shown(a, v.t, verb) || p.methods(a, verb)):
	case v.isBytes() && (verb == 'v' || verb == 'd'):
		p.bytes(*(*[]byte)(v.p), verb)
	case verb == 'w' && !v.isBytes(): // bytes complain one by one
		p.badVerb(v, verb)
	default:
		p.value(v, verb, 0)
	}
}

func (p *printer) badVerb(v value, verb rune) {
	p.erroring = true
	p.complain(verb)
	p.putc('(')
	if v.t == nil {
		p.puts("<nil>")
	} else {
		p.typeOf(v)
		p.putc('=')
		p.value(v, 'v', 0)
	}
	p.putc(')')
	p.erroring = false
}

// shower is reflect.Value, of which an operand prints as the value that it is: without its methods when it is hidden.
type shower interface {
	Shown() (t *rt.Type, p unsafe.Pointer, hidden bool)
}

func (p *printer) shown(a any, t *rt.Type, verb rune) bool {
	s, ok := a.(shower)
	if !ok || t.Name != "reflect.Value" { // what embeds one has its method
		return false
	}
	v := value{}
	if v.t, v.p, v.hidden = s.Shown(); v.t == nil {
		p.puts("<invalid reflect.Value>")
		return true
	}
	own := v
	if v.t.Kind == rt.Interface {
		own = v.dynamic()
	}
	switch {
	case !v.hidden && own.t != nil && own.t.MethodCount > 0 && p.methods(own.any(), verb):
	case !v.hidden && verb == 'w':
		p.badVerb(own, verb)
	default:
		p.value(v, verb, 0)
	}
	return true
}

// methods lets the operand format itself; false when it has no method for the verb.
func (p *printer) methods(a any, verb rune) (done bool) {
	if p.erroring {
		return false
	}
	if verb == 'w' {
		if _, ok := a.(error); !ok || !p.wraps {
			return false
		}
		verb = 'v'
	}
	if f, ok := a.(Formatter); ok {
		done = true
		defer p.caught(a, verb, "Format")
		f.Format(p, verb)
		return true
	}
	if p.sharpV {
		if g, ok := a.(GoStringer); ok {
			done = true
			defer p.caught(a, verb, "GoString")
			p.pad(p.cut(g.GoString()))
			return true
		}
		return false
	}
	switch verb {
	case 'v', 's', 'x', 'X', 'q':
	default:
		return false
	}
	switch x := a.(type) {
	case error:
		done = true
		defer p.caught(a, verb, "Error")
		p.string(x.Error(), verb)
		return true
	case Stringer:
		done = true
		defer p.caught(a, verb, "String")
		p.string(x.String(), verb)
		return true
	}
	return false
}

// caught turns a panic of a method into text; that of a nil pointer's into <nil>.
func (p *printer) caught(a any, verb rune, method string) {
	err := recover()
	if err == nil {
		return
	}
	e := rt.Unpack(a)
	if e.Type.Kind == rt.Pointer && e.Data == nil {
		p.puts("<nil>")
		return
	}
	if p.panicking {
		panic(err)
	}
	saved := p.flags
	p.flags = flags{}
	p.complain(verb)
	p.puts("(PANIC=" + method + " method: ")
	p.panicking = true
	p.arg(err, 'v')
	p.panicking = false
	p.putc(')')
	p.flags = saved
}

// value prints one by its kind.
func (p *printer) value(v value, verb rune, depth int) {
	if depth > 0 && !v.hidden && v.t.MethodCount > 0 && v.t.Kind != rt.Interface && p.methods(v.any(), verb) {
		return
	}
	if !p.leaf(v, verb) && !p.composite(v, verb, depth) {
		p.badVerb(v, verb)
	}
}

// leaf prints numbers, strings and truth values; false for others and verbs that are not theirs.
func (p *printer) leaf(v value, verb rune) bool {
	switch {
	case v.t.Kind == rt.Bool:
		return p.bool(*(*bool)(v.p), verb)
	case v.isInt():
		return p.integer(uint64(v.int()), true, verb)
	case v.isUint():
		return p.integer(v.uint(), false, verb)
	}
	switch v.t.Kind {
	case rt.Float32, rt.Float64:
		return p.float(v.float(), int(v.t.Size)*8, verb)
	case rt.Complex64, rt.Complex128:
		return p.complex(v.complex(), int(v.t.Size)*4, verb)
	case rt.String:
		return p.string(*(*string)(v.p), verb)
	}
	return false
}

// pointer prints an address.
func (p *printer) pointer(v value, verb rune) bool {
	var u uint64
	switch v.t.Kind {
	case rt.Chan, rt.Map, rt.Pointer, rt.Slice, rt.UnsafePointer:
		u = uint64(*(*uintptr)(v.p))
	case rt.Func:
		if closure := *(**uintptr)(v.p); closure != nil {
			u = uint64(*closure)
		}
	default:
		p.badVerb(v, verb)
		return true
	}
	switch verb {
	case 'v':
		switch {
		case p.sharpV:
			p.putc('(')
			p.typeOf(v)
			p.puts(")(")
			if u == 0 {
				p.puts("nil")
			} else {
				p.hex(u, true)
			}
			p.putc(')')
		case u == 0:
			p.pad("<nil>")
		default:
			p.hex(u, !p.sharp)
		}
	case 'p':
		p.hex(u, !p.sharp)
	case 'b', 'o', 'd', 'x', 'X':
		p.integer(u, false, verb)
	default:
		return false
	}
	return true
}
