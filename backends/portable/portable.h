// portable: a plain, slow and correct backend in C11 and POSIX threads. Its groups complete a partial backend
// (--backend mine.so+portable), and on its own it is a runtime without collection: threads for goroutines, malloc for the
// heap, one lock for everything that waits.
//
// Each goroutine is a thread. All waiting goes through one mutex, `big`, and a condition variable per waiter, so the state of a
// channel, a lock or a timer is only ever touched under big, and a deadlock is the moment when every goroutine waits and
// no timer that may wake one is pending. Stacks have a fixed size and never move.
//
//   heap.c      blocks, counters                      goroutine.c  threads, stacks, waiting, deadlock, the table
//   strings.c   concatenation, conversions            chan.c       channels, select
//   map.c       hash tables                           locks.c      semaphores, mutexes, wait groups, conditions
//   panic.c     panics, deferred calls, deaths        timers.c     clocks, sleep, timers
#ifndef PORTABLE_H
#define PORTABLE_H

#include <pthread.h>

#include "../common/unwind.h"
#include "gomem.h"

// The largest allocation: bytes of 47 bits of addresses, or of all that 32 bits have, with room for a header.
#define MOST_BYTES (sizeof(void *) == 8 ? UINTPTR_MAX >> 17 : UINTPTR_MAX - 64)

// A goroutine. head is first, so that a gomem_g * of this backend is a struct pg *.
struct pg {
    gomem_g head;
    gomem_func *fn;
    uint64_t id;
    struct creator creator;
    char *stack;
    jmp_buf end; // where Goexit leaves to
};

// What a thread waits with. Protected by big.
struct waiter {
    pthread_cond_t cond;
    bool woken;
    struct waiter *next; // in the queue it waits in
    void *elem;          // channel: the element's place
    uint64_t ticket;     // locks: what it waits for
    intptr_t index;      // select: its case
    bool ok;             // channel: a value was received, or sent
    void *select;        // the select it belongs to, NULL
};

struct queue {
    struct waiter *head, *tail;
};

extern const gomem_backend_table *whole; // the table in force
extern bool own_channels;                // chan.c made some; so it makes all. atomic, relaxed
extern const gomem_unit *program;
extern pthread_mutex_t big;
// timers_armed counts the sleepers and what a timer has begun; goroutines those of this backend. Protected by big.
extern int timers_armed, goroutines;

void enqueue(struct queue *q, struct waiter *w);
struct waiter *dequeue(struct queue *q);
void unqueue(struct queue *q, struct waiter *w);
struct waiter *waiter_new(void);
void waiter_free(struct waiter *w);
// wait_for_wake blocks until wake(w). big is held at the call and at the return.
void wait_for_wake(struct waiter *w);
void wake(struct waiter *w);
void check_deadlock(void);
bool timers_awaited(void); // a pending timer may wake somebody
bool own_goroutines(void); // the goroutines are this backend's, not those of another's scheduler
// What timers do to channels of chan.c, under big: say that one is a timer's; tell whether somebody waits; send without waiting; drop what
// was sent and is not yet received, and say whether there was something.
void timer_channel(gomem_chan *c);
bool timer_awaited(const gomem_chan *c);
void timer_send(gomem_chan *c, const void *elem);
bool timer_drain(gomem_chan *c);

GOMEM_NORETURN void death(const char *format, ...) __attribute__((format(printf, 1, 2)));

void read_environment(void); // GOGC and GOMEMLIMIT, at the start

extern const gomem_heap_group portable_heap;
extern const gomem_strings_group portable_strings;
extern const gomem_maps_group portable_maps;
extern const gomem_panics_group portable_panics;
extern const gomem_sched_group portable_sched;
extern const gomem_chans_group portable_chans;
extern const gomem_locks_group portable_locks;
extern const gomem_time_group portable_time;
extern const gomem_collector_group portable_collector;

#endif
