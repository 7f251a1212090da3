// See shim.h. A benchmark's batches are whole: Google Benchmark says how many ops it wants next (max_iterations), the callback runs them
// and tells the time that they took, and the loop of State ends at once. So nothing of Google Benchmark, nor of the way to the
// program, is in the time.
#include "shim.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace
{

bool failed, format_given;

void run_batch(benchmark::State &state, shim_run_fn *run, void *context)
{
    const auto n = static_cast<int64_t>(state.max_iterations);
    shim_result result{};
    run(context, n, &result);
    if (*result.error) {
        state.SkipWithError(result.error);
        return;
    }
    while (state.KeepRunningBatch(state.max_iterations)) {
    }
    state.SetIterationTime(result.ns / 1e9);
    for (int i = 0; i < result.counters; i++)
        state.counters[result.counter[i].unit] = result.counter[i].value;
}

// The name as it was registered: Google Benchmark appends how it measured.
std::string plain_name(const std::string &name)
{
    static const char *const suffixes[] = {"/manual_time", "/iterations:"};
    std::string plain = name;
    for (const char *suffix : suffixes) {
        const size_t at = plain.find(suffix);
        if (at != std::string::npos)
            plain.resize(at);
    }
    return plain;
}

class GoReporter : public benchmark::BenchmarkReporter
{
  public:
    bool ReportContext(const Context &) override
    {
        return true;
    }

    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs) {
            if (run.error_occurred) {
                failed = true;
                std::fprintf(stderr, "%s: %s\n", plain_name(run.benchmark_name()).c_str(), run.error_message.c_str());
            } else if (run.run_type == Run::RT_Iteration) {
                print(run);
            }
        }
    }

  private:
    static void print(const Run &run)
    {
        const auto iterations = static_cast<double>(run.iterations);
        std::printf("Benchmark%s\t%lld\t%.6g ns/op", plain_name(run.benchmark_name()).c_str(),
                    static_cast<long long>(run.iterations), run.real_accumulated_time * 1e9 / iterations);
        for (const auto &counter : run.counters)
            std::printf("\t%.6g %s", counter.second.value, counter.first.c_str());
        std::putchar('\n');
        std::fflush(stdout);
    }
};

} // namespace

void shim_add(const char *name, int64_t ops, shim_run_fn *run, void *context)
{
    auto *b =
        benchmark::RegisterBenchmark(name, [run, context](benchmark::State &state) { run_batch(state, run, context); });
    b->UseManualTime();
    if (ops)
        b->Iterations(ops);
}

void shim_options(int *argc, char **argv)
{
    for (int i = 1; i < *argc && std::strcmp(argv[i], "--") != 0; i++)
        format_given |= !std::strncmp(argv[i], "--benchmark_format=", std::strlen("--benchmark_format="));
    benchmark::Initialize(argc, argv);
}

bool shim_measure(void)
{
    GoReporter go;
    if (format_given)
        benchmark::RunSpecifiedBenchmarks();
    else
        benchmark::RunSpecifiedBenchmarks(&go);
    return !failed;
}
