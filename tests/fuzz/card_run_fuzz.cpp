// SPDX-License-Identifier: EUPL-1.2
// A whole run against a card whose answers the input changes: data only if they are the true ones,
// at most one try.
#include "tests/fuzz/card_run_fuzz_world.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::CardRun run;
    run.check({data, size});
    return 0;
}
