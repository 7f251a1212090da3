package alloc

// How maps grow, and what they keep meanwhile: ALLOC.MAP.*. What make costs is in make.go.

import (
	"runtime"
	"runtime/debug"
	"strconv"

	"gomem/cases/check"
)

// fill makes a map of n entries, 0 … n-1.
func fill(n int) map[int64]int64 {
	m := make(map[int64]int64)
	for i := 0; i < n; i++ {
		m[int64(i)] = int64(i)
	}
	return m
}

// Filling a map allocates for its first entry and at inserts 9, 15, 29, 57 and 113, when 7/8 of the slots are used, and at no other.
//
//gomem:case ALLOC.MAP.GROW.SWISS
//gomem:needs counts
func MapGrowsAtSevenEighths() {
	grows := map[int]bool{1: true, 9: true, 15: true, 29: true, 57: true, 113: true}
	before := check.Allocs(func() { mapSink = fill(0) })
	for n := 1; n <= 120; n++ {
		blocks := check.Allocs(func() { mapSink = fill(n) })
		check.Equal("insert "+strconv.Itoa(n)+" allocates", blocks > before, grows[n])
		before = blocks
	}
}

// Growing to the second and each further table of groups costs two blocks, table and groups; the step from the first group makes
// a directory besides.
//
//gomem:case ALLOC.MAP.GROW.SWISS
//gomem:needs counts
func MapGrowthBlocks() {
	for _, c := range []struct{ n, want int }{{0, 1}, {1, 2}, {8, 2}, {9, 5}, {14, 5}, {15, 7}, {28, 7}, {29, 9}, {57, 11}} {
		check.Equal("blocks for "+strconv.Itoa(c.n)+" entries", check.Allocs(func() { mapSink = fill(c.n) }), c.want)
	}
}

// Overwriting and looking up never grow a map, full as it may be.
//
//gomem:case ALLOC.MAP.GROW.SWISS
//gomem:needs counts
func MapOverwriteIsFree() {
	m := fill(14)
	check.Equal("blocks", check.Allocs(func() {
		for i := int64(0); i < 14; i++ {
			m[i] = m[i+7] + 1
			m[i]++
		}
	}), 0)
}

// A map of more than 8 entries grows to twice its buckets when it would average more than 6.5 entries in each: at inserts
// 9, 14, 27, 53 and 105. An overflow bucket in between is smaller than a doubled table.
//
//gomem:case ALLOC.MAP.GROW.BUCKETS
//gomem:needs counts
func MapGrowsAtSixAndAHalf() {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	const bucket = 8 + 8*8 + 8*8 // hashes, keys and elements; the pointer to the overflow bucket comes on top
	grows := map[int]bool{9: true, 14: true, 27: true, 53: true, 105: true}
	m, buckets := make(map[int64]int64), 1
	var before, after runtime.MemStats
	for n := 1; n <= 120; n++ {
		runtime.ReadMemStats(&before)
		m[int64(n)] = 1
		runtime.ReadMemStats(&after)
		grown := int(after.TotalAlloc-before.TotalAlloc) >= 2*buckets*bucket
		check.Equal("insert "+strconv.Itoa(n)+" doubles the buckets", grown, grows[n])
		if grown {
			buckets *= 2
		}
	}
	mapSink = m
}

// No entry is lost or changed while a map grows from nothing to many tables, whatever its keys and elements are.
//
//gomem:case ALLOC.MAP.KEEP
func MapGrowthKeepsEntries() {
	n := check.Scale(20000, 200000, 1000000)
	ints, names := map[int]int{}, map[string]*int{}
	any, wide := map[interface{}]string{}, map[[20]int64][20]int64{}
	for i := 0; i < n; i++ {
		i := i
		name := strconv.Itoa(i)
		ints[i] = i * 3
		names[name] = &i
		if i%2 == 0 {
			any[i] = name
		} else {
			any[name] = name
		}
		if i < 1000 {
			wide[[20]int64{19: int64(i)}] = [20]int64{int64(i)}
		}
	}
	check.Equal("entries", len(ints), n)
	check.Equal("entries with string keys", len(names), n)
	check.Equal("entries with interface keys", len(any), n)
	for i := 0; i < n; i++ {
		name := strconv.Itoa(i)
		var k interface{} = name
		if i%2 == 0 {
			k = i
		}
		p := names[name]
		if ints[i] != i*3 || p == nil || *p != i || any[k] != name {
			check.Fail("entry", i, "is lost or changed")
		}
	}
	for i := 0; i < 1000; i++ {
		check.Equal("wide element", wide[[20]int64{19: int64(i)}][0], i)
	}
}

