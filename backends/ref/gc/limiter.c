// The limiter: under a memory limit that cannot be kept collections take no more than half of the processors' time.
//
// Beyond the limit the goal is what lives already, so the program would pay for everything it allocates by marking the heap again, and get
// nowhere. Against that there is an account, in processor time: what collections take goes in, what the program takes goes out. It holds
// at least nothing and at most a second for each processor. While it is full nobody assists: the workers mark alone, with their quarter
// of the processors, and the heap passes its limit. That drains it, so in the long run the program has half of the time or more.
//
//     account' = max(0, min(most, account + collections - program))        full: account = most
//
// It is settled where a cycle begins and where its marking ends. Workers' time on idle processors goes in too: a program that waits for credit
// leaves its processor idle. Without a memory limit the goal leaves room to allocate, and there is no account.
#include "internal.h"

_Atomic uint64_t limiter_cycles;

static struct {
    _Atomic bool full; // relaxed; changes while the world is stopped, like the others
    int64_t account, cpu;
} limiter;

bool limiter_full(void)
{
    return UNLIKELY(atomic_load_explicit(&limiter.full, memory_order_relaxed));
}

int64_t limiter_account(int64_t account, int64_t collections, int64_t all, int procs)
{
    int64_t most = procs * INT64_C(1000000000);
    if (collections > all) // they are measured by the clock, which runs on while a thread does not
        collections = all;
    account += collections - (all - collections);
    return account < 0 ? 0 : account > most ? most : account;
}

void limiter_settle(int64_t collections)
{
    int64_t now = sys_cputime(), procs = sched_procs();
    limiter.account = limiter_account(limiter.account, collections, now - limiter.cpu, (int)procs);
    limiter.cpu = now;
    bool full = pacer_limited() && limiter.account == procs * INT64_C(1000000000) && !FAULT(limit_spirals);
    atomic_store_explicit(&limiter.full, full, memory_order_relaxed);
    count_up(&limiter_cycles, full);
    if (!pacer_limited())
        limiter.account = 0;
}
