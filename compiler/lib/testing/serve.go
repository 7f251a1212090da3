package testing

// A program of benchmarks serves gomem-bench (harness/shim), which decides how often what is run. The program's argument names a
// benchmark, Name or Name/Sub. On stdin come requests, lines of `run N`; end of input ends the program. The answer to each, on
// descriptor 3, is lines: `metric VALUE UNIT` for each number of the benchmark's own, then `ran NS MALLOCS BYTES`, or `failed TEXT`, or
// `skip TEXT`; first of all `failed TEXT` when there is no such benchmark.

import (
	"strconv"
	"strings"
	"unsafe"

	"gomem/rt"
)

const (
	requests = 0
	answers  = 3
)

// server is one benchmark being served.
type server struct {
	name  string // of what to run: Name or Name/Sub
	found bool
	pace  float64 // nanoseconds that an op took last
	input [64]byte
	held  int // bytes of input that are read
}

// Serve runs one of the benchmarks, the one that the program's argument names, as often as it is asked to.
func Serve(all []InternalBenchmark) {
	s := new(server)
	if args := rt.Args(); len(args) > 1 {
		s.name = args[1]
	}
	for _, x := range all {
		switch {
		case s.name == x.Name:
			s.serve(x.F)
		case within(x.Name, s.name):
			b := &B{common: common{name: x.Name}, N: 1, server: s}
			b.run(x.F)
			s.give(b, false)
		}
	}
	if !s.found {
		answer("failed no benchmark is called '" + s.name + "'")
	}
}

const benchmarksBelow = "it has sub-benchmarks: //bench:rows above it names them"

// within tells whether name is that of a benchmark below outer.
func within(outer, name string) bool {
	return len(name) > len(outer) && name[:len(outer)] == outer && name[len(outer)] == '/'
}

// Run runs a benchmark below b, if it is the one that is asked for. What is asked for is no sum of others.
func (b *B) Run(name string, f func(b *B)) bool {
	s := b.server
	if s == nil {
		return true
	}
	if b.name == s.name {
		b.Fatal(benchmarksBelow)
	}
	full := b.name + "/" + name
	switch {
	case full == s.name:
		b.StopTimer()
		s.serve(f)
	case within(full, s.name):
		sub := &B{common: common{name: full}, N: 1, server: s}
		sub.run(f)
		s.give(sub, false)
	}
	return true
}

// serve answers requests until there are no more.
func (s *server) serve(f func(b *B)) {
	s.found = true
	for {
		n := s.request()
		if n == 0 {
			return
		}
		b := &B{common: common{name: s.name}, N: n, pace: s.pace, server: s}
		b.run(f)
		s.pace = float64(b.spent) / float64(n)
		s.give(b, true)
	}
}

// give answers with what a run came to. Of one that only leads to the benchmark asked for, with its failure alone.
func (s *server) give(b *B, measured bool) {
	switch {
	case b.failed:
		s.found = true
		answer("failed " + strings.Join(b.log, " "))
	case b.skipped:
		s.found = true
		answer("skip " + strings.Join(b.log, " "))
	case measured:
		if b.perOp > 0 && b.spent > 0 {
			b.ReportMetric(float64(b.perOp)*float64(b.N)*1e3/float64(b.spent), "MB/s")
		}
		for _, m := range b.metrics {
			answer("metric " + strconv.FormatFloat(m.value, 'g', -1, 64) + " " + m.unit)
		}
		counts := []int64{b.spent, int64(b.mallocs.total), int64(b.bytes.total)}
		line := "ran"
		for _, n := range counts {
			line += " " + strconv.FormatInt(n, 10)
		}
		answer(line)
	}
}

// request is the next one's N, 0 at the end of input.
func (s *server) request() int {
	for {
		for i := 0; i < s.held; i++ {
			if s.input[i] != '\n' {
				continue
			}
			n := 0
			for _, c := range s.input[:i] {
				if c >= '0' && c <= '9' {
					n = n*10 + int(c-'0')
				}
			}
			s.held = copy(s.input[:], s.input[i+1:s.held])
			return n
		}
		if s.held == len(s.input) {
			rt.Fatal("testing: a request is too long")
		}
		n, errno := rt.Read(requests, unsafe.Pointer(&s.input[s.held]), len(s.input)-s.held)
		if errno != 0 || n == 0 {
			return 0
		}
		s.held += n
	}
}

func answer(line string) {
	bytes := []byte(line + "\n")
	for len(bytes) > 0 {
		n, errno := rt.Write(answers, unsafe.Pointer(&bytes[0]), len(bytes))
		if errno != 0 {
			rt.Exit(1)
		}
		bytes = bytes[n:]
	}
}
