package heap

// One heap for all goroutines and processors: HEAP.PARALLEL, HEAP.SINGLE.

import (
	"runtime"
	"runtime/debug"
	"sync"
	"unsafe"

	"gomem/cases/check"
)

// A parcel is a block that goes from hand to hand, with the number that all of its words are made from.
type parcel struct {
	id    uint64
	words []uint64
	next  *parcel
}

func pack(id uint64, n int) *parcel {
	p := &parcel{id: id, words: make([]uint64, n)}
	for i, w := range p.words {
		if w != 0 {
			check.Fatal("word", i, "of a fresh block of", n, "is not zero")
		}
		p.words[i] = id + uint64(i)*0x9E3779B97F4A7C15
	}
	return p
}

// inspect ends the case when a word of the parcel, or of those behind it, is not as it was packed.
func inspect(p *parcel) {
	for ; p != nil; p = p.next {
		for i, w := range p.words {
			if w != p.id+uint64(i)*0x9E3779B97F4A7C15 {
				check.Fatal("word", i, "of block", p.id, "was overwritten")
			}
		}
	}
}

// draw returns a number of words: mostly small, now and then large.
func draw(r *check.Rand) int {
	if r.Intn(40) == 0 {
		return 1 + r.Intn(8000)
	}
	return 1 + r.Intn(80)
}

// Goroutines that allocate, hand over, keep for a while and drop blocks, while collections run, never see another block's words.
//
//gomem:case HEAP.PARALLEL
//gomem:race silent
func HandedBlocksStayWhole() {
	debug.SetGCPercent(20)
	const workers = 6
	rounds := check.Scale(4000, 30000, 300000)
	belts := make([]chan *parcel, workers)
	for i := range belts {
		belts[i] = make(chan *parcel, 16)
	}
	var done sync.WaitGroup
	for w := 0; w < workers; w++ {
		done.Add(1)
		go func(w int) {
			defer done.Done()
			r := seeded(w)
			var kept [64]*parcel
			for i := 0; i < rounds; i++ {
				select {
				case belts[(w+1)%workers] <- pack(uint64(w)<<32|uint64(i), draw(r)):
				case p := <-belts[w]:
					inspect(p)
					slot := r.Intn(len(kept))
					inspect(kept[slot])
					kept[slot] = p
				default:
					runtime.Gosched()
				}
			}
			for _, p := range kept {
				inspect(p)
			}
		}(w)
	}
	done.Wait()
}

// seeded returns a generator of its own for one worker.
func seeded(w int) *check.Rand {
	r := new(check.Rand)
	for i := 0; i <= w*7; i++ {
		r.Uint64()
	}
	return r
}

// Lists that several goroutines build and share behind a lock keep their words while others cut them off.
//
//gomem:case HEAP.PARALLEL
//gomem:race silent
func SharedListsStayWhole() {
	debug.SetGCPercent(20)
	rounds := check.Scale(1000, 20000, 200000)
	var heads [16]struct {
		sync.Mutex
		list   *parcel
		length int
	}
	var done sync.WaitGroup
	for w := 0; w < 4; w++ {
		done.Add(1)
		go func(w int) {
			defer done.Done()
			r := seeded(w)
			for i := 0; i < rounds; i++ {
				p, h := pack(uint64(w)<<32|uint64(i), 1+r.Intn(60)), &heads[r.Intn(len(heads))]
				h.Lock()
				p.next = h.list
				h.list = p
				if h.length++; h.length == 20 {
					inspect(h.list)
					h.list, h.length = nil, 0
				}
				h.Unlock()
			}
		}(w)
	}
	done.Wait()
	for i := range heads {
		inspect(heads[i].list)
	}
}

