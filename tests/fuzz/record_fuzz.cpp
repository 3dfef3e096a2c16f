// SPDX-License-Identifier: EUPL-1.2
// Headers and scopes: each accepted byte string is the one encoding of its value.
#include "drivers/base/check.hpp"
#include "sync/model/record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::ByteView bytes(data, size);
    if (const auto header = model::parse_header(bytes)) {
        CHECK(base::equal(model::encode(*header), bytes));
    }
    if (const auto scopes = model::parse_scopes(bytes)) {
        CHECK(base::equal(model::encode(*scopes), bytes));
    }
    return 0;
}
