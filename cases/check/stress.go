package check

// Actors and outcomes. Stress runs its actors at the same time over a batch of independent trials: each actor walks
// trials 0 … Batch-1 on its own, so that neighbouring trials overlap in every order, and only once per batch do all meet
// at a barrier. That costs a few nanoseconds a trial where meeting for each trial costs hundreds.

import (
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
)

// Batch is the number of trials between two meetings of the actors: cases keep their state in arrays of this length.
const Batch = 256

// A Key is an outcome: up to eight small results, as Ints packs them.
type Key uint64

// Ints packs results from 0 to 254 into an outcome; it reads as the numbers, separated by spaces.
func Ints(results ...int) Key {
	var k Key
	for i := len(results) - 1; i >= 0; i-- {
		k = k<<8 | Key(results[i]+1)
	}
	return k
}

// String writes the outcome as the table in the case's directives does.
func (k Key) String() string {
	s := ""
	for ; k != 0; k >>= 8 {
		if s != "" {
			s += " "
		}
		s += strconv.Itoa(int(k&255) - 1)
	}
	return s
}

var outcomes = map[string]int{}

// Outcome counts one observation of the outcome named key.
func Outcome(key string) { addOutcome(key, 1) }

func addOutcome(key string, n int) {
	mu.Lock()
	outcomes[key] += n
	mu.Unlock()
}

func flushOutcomes() {
	for key, n := range outcomes {
		say("outcome " + strconv.Itoa(n) + " " + oneLine(key))
	}
}

// Trials is how many trials Stress runs in the tier at hand; GOMEM_TRIALS overrides it.
func Trials() int {
	if n, err := strconv.Atoi(os.Getenv("GOMEM_TRIALS")); err == nil && n > 0 {
		return n
	}
	return Scale(100000, 1000000, 10000000)
}

// Stress runs the actors over Trials trials (rounded up to whole batches). reset prepares trial i before the actors see it,
// observe reads its outcome after all of them have finished with it; both run on the calling goroutine.
func Stress(reset func(i int), observe func(i int) Key, actors ...func(i int)) {
	StressN(Trials(), reset, observe, actors...)
}

// StressN is Stress with a number of trials of the case's own.
func StressN(trials int, reset func(i int), observe func(i int) Key, actors ...func(i int)) {
	counts := map[Key]int{}
	start := make([]chan int, len(actors))
	var waiting, finished int32
	for a := range actors {
		start[a] = make(chan int)
		go func(actor func(i int), start chan int) {
			for delay := range start {
				atomic.AddInt32(&waiting, -1)
				for spins := 0; atomic.LoadInt32(&waiting) > 0; spins++ {
					if spins > 200 {
						runtime.Gosched()
					}
				}
				spin(delay)
				for i := 0; i < Batch; i++ {
					actor(i)
				}
				atomic.AddInt32(&finished, 1)
			}
		}(actors[a], start[a])
	}
	var random Rand
	for done := 0; done < trials; done += Batch {
		for i := 0; i < Batch; i++ {
			reset(i)
		}
		atomic.StoreInt32(&waiting, int32(len(actors)))
		atomic.StoreInt32(&finished, 0)
		for _, c := range start {
			c <- random.Intn(64)
		}
		Until(func() bool { return atomic.LoadInt32(&finished) == int32(len(actors)) })
		for i := 0; i < Batch; i++ {
			counts[observe(i)]++
		}
	}
	for _, c := range start {
		close(c)
	}
	for key, n := range counts {
		addOutcome(key.String(), n)
	}
}

var spun int32

// spin wastes about n loop steps, so that the actors do not always start in the same order.
func spin(n int) {
	x := int32(n)
	for i := 0; i < n; i++ {
		x = x*1103515245 + 12345
	}
	if x == 1 {
		atomic.AddInt32(&spun, 1)
	}
}
