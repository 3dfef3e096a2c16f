// SPDX-License-Identifier: EUPL-1.2
// Batch and advance bodies.
#include "drivers/base/check.hpp"
#include "sync/model/batch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body = base::as_text({data, size});
    if (const auto batch = model::parse_batch(body)) {
        CHECK(model::parse_batch(model::encode(*batch)).value() == *batch);
    }
    if (const auto advance = model::parse_advance(body)) {
        CHECK(model::parse_advance(model::encode(*advance)).value() == *advance);
    }
    return 0;
}