// Deleting takes away the entries deleted and no other, also while the map grows.
//
//gomem:case ALLOC.MAP.KEEP
func MapDeleteKeepsTheOthers() {
	m, n := map[int]int{}, 10000
	for i := 0; i < n; i++ {
		m[i] = i
		if i%3 == 0 {
			delete(m, i/2)
		}
	}
	want := map[int]bool{}
	for i := 0; i < n; i += 3 {
		want[i/2] = true
	}
	for i := 0; i < n; i++ {
		_, ok := m[i]
		if ok == want[i] {
			check.Fail("entry", i, "present:", ok)
		}
	}
	check.Equal("entries", len(m), n-len(want))
}

// An iteration yields each entry exactly once while inserts make the map grow: those that were there at its start exactly once,
// those that came later at most once.
//
//gomem:case ALLOC.MAP.KEEP
func MapIterationWhileGrowing() {
	for _, n := range []int{1, 7, 8, 9, 14, 100, 1000} {
		for round := 0; round < 20; round++ {
			m := fill(n)
			seen := make([]int, n)
			added := map[int64]int{}
			next := int64(n)
			for k, v := range m {
				if k != v {
					check.Fail("key", k, "came with value", v)
				}
				if k < int64(n) {
					seen[k]++
				} else {
					added[k]++
				}
				for i := 0; i < 10 && next < int64(20*n+100); i++ {
					m[next] = next
					next++
				}
			}
			for k, times := range seen {
				if times != 1 {
					check.Fail("entry", k, "of", n, "came", times, "times")
				}
			}
			for k, times := range added {
				if times > 1 {
					check.Fail("added entry", k, "came", times, "times")
				}
			}
		}
	}
}

// An iteration never yields an entry that was deleted before being reached, and yields the others exactly once.
//
//gomem:case ALLOC.MAP.KEEP
func MapIterationWhileDeleting() {
	for _, n := range []int{2, 8, 9, 30, 100, 1000} {
		for round := 0; round < 20; round++ {
			m := fill(n)
			came := map[int64]bool{}
			for k := range m {
				if came[k^1] || came[k] {
					check.Fail("entry", k, "of", n, "came after it was deleted, or twice")
				}
				came[k] = true
				delete(m, k^1)
			}
			pairs := (n + 1) / 2
			check.Equal("entries that came", len(came), pairs)
			check.Equal("entries that stay", len(m), pairs)
		}
	}
}

// Deletes and growth together, during an iteration, still yield no deleted entry and each surviving one exactly once.
//
//gomem:case ALLOC.MAP.KEEP
func MapIterationWhileChurning() {
	const n = 500
	for round := 0; round < 20; round++ {
		m := fill(n)
		var came, gone [n]int
		next := int64(n)
		for k := range m {
			if k >= n {
				continue
			}
			came[k]++
			if gone[k] > 0 {
				check.Fail("deleted entry", k, "came")
			}
			if victim := (k * 7) % n; came[victim] == 0 && k%2 == 0 {
				delete(m, victim)
				gone[victim]++
			}
			for i := 0; i < 5 && next < 5*n; i++ {
				m[next] = next
				next++
			}
		}
		for k := range came {
			if gone[k] == 0 && came[k] != 1 {
				check.Fail("surviving entry", k, "came", came[k], "times")
			}
		}
	}
}

// An iteration yields the element that an entry has when it is reached, not the one that it had at the start.
//
//gomem:case ALLOC.MAP.KEEP
func MapIterationSeesNewElements() {
	m := fill(300)
	first := true
	for k, v := range m {
		if first {
			first = false
			for i := range m {
				m[i] = -1
			}
			continue
		}
		if v != -1 {
			check.Fail("entry", k, "came with its old element", v)
		}
	}
}
