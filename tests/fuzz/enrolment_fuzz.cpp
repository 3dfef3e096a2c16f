// SPDX-License-Identifier: EUPL-1.2
// What an enrolment says beneath its signature: a stranger with a key of its own can sign anything.
#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/backend/ingest/terminals.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto says = backend::parse_enrolment({data, size});
    if (says) CHECK(says->site.size() <= limits::site_bytes_max && says->code.size() <= 40);
    return 0;
}
