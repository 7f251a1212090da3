//go:build go1.23

package lock

// SYNC.MAP.CLEAR.

import (
	"sync"

	"gomem/cases/check"
)

// Clear deletes every entry, and the map serves on.
//
//gomem:case SYNC.MAP.CLEAR
//gomem:since 1.23
func MapClearDeletesAll() {
	var m sync.Map
	m.Clear()
	for round := 0; round < 3; round++ {
		for i := 0; i < 100; i++ {
			m.Store(i, round)
		}
		v, ok := m.Load(99)
		check.That("present before", v == round && ok)
		m.Clear()
		for i := 0; i < 100; i++ {
			_, ok := m.Load(i)
			check.That("absent after", !ok)
		}
		m.Range(func(key, value interface{}) bool {
			check.Fail("Range finds", key)
			return true
		})
		_, loaded := m.LoadOrStore(1, round)
		check.That("stored anew", !loaded)
	}
}
