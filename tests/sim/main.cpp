// SPDX-License-Identifier: EUPL-1.2
// sim_world [--seed N | --seeds N [--from N]] [--steps N] [--mutant NAME] [--loud]
// Runs worlds and stops at the first violation. First line: the seed. Last line:
// seeds=.. events=.. crashes=.. records=.. violations=..; exit 1 on a violation.
// --mutants runs every mutant until an invariant catches it, and fails if none or another one does.
#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "drivers/base/check.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/sim/world.hpp"

namespace {

/// For the handler of SIGABRT: a CHECK of the product says the seed, too.
volatile std::uint64_t running_seed = 0;

void say_seed(int) {
    char text[64];
    const int size = std::snprintf(text, sizeof text, "aborted: seed=%llu\n",
                                   static_cast<unsigned long long>(running_seed));
    [[maybe_unused]] const auto written =
        ::write(STDOUT_FILENO, text, static_cast<std::size_t>(size));
}

struct Options {
    std::uint64_t from = 1;
    std::uint64_t seeds = 1;
    std::uint64_t steps = 400;
    std::string mutant;
    bool mutants = false;
    bool loud = false;
    bool twice = false;
};

sim::WorldReport run_one(const Options& options, std::uint64_t seed, sim::Mutant mutant) {
    running_seed = seed;
    const fakes::TempFolder folder;
    sim::World world({seed, options.steps, mutant, options.loud, folder.path()});
    return world.run();
}

void tell(const sim::WorldReport& report, std::uint64_t seed) {
    for (const std::string& line : report.last) std::printf("  %s\n", line.c_str());
    std::printf("VIOLATION seed=%llu step=%llu %s: %s\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(report.violation->step),
                report.violation->invariant.c_str(), report.violation->what.c_str());
}

int run_seeds(const Options& options, sim::Mutant mutant) {
    std::printf("seed=%llu..%llu steps=%llu\n", static_cast<unsigned long long>(options.from),
                static_cast<unsigned long long>(options.from + options.seeds - 1),
                static_cast<unsigned long long>(options.steps));
    std::fflush(stdout);
    std::uint64_t events = 0;
    std::uint64_t crashes = 0;
    std::uint64_t records = 0;
    std::uint64_t hash = 0;
    std::uint64_t done = 0;
    unsigned violations = 0;
    for (std::uint64_t seed = options.from; seed < options.from + options.seeds; ++seed) {
        const auto report = run_one(options, seed, mutant);
        ++done;
        events += report.events;
        crashes += report.crashes;
        records += report.records;
        hash = hash * 31 + report.hash;
        if (report.violation) {
            tell(report, seed);
            ++violations;
            break;
        }
        if (options.twice && run_one(options, seed, mutant).hash != report.hash) {
            std::printf("seed %llu ran differently a second time\n",
                        static_cast<unsigned long long>(seed));
            ++violations;
            break;
        }
    }
    std::printf("seeds=%llu events=%llu crashes=%llu records=%llu trace=%016llx violations=%u\n",
                static_cast<unsigned long long>(done), static_cast<unsigned long long>(events),
                static_cast<unsigned long long>(crashes), static_cast<unsigned long long>(records),
                static_cast<unsigned long long>(hash), violations);
    return violations == 0 ? 0 : 1;
}

bool is_word_of(std::string_view word, std::string_view list) {
    return (" " + std::string(list) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

int run_mutants(const Options& options) {
    std::printf("seed=%llu.. every mutant, at most %llu seeds each\n",
                static_cast<unsigned long long>(options.from),
                static_cast<unsigned long long>(options.seeds));
    int missed = 0;
    for (const sim::MutantRow& row : sim::mutants()) {
        if (!options.mutant.empty() && options.mutant != row.name) continue;
        std::string outcome = "NOT CAUGHT";
        std::uint64_t seed = options.from;
        bool right = false;
        for (; seed < options.from + options.seeds; ++seed) {
            const auto report = run_one(options, seed, row.mutant);
            if (!report.violation) continue;
            right = is_word_of(report.violation->invariant, row.caught_by);
            outcome = report.violation->invariant + ": " + report.violation->what;
            break;
        }
        std::printf("%-28s %s after %llu seeds (wanted %s): %s\n", std::string(row.name).c_str(),
                    right ? "caught" : "MISSED",
                    static_cast<unsigned long long>(seed - options.from + 1),
                    std::string(row.caught_by).c_str(), outcome.c_str());
        std::fflush(stdout);
        missed += right ? 0 : 1;
    }
    return missed == 0 ? 0 : 1;
}

std::uint64_t number(const char* text) {
    return std::strtoull(text, nullptr, 10);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--seed" && has_value) {
            options.from = number(argv[++i]);
        } else if (word == "--from" && has_value) {
            options.from = number(argv[++i]);
        } else if (word == "--seeds" && has_value) {
            options.seeds = number(argv[++i]);
        } else if (word == "--steps" && has_value) {
            options.steps = number(argv[++i]);
        } else if (word == "--mutant" && has_value) {
            options.mutant = argv[++i];
        } else if (word == "--mutants") {
            options.mutants = true;
        } else if (word == "--twice") {
            options.twice = true;
        } else if (word == "--loud") {
            options.loud = true;
        } else {
            std::fprintf(stderr, "sim_world: unknown argument %s\n", argv[i]);
            return 2;
        }
    }
    // Spools are files: in memory their syncs cost nothing.
    if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);
    std::signal(SIGABRT, say_seed);
    if (options.mutants) return run_mutants(options);
    sim::Mutant mutant = sim::Mutant::none;
    if (!options.mutant.empty()) {
        const auto found = sim::find_mutant(options.mutant);
        if (!found) {
            std::fprintf(stderr, "sim_world: no mutant %s\n", options.mutant.c_str());
            return 2;
        }
        mutant = *found;
    }
    return run_seeds(options, mutant);
}
