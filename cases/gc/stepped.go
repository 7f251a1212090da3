//go:build gomem

package gc

// Colours, step by step: GC.TRICOLOR.

import (
	"unsafe"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// All blocks are white at first, also in the second cycle and the third; then what roots refer to is grey, and the rest white; a grey
// block that is scanned is black and has made grey what it refers to, and no more; at the end what is reachable is black.
//
//gomem:case GC.TRICOLOR
//gomem:needs probe
func ColoursInOrder() {
	stepped(func() {
		blocks := chain(8)
		for cycle := 0; cycle < 3; cycle++ {
			probe.Step(probe.Marking)
			colours("at the start", probe.White, blocks...)
			probe.Step(probe.Roots)
			for i := range blocks {
				colours("behind", probe.Black, blocks[:i]...)
				colours("at", probe.Grey, blocks[i])
				colours("ahead", probe.White, blocks[i+1:]...)
				check.That("a grey block can be scanned", probe.Blacken(blocks[i]))
			}
			probe.Step(probe.Marked)
			colours("at the end", probe.Black, blocks...)
			probe.Step(probe.Done)
		}
		check.That("chain", root.holds(8))
	})
}

// What is white at the end of marking is freed, and only that; white and black blocks lie side by side in the same spans.
//
//gomem:case GC.TRICOLOR
//gomem:needs probe
func WhiteIsFreed() {
	stepped(func() {
		var live, dead []uintptr
		root = nil
		for i := 0; i < 300; i++ {
			n := newNode(i)
			if i%3 == 0 {
				n.next = root
				root = n
				live = append(live, hidden(n))
			} else {
				dead = append(dead, hidden(n))
			}
		}
		probe.Step(probe.Marked)
		colours("reachable", probe.Black, live...)
		colours("unreachable", probe.White, dead...)
		frees := stats().Frees
		probe.Step(probe.Done)
		check.Within("blocks freed by sweeping", int(stats().Frees-frees), len(dead), len(dead)+100)
		colours("freed", probe.NoBlock, dead...)
		colours("kept", probe.White, live...)
	})
}

// A graph of 200 blocks with random edges, and a program that changes edges at random after each step: at any time each white block that a
// black one refers to is also reached from a grey one through white ones (the weak invariant), and what the program can still reach
// at the end is black.
//
//gomem:case GC.TRICOLOR
//gomem:needs probe
//gomem:timeout 120
func BlackToWhiteIsProtected() {
	stepped(func() {
		random := new(check.Rand)
		for i := check.Scale(3, 30, 300); i > 0; i-- {
			graphCycle(random)
		}
	})
}

type vertex struct {
	out   [3]*vertex
	index int
}

// graph holds every vertex that is not garbage yet, as numbers.
var graph [200]uintptr
var entry *vertex

func graphCycle(random *check.Rand) {
	var all [len(graph)]*vertex
	for i := range all {
		all[i] = &vertex{index: i}
		graph[i] = probe.Hidden(unsafe.Pointer(all[i]))
	}
	for i := range all {
		for k := range all[i].out {
			all[i].out[k] = all[random.Intn(len(all))]
		}
	}
	entry = all[0]
	all = [len(graph)]*vertex{}
	probe.Step(probe.Roots)
	probe.Scan(probe.Goroutine())
	for probe.Mark(1+random.Intn(20)) > 0 {
		for i := random.Intn(10); i > 0; i-- {
			walk(random).out[random.Intn(3)] = walk(random)
		}
		invariant()
	}
	probe.Step(probe.Marked)
	for i := 0; i < 300; i++ {
		if v := walk(random); graph[v.index] != probe.Hidden(unsafe.Pointer(v)) {
			check.Fatal("a vertex holds what it should not", v.index)
		}
		colours("reachable at the end", probe.Black, probe.Hidden(unsafe.Pointer(walk(random))))
	}
	probe.Step(probe.Done)
}

// walk returns a vertex that is some random edges away from the entry.
func walk(random *check.Rand) *vertex {
	v := entry
	for i := random.Intn(12); i > 0; i-- {
		if next := v.out[random.Intn(3)]; next != nil {
			v = next
		}
	}
	return v
}

// invariant walks from the grey vertices through white ones, and then looks whether each white successor of a reachable black one was met.
func invariant() {
	var colour [len(graph)]probe.Colour
	var met [len(graph)]bool
	var walkWhite func(v *vertex)
	walkWhite = func(v *vertex) {
		for _, next := range v.out {
			if next != nil && colour[next.index] == probe.White && !met[next.index] {
				met[next.index] = true
				walkWhite(next)
			}
		}
	}
	reached := reachable()
	for i, v := range reached {
		if v != nil {
			colour[i] = probe.ColourOf(graph[i])
		}
	}
	for i, v := range reached {
		if v != nil && colour[i] == probe.Grey {
			walkWhite(v)
		}
	}
	for i, v := range reached {
		for k := 0; v != nil && colour[i] == probe.Black && k < len(v.out); k++ {
			if next := v.out[k]; next != nil && colour[next.index] == probe.White && !met[next.index] {
				check.Fatal("black", i, "refers to white", next.index, "which no grey block protects")
			}
		}
	}
}

func reachable() [len(graph)]*vertex {
	var found [len(graph)]*vertex
	var visit func(v *vertex)
	visit = func(v *vertex) {
		if v == nil || found[v.index] != nil {
			return
		}
		found[v.index] = v
		for _, next := range v.out {
			visit(next)
		}
	}
	visit(entry)
	return found
}