// Each goroutine that allocates tiny values and blocks of every class at once has bytes of its own.
//
//gomem:case HEAP.PARALLEL
//gomem:race silent
func OwnBlocksStayOwn() {
	debug.SetGCPercent(50)
	rounds := check.Scale(20, 300, 3000)
	var done sync.WaitGroup
	for w := 0; w < 5; w++ {
		done.Add(1)
		go func(w int) {
			defer done.Done()
			blocks := make([][]byte, 0, 200)
			for i := 0; i < rounds; i++ {
				blocks = blocks[:0]
				for _, c := range classes {
					if c.size <= 8192 {
						blocks = append(blocks, make([]byte, c.size-i%8), make([]byte, 1+i%15))
					}
				}
				for j, b := range blocks {
					for k := range b {
						b[k] = byte(w*50 + j + k)
					}
				}
				runtime.Gosched()
				for j, b := range blocks {
					for k := range b {
						if b[k] != byte(w*50+j+k) {
							check.Fatal("byte", k, "of a block of", len(b), "was overwritten")
						}
					}
				}
			}
		}(w)
	}
	done.Wait()
}

// Two goroutines that do nothing but allocate small blocks, and write a word into each, never get the same one.
//
//gomem:case HEAP.PARALLEL
func BlocksAreHandedOutOnce() {
	const burst = 200
	work := func(id uint64) {
		var blocks [burst]*[2]uint64
		for round := check.Scale(10000, 100000, 1000000); round > 0; round-- {
			for i := range blocks {
				blocks[i] = new([2]uint64)
				blocks[i][1] = id
			}
			for i, b := range blocks {
				if b[0] != 0 || b[1] != id {
					check.Fatal("block", i, "of", id, "has the words", b[0], b[1])
				}
			}
		}
	}
	check.AtOnce(func() { work(1) }, func() { work(2) })
}

// A block outlives the goroutine that made it, is used by another, and is as it was left.
//
//gomem:case HEAP.SINGLE
//gomem:race silent
func BlockOutlivesItsGoroutine() {
	for _, n := range []int{1, 16, 1000, 100000} {
		c := make(chan *parcel)
		go func() { c <- pack(uint64(n), n) }()
		p := <-c
		for i := 0; i < 3; i++ {
			runtime.GC()
			runtime.Gosched()
			inspect(p)
		}
		q := make(chan *parcel)
		go func() { inspect(p); p.words[0] = 1; q <- p }()
		check.Equal("word written by a third goroutine", (<-q).words[0], 1)
	}
}

// A block made on one thread is used on another, and what that one hangs behind it is seen by the first.
//
//gomem:case HEAP.SINGLE
//gomem:race silent
func BlockCrossesThreads() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	there, back := make(chan *parcel), make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for p := range there {
			inspect(p)
			p.next = pack(p.id+1, len(p.words))
			back <- true
		}
		close(back)
	}()
	for i := 0; i < 200; i++ {
		p := pack(uint64(i), 1+i*3)
		there <- p
		<-back
		check.Equal("number of the block behind", p.next.id, i+1)
		inspect(p)
		if i%50 == 0 {
			runtime.GC()
		}
	}
	close(there)
	<-back
}

// A block that another goroutine drops is collected, whoever made it: it is kept while the other holds it and gone after.
//
//gomem:case HEAP.SINGLE
//gomem:needs collect weak precise
func BlockIsCollectedThroughAnother() {
	c, drop, dropped := make(chan *parcel), make(chan bool), make(chan bool)
	go func() {
		hold(<-c, drop)
		dropped <- true
		<-drop
	}()
	w := send(c)
	check.That("the block is gone while another goroutine holds it", w.Kept())
	drop <- true
	<-dropped
	check.That("the block is kept by nothing", w.Collected())
	close(drop)
}

// hold keeps p until it is told to drop it.
func hold(p *parcel, drop chan bool) {
	<-drop
	inspect(p)
}

func send(c chan *parcel) *check.Watched {
	p := pack(1, 100)
	w := check.Watch(unsafe.Pointer(p))
	c <- p
	return w
}
