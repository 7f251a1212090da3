package order

// ORDER.POOL and ORDER.SYNCMAP. In the outcomes the first number says whether the effect was seen, the second is the data behind it.

import (
	"sync"

	"gomem/cases/check"
)

// What precedes the Put of an object is visible after the Get that returns it. Any Get may come back with nothing; one that does
// not gets an object that was filled in before its Put.
//
//gomem:case ORDER.POOL
//gomem:race silent
//gomem:outcome forbidden 1 0 : the object came without what was written before its Put
//gomem:outcome required 1 1 : the object came with its data
//gomem:outcome allowed 0 0 : the pool gave nothing
func PoolHandsOver() {
	type object struct{ first, second *int }
	var pool sync.Pool
	filled := new(int)
	var r [check.Batch][2]place
	check.StressN(blocking(),
		func(i int) { r[i] = [2]place{} },
		func(i int) check.Key { return check.Ints(int(r[i][0].word), int(r[i][1].word)) },
		func(i int) {
			// Two, because the newest object is kept for the processor that put it.
			for n := 0; n < 2; n++ {
				o := new(object)
				o.first, o.second = filled, filled
				pool.Put(o)
			}
		},
		func(i int) {
			if o, ok := pool.Get().(*object); ok {
				r[i][0].word = 1
				r[i][1].word = int32(bit(o.first == filled && o.second == filled))
				*o = object{}
			}
		})
}

// maps runs one actor that writes plain data and then to a sync.Map, and one that looks for the effect, on a key for each trial.
func maps(prepare, write func(m *sync.Map, key interface{}), seen func(m *sync.Map, key interface{}) bool) {
	var m sync.Map
	var trials [check.Batch]struct {
		data place
		r    [2]place
	}
	check.StressN(blocking(),
		func(i int) {
			t := &trials[i]
			t.data, t.r = place{}, [2]place{}
			prepare(&m, i)
		},
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			trials[i].data.word = 1
			write(&m, i)
		},
		func(i int) {
			if seen(&m, i) {
				t := &trials[i]
				t.r[0].word = 1
				t.r[1].word = t.data.word
			}
		})
}

func absent(m *sync.Map, key interface{})       { m.Delete(key) }
func present(m *sync.Map, key interface{})      { m.Store(key, "old") }
func found(m *sync.Map, key interface{}) bool   { _, ok := m.Load(key); return ok }
func missing(m *sync.Map, key interface{}) bool { return !found(m, key) }

// A Load, LoadOrStore or Range that finds a stored entry sees what precedes its Store.
//
//gomem:case ORDER.SYNCMAP
//gomem:race silent
//gomem:outcome forbidden 1 0 : the entry came without what was written before its Store
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func MapStoreBeforeRead() {
	store := func(m *sync.Map, key interface{}) { m.Store(key, "new") }
	maps(absent, store, found)
	maps(absent, store, func(m *sync.Map, key interface{}) bool {
		_, loaded := m.LoadOrStore(key, "mine")
		return loaded
	})
	maps(absent, store, func(m *sync.Map, key interface{}) (ok bool) {
		m.Range(func(k, v interface{}) bool {
			ok = ok || k == key
			return !ok
		})
		return ok
	})
}

// A Load that finds the new value of an entry sees what precedes the Store that replaced it.
//
//gomem:case ORDER.SYNCMAP
//gomem:race silent
//gomem:outcome forbidden 1 0 : the new value came without what was written before its Store
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func MapReplaceBeforeRead() {
	maps(present,
		func(m *sync.Map, key interface{}) { m.Store(key, "new") },
		func(m *sync.Map, key interface{}) bool {
			v, _ := m.Load(key)
			return v == "new"
		})
}

// A LoadOrStore that stores is a write as well: who finds its value sees what precedes it.
//
//gomem:case ORDER.SYNCMAP
//gomem:race silent
//gomem:outcome forbidden 1 0 : the entry came without what was written before it was stored
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func MapLoadOrStoreBeforeRead() {
	maps(absent, func(m *sync.Map, key interface{}) { m.LoadOrStore(key, "new") }, found)
}

// A Load that misses an entry because of its Delete sees what precedes the Delete; LoadAndDelete orders as Delete does.
//
//gomem:case ORDER.SYNCMAP
//gomem:race silent
//gomem:outcome forbidden 1 0 : the entry was gone without what was written before its Delete
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func MapDeleteBeforeRead() {
	maps(present, absent, missing)
	maps(present, func(m *sync.Map, key interface{}) { m.LoadAndDelete(key) }, missing)
}
