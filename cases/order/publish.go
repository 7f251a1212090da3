package order

// Plain data handed over by an atomic: ORDER.ATOMIC.PUBLISH, and plain or half-atomic attempts at it: ORDER.PUBLISH,
// ORDER.ATOMIC.MIXED. In the outcomes the first number says whether the flag was seen, the second is the data.

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// publish runs trials of one actor that writes plain data and then publishes it, and one that looks for it. An actor that
// has not seen it leaves the data alone.
func publish(write func(t *wide), seen func(t *wide) bool) {
	trials := new([check.Batch]wide)
	check.Stress(
		func(i int) { trials[i] = wide{} },
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			trials[i].data = 1
			write(&trials[i])
		},
		func(i int) {
			t := &trials[i]
			if seen(t) {
				t.r[0].word = 1
				t.r[1].word = t.data
			}
		})
}

// A 32-bit store that is seen by a load carries the plain writes before it.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the flag was seen without the data
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func PublishByStore32() {
	publish(
		func(t *wide) { atomic.StoreInt32(&t.r[2].word, 1) },
		func(t *wide) bool { return atomic.LoadInt32(&t.r[2].word) == 1 })
}

// A 64-bit store that is seen by a load carries the plain writes before it.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the flag was seen without the data
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func PublishByStore64() {
	publish(
		func(t *wide) { atomic.StoreUint64(&t.bits, 1<<40) },
		func(t *wide) bool { return atomic.LoadUint64(&t.bits) == 1<<40 })
}

// A fresh object behind an atomically stored pointer is seen as it was filled in.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the pointer was seen without what was written behind it
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func PublishByPointer() {
	publish(
		func(t *wide) {
			atomic.StorePointer(&t.pointer, unsafe.Pointer(&message{text: "filled in", data: &t.data}))
		},
		func(t *wide) bool {
			m := (*message)(atomic.LoadPointer(&t.pointer))
			if m == nil {
				return false
			}
			check.That("the object behind the pointer is filled in", m.text == "filled in" && m.data == &t.data)
			return true
		})
}

type message struct {
	text string
	data *int32
}

// The store of an atomic.Value that is seen by its Load carries the plain writes before it.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the value was seen without the data
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func PublishByValue() {
	trials := new([check.Batch]struct {
		value atomic.Value
		data  place
		r     [2]place
	})
	check.Stress(
		func(i int) {
			t := &trials[i]
			t.value, t.data.word, t.r = atomic.Value{}, 0, [2]place{}
		},
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			trials[i].data.word = 1
			trials[i].value.Store(&trials[i].data)
		},
		func(i int) {
			if p, ok := trials[i].value.Load().(*place); ok {
				trials[i].r[0].word = 1
				trials[i].r[1].word = p.word
			}
		})
}

// Add, Swap and CompareAndSwap carry the plain writes before them as a store does.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the flag was seen without the data
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func PublishByReadModifyWrite() {
	seen := func(t *wide) bool { return atomic.LoadInt32(&t.r[2].word) == 1 }
	publish(func(t *wide) { atomic.AddInt32(&t.r[2].word, 1) }, seen)
	publish(func(t *wide) { atomic.SwapInt32(&t.r[2].word, 1) }, seen)
	publish(func(t *wide) { atomic.CompareAndSwapInt32(&t.r[2].word, 0, 1) }, seen)
}

// A store is observed as well by Add, Swap, and a CompareAndSwap that succeeds.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the flag was seen without the data
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func PublishSeenByReadModifyWrite() {
	write := func(t *wide) { atomic.StoreInt32(&t.r[2].word, 1) }
	publish(write, func(t *wide) bool { return atomic.AddInt32(&t.r[2].word, 8) == 9 })
	publish(write, func(t *wide) bool { return atomic.SwapInt32(&t.r[2].word, 8) == 1 })
	publish(write, func(t *wide) bool { return atomic.CompareAndSwapInt32(&t.r[2].word, 1, 8) })
}

