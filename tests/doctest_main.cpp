// SPDX-License-Identifier: EUPL-1.2
// The main() of every doctest program. It is one file so that each program compiles doctest's
// implementation from the same source and prints the seed of its random order first.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>

int main(int argc, char** argv) {
    doctest::Context context;
    const auto seed =
        static_cast<int>(std::chrono::steady_clock::now().time_since_epoch().count() % 1'000'000);
    context.setOption("rand-seed", seed);
    context.applyCommandLine(argc, argv);
    std::printf("order seed %d (repeat with --rand-seed=<seed>)\n", seed);
    return context.run();
}
