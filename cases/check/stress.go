package check

// Actors and outcomes. Stress runs its actors at the same time over batches of independent trials. What makes actors overlap:
//
//   - The calling goroutine is one of the workers, so that two actors need two processors and not three. Roles rotate: in
//     batch b worker w plays actor (w+b) mod n, so that no actor always has the state of the trials in its cache.
//   - Workers meet twice a batch at a barrier, and before each trial at a soft one: each waits for the others for a bounded
//     number of steps and then goes on without them. A worker that waited in vain does not wait again for some trials.
//   - Behind the soft barrier each worker wastes a number of steps drawn anew for each batch, so that over the batches every
//     actor is early, late and level.
//   - With more actors than processors workers yield at random trials instead, so that their walks interleave.
//
// The soft barrier adds no order that a case could lean on: the word of trial i is only written before its writer enters
// trial i, so whoever reads it learns of earlier trials only. The race lane sees the accesses of a trial as unordered as they are.

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

var outcomes map[string]int // made by the first outcome

// Outcome counts one observation of the outcome named key.
func Outcome(key string) { addOutcome(key, 1) }

func addOutcome(key string, n int) {
	mu.Lock()
	if outcomes == nil {
		outcomes = map[string]int{}
	}
	outcomes[key] += n
	mu.Unlock()
}

func flushOutcomes() {
	if outcomes == nil {
		return
	}
	for key, n := range outcomes {
		say("outcome", strconv.Itoa(n)+" "+oneLine(key))
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
	s := newStage(actors)
	for w := 1; w < len(actors); w++ {
		go s.work(w)
	}
	caller := s.newWorker(0)
	for done := 0; done < trials; done += Batch {
		for i := 0; i < Batch; i++ {
			reset(i)
			s.arrived[i] = 0
		}
		atomic.StoreInt32(&s.finished, 0)
		s.play(caller, atomic.AddInt32(&s.round, 1))
		Until(func() bool { return atomic.LoadInt32(&s.finished) == int32(len(actors)) })
		for i := 0; i < Batch; i++ {
			counts[observe(i)]++
		}
	}
	atomic.StoreInt32(&s.round, over)
	for key, n := range counts {
		addOutcome(key.String(), n)
	}
}

const (
	over     = -1  // the round that ends the workers
	patience = 300 // loads that a worker spends on waiting for another one
	sulk     = 24  // trials for which a worker that waited in vain does not wait
	lateness = 96  // bound of the steps wasted before a trial
	stretch  = 64  // bound of the trials between two yields
)

// A stage is what the workers of one StressN share.
//
// Invariant: only the caller runs while finished == len(actors); it starts round r by storing r in round.
type stage struct {
	actors   []func(i int)
	crowded  bool         // more actors than processors; immutable
	meet     bool         // at least two processors; immutable
	round    int32        // atomic: the round that runs, from 1, or over
	finished int32        // atomic: how many workers have left the round
	arrived  [Batch]int32 // atomic during a round: how many workers have reached the trial
}

// A worker is the private state of one goroutine of a stage.
type worker struct {
	number int
	random Rand
}

func newStage(actors []func(i int)) *stage {
	procs := runtime.GOMAXPROCS(0)
	if n := runtime.NumCPU(); n < procs {
		procs = n
	}
	return &stage{actors: actors, crowded: len(actors) > procs, meet: procs > 1}
}

func (s *stage) newWorker(number int) *worker {
	w := &worker{number: number}
	w.random.state = (Seed()+uint64(number)*2+1)*0x9E3779B97F4A7C15 | 1
	return w
}

// work is the life of every worker but the caller.
func (s *stage) work(number int) {
	w := s.newWorker(number)
	for next := int32(1); ; next++ {
		for spins := 0; atomic.LoadInt32(&s.round) != next; spins++ {
			if atomic.LoadInt32(&s.round) == over {
				return
			}
			if spins > patience {
				runtime.Gosched()
			}
		}
		s.play(w, next)
	}
}

// play runs one actor over the trials of a round.
func (s *stage) play(w *worker, round int32) {
	actor := s.actors[(w.number+int(round))%len(s.actors)]
	late := w.random.Intn(lateness)
	yield, patient := Batch, 0
	if s.crowded {
		yield = w.random.Intn(stretch)
	}
	for i := 0; i < Batch; i++ {
		if i == yield {
			runtime.Gosched()
			yield += 1 + w.random.Intn(stretch)
		}
		if s.meet && !s.rendezvous(i, i >= patient) {
			patient = i + sulk
		}
		spin(late)
		actor(i)
	}
	atomic.AddInt32(&s.finished, 1)
}

// rendezvous announces that this worker has reached trial i and, if patient, waits for the others. It is false when the
// wait was in vain.
func (s *stage) rendezvous(i int, patient bool) bool {
	all := int32(len(s.actors))
	if atomic.AddInt32(&s.arrived[i], 1) == all || !patient {
		return true
	}
	for spins := 0; spins < patience; spins++ {
		if atomic.LoadInt32(&s.arrived[i]) == all {
			return true
		}
	}
	return false
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
