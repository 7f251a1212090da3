package sync

import (
	"gomem/rt"
	"sync/atomic"
)

// Map is a map that goroutines may use at once.
//
// The entries are in a plain map under a lock. Each has its value in an atomic word of its own, nil when it is deleted, so an
// operation that finds its entry needs the lock for reading only.
type Map struct {
	_       noCopy
	lock    RWMutex
	entries map[any]*entry
}

type entry struct {
	value atomic.Pointer[any]
}

// hashed has an entry, as keys are not hashed to look them up among none. It is made when first asked: a program without a
// sync.Map needs no maps of its backend.
var (
	hashed     map[any]bool
	makeHashed Once
)

// hashable panics as a map does of a key without a hash, while nothing is locked.
func hashable(key any) {
	t := rt.Unpack(key).Type
	if t == nil {
		return
	}
	switch t.Kind {
	case rt.Array, rt.Func, rt.Map, rt.Slice, rt.Struct:
		makeHashed.Do(func() { hashed = map[any]bool{nil: true} })
		_ = hashed[key]
	}
}

func (m *Map) find(key any) *entry {
	hashable(key)
	m.lock.RLock()
	e := m.entries[key]
	m.lock.RUnlock()
	return e
}

// Load returns the value of key.
func (m *Map) Load(key any) (value any, ok bool) {
	e := m.find(key)
	if e == nil {
		return nil, false
	}
	if p := e.value.Load(); p != nil {
		return *p, true
	}
	return nil, false
}

// place is the entry of key, made when there is none. m.lock is held for writing.
func (m *Map) place(key any) *entry {
	e := m.entries[key]
	if e == nil {
		if m.entries == nil {
			m.entries = make(map[any]*entry)
		}
		e = new(entry)
		m.entries[key] = e
	}
	return e
}

// Store sets the value of key.
func (m *Map) Store(key, value any) {
	_, _ = m.Swap(key, value)
}

// Clear deletes all.
func (m *Map) Clear() {
	m.lock.Lock()
	for _, e := range m.entries {
		e.value.Store(nil)
	}
	m.entries = nil
	m.lock.Unlock()
}

// LoadOrStore returns the value of key, or stores value when there is none.
func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	if v, ok := m.Load(key); ok {
		return v, true
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	e := m.place(key)
	if p := e.value.Load(); p != nil {
		return *p, true
	}
	e.value.Store(&value)
	return value, false
}

// LoadAndDelete deletes key and returns what it had.
func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	hashable(key)
	m.lock.Lock()
	defer m.lock.Unlock()
	e := m.entries[key]
	if e == nil {
		return nil, false
	}
	delete(m.entries, key)
	if p := e.value.Swap(nil); p != nil {
		return *p, true
	}
	return nil, false
}

// Delete deletes key.
func (m *Map) Delete(key any) {
	m.LoadAndDelete(key)
}

// Swap sets the value of key and returns the one before.
func (m *Map) Swap(key, value any) (previous any, loaded bool) {
	hashable(key)
	m.lock.Lock()
	defer m.lock.Unlock()
	if p := m.place(key).value.Swap(&value); p != nil {
		return *p, true
	}
	return nil, false
}

// CompareAndSwap sets the value of key to new when it is old.
func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	hashable(key)
	m.lock.Lock()
	defer m.lock.Unlock()
	e := m.entries[key]
	if e == nil {
		return false
	}
	p := e.value.Load()
	if p == nil || *p != old {
		return false
	}
	e.value.Store(&new)
	return true
}

// CompareAndDelete deletes key when its value is old.
func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	hashable(key)
	m.lock.Lock()
	defer m.lock.Unlock()
	e := m.entries[key]
	if e == nil {
		return false
	}
	if p := e.value.Load(); p == nil || *p != old {
		return false
	}
	delete(m.entries, key)
	e.value.Store(nil)
	return true
}

// Range calls f for each entry there was at the start, until it returns false; f may use the map.
func (m *Map) Range(f func(key, value any) bool) {
	m.lock.RLock()
	keys := make([]any, 0, len(m.entries))
	for key := range m.entries {
		keys = append(keys, key)
	}
	m.lock.RUnlock()
	for _, key := range keys {
		if v, ok := m.Load(key); ok && !f(key, v) {
			return
		}
	}
}