// A CompareAndSwap that fails observes the value that made it fail.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the comparison failed, and the data was missed
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func PublishSeenByFailedSwap() {
	publish(
		func(t *wide) { atomic.StoreInt32(&t.r[2].word, 1) },
		func(t *wide) bool { return !atomic.CompareAndSwapInt32(&t.r[2].word, 0, 0) })
}

// A read-modify-write of another actor in between does not break the chain from the store to the load. Two writers
// publish their data by Add; who sees the sum sees both.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 2 0 0 : both additions were seen, none of the data
//gomem:outcome forbidden 2 0 1 : both additions were seen, the first actor's data missed
//gomem:outcome forbidden 2 1 0 : both additions were seen, the second actor's data missed
//gomem:outcome allowed 0 0 0 : the reader ran first
//gomem:outcome allowed 1 0 0 : the reader came between the writers
//gomem:outcome required 2 1 1 : the writers ran first
func PublishByTwoWriters() {
	litmus(3,
		func(t *trial) {
			t.x.word = 1
			atomic.AddInt32(&t.z.word, 1)
		},
		func(t *trial) {
			t.y.word = 1
			atomic.AddInt32(&t.z.word, 1)
		},
		func(t *trial) {
			n := atomic.LoadInt32(&t.z.word)
			t.r[0].word = n
			if n == 2 {
				t.r[1].word, t.r[2].word = t.x.word, t.y.word
			}
		})
}

// A plain flag publishes nothing: both the flag and the data behind it are races.
//
//gomem:case ORDER.PUBLISH
//gomem:race report
func PublishByPlainFlag() {
	data, flag := new(int), new(bool)
	done := make(chan bool, 2)
	go func() {
		*data = 1
		*flag = true
		done <- true
	}()
	go func() {
		for i := 0; i < 1000 && !*flag; i++ {
			runtime.Gosched()
		}
		check.Use(*data)
		done <- true
	}()
	<-done
	<-done
}

// A plain pointer publishes neither itself nor what it points to.
//
//gomem:case ORDER.PUBLISH
//gomem:race report
func PublishByPlainPointer() {
	var shared *message
	done := make(chan bool, 1)
	go func() {
		shared = &message{text: "half seen"}
		done <- true
	}()
	if m := shared; m != nil {
		check.Use(m.text)
	}
	<-done
}

// A flag that is tested plainly before the lock is taken publishes nothing (double-checked locking): the writer's lock does
// not help a reader that found the flag set. The reader starts when the writer is through, so it surely finds it.
//
//gomem:case ORDER.PUBLISH
//gomem:race report
func PublishByDoubleCheckedLock() {
	var lazy struct {
		lock chan bool // holds a value while the lock is held
		set  bool
		data int
	}
	lazy.lock = make(chan bool, 1)
	get := func() int {
		if !lazy.set {
			lazy.lock <- true
			if !lazy.set {
				lazy.data = 1
				lazy.set = true
			}
			<-lazy.lock
		}
		return lazy.data
	}
	over := make(chan bool, 1)
	go func() {
		get()
		over <- true
	}()
	passed(over)
	check.Equal("data", get(), 1)
}

// An atomic store and a plain load of the same word race.
//
//gomem:case ORDER.ATOMIC.MIXED
//gomem:race report
func MixedPlainLoad() {
	word := new(int32)
	done := make(chan bool, 1)
	go func() {
		atomic.StoreInt32(word, 1)
		done <- true
	}()
	check.Use(*word)
	<-done
}

// A plain store and an atomic load of the same word race.
//
//gomem:case ORDER.ATOMIC.MIXED
//gomem:race report
func MixedPlainStore() {
	word := new(int64)
	done := make(chan bool, 1)
	go func() {
		*word = 1
		done <- true
	}()
	check.Use(atomic.LoadInt64(word))
	<-done
}

// A plain increment races with an atomic one, although both write whole words.
//
//gomem:case ORDER.ATOMIC.MIXED
//gomem:race report
func MixedIncrement() {
	word := new(int32)
	done := make(chan bool, 1)
	go func() {
		atomic.AddInt32(word, 1)
		done <- true
	}()
	*word++
	<-done
}
