package lock

// sync.Map: SYNC.MAP.*. Swap, CompareAndSwap, CompareAndDelete and Clear are in syncmap_swap.go and syncmap_clear.go.

import (
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

// Load gives what was stored last, per key, and false for a key that is absent or deleted.
//
//gomem:case SYNC.MAP.LOADSTORE
func MapLoadsLastStored() {
	var m sync.Map
	load := func(key interface{}) interface{} {
		v, ok := m.Load(key)
		if !ok {
			check.Equal("the value of an absent key", v, nil)
			return "absent"
		}
		return v
	}
	check.Equal("empty", load(1), "absent")
	for round := 0; round < 3; round++ {
		for i := 0; i < 100; i++ {
			m.Store(i, i*10+round)
		}
		for i := 0; i < 100; i++ {
			check.Equal("the last value stored", load(i), i*10+round)
		}
		check.Equal("a key of another type", load(int32(1)), "absent")
	}
	m.Delete(7)
	m.Delete(7)
	m.Delete("never there")
	check.Equal("deleted", load(7), "absent")
	m.Store(7, nil)
	check.Equal("a nil that was stored", load(7), nil)
	m.Store(7, "again")
	check.Equal("stored again", load(7), "again")
	check.Equal("a neighbour", load(8), 82)
}

// A store is seen by every later load of another goroutine, with all that preceded it.
//
//gomem:case SYNC.MAP.LOADSTORE
//gomem:race silent
func MapPublishes() {
	var m sync.Map
	const keys = 500
	writer := check.Start(func() {
		for i := 0; i < keys; i++ {
			v := new(int)
			*v = i + 1
			m.Store(i, v)
		}
	})
	for i := keys - 1; i >= 0; i-- {
		check.Until(func() bool { _, ok := m.Load(i); return ok })
		v, _ := m.Load(i)
		check.Equal("what was written before the store", *v.(*int), i+1)
	}
	writer.Join()
}

// LoadOrStore stores only where nothing is, and says which it did.
//
//gomem:case SYNC.MAP.LOADORSTORE
func MapLoadOrStoreReports() {
	var m sync.Map
	for round := 0; round < 2; round++ {
		v, loaded := m.LoadOrStore("k", 1)
		check.That("absent: stored", v == 1 && !loaded)
		v, loaded = m.LoadOrStore("k", 2)
		check.That("present: loaded", v == 1 && loaded)
		m.Delete("k")
	}
}

// Of LoadOrStore calls for one key by goroutines that go through the same keys side by side one stores, and all get its value.
//
//gomem:case SYNC.MAP.LOADORSTORE
//gomem:race silent
func MapLoadOrStoreOneWins() {
	const callers = 4
	keys := check.Scale(50000, 100000, 500000)
	var m sync.Map
	stored := make([]int32, keys)
	got := make([][callers]interface{}, keys)
	group(callers, func(i int) {
		for key := 0; key < keys; key++ {
			mine := new(int)
			*mine = i
			v, loaded := m.LoadOrStore(key, mine)
			if !loaded {
				atomic.AddInt32(&stored[key], 1)
				check.That("the stored value", v == interface{}(mine))
			}
			got[key][i] = v
		}
	})
	twice, differ := 0, 0
	for key, values := range got {
		if stored[key] != 1 {
			twice++
		}
		if values[0] == nil || values != [callers]interface{}{values[0], values[0], values[0], values[0]} {
			differ++
		}
	}
	check.Equal("keys that were not stored once", twice, 0)
	check.Equal("keys whose callers did not all get one value", differ, 0)
}

// LoadAndDelete gives the value it deleted, or nothing.
//
//gomem:case SYNC.MAP.LOADANDDELETE
func MapLoadAndDeleteReports() {
	var m sync.Map
	m.Store("k", 5)
	v, loaded := m.LoadAndDelete("k")
	check.That("present", v == 5 && loaded)
	v, loaded = m.LoadAndDelete("k")
	check.That("absent", v == nil && !loaded)
}

// Of concurrent LoadAndDelete calls for one present key one gets it.
//
//gomem:case SYNC.MAP.LOADANDDELETE
//gomem:race silent
func MapLoadAndDeleteOneWins() {
	var m sync.Map
	for key := 0; key < check.Scale(500, 5000, 50000); key++ {
		m.Store(key, key)
		var taken int32
		group(4, func(int) {
			if v, loaded := m.LoadAndDelete(key); loaded {
				check.Equal("the value", v, key)
				atomic.AddInt32(&taken, 1)
			}
		})
		check.Equal("calls that loaded", taken, 1)
	}
}

// Range visits each key once with its value, and stops at false.
//
//gomem:case SYNC.MAP.RANGE
func MapRangeVisitsOnce() {
	var m sync.Map
	for i := 0; i < 100; i++ {
		m.Store(i, -i)
	}
	for i := 0; i < 100; i += 2 {
		m.Delete(i)
	}
	seen := map[interface{}]int{}
	m.Range(func(key, value interface{}) bool {
		seen[key]++
		check.Equal("value", value, -key.(int))
		return true
	})
	check.Equal("keys", len(seen), 50)
	for key, n := range seen {
		check.That("a present key, once", n == 1 && key.(int)%2 == 1)
	}
	calls := 0
	m.Range(func(key, value interface{}) bool { calls++; return calls < 3 })
	check.Equal("calls until false", calls, 3)
}

// A Range beside stores and deletes of other keys, its own among them, still visits each lasting key exactly once.
//
//gomem:case SYNC.MAP.RANGE
//gomem:race silent
func MapRangeBesideWriters() {
	var m sync.Map
	const lasting = 50
	for i := 0; i < lasting; i++ {
		m.Store(i, i)
	}
	var stop int32
	writer := check.Start(func() {
		for i := lasting; atomic.LoadInt32(&stop) == 0; i++ {
			m.Store(i, i)
			m.Delete(i)
		}
	})
	for round := 0; round < 100; round++ {
		var seen [lasting]int
		others := map[int]int{}
		m.Range(func(key, value interface{}) bool {
			i := key.(int)
			if i >= lasting {
				others[i]++
				check.Equal("visits of a passing key", others[i], 1)
				return true
			}
			seen[i]++
			m.Store(lasting+1000000+i, 0)
			m.Delete(lasting + 1000000 + i)
			return true
		})
		for _, n := range seen {
			check.Equal("visits of a lasting key", n, 1)
		}
	}
	atomic.StoreInt32(&stop, 1)
	writer.Join()
}
