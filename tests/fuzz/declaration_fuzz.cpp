// SPDX-License-Identifier: EUPL-1.2
// Declarations from outside: what is accepted has exactly one text and is read back the same.
#include "drivers/base/check.hpp"
#include "sync/model/declaration_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = model::parse_declaration(base::as_text({data, size}));
    if (!read) return 0;
    const auto written = model::encode(*read);
    CHECK(written.has_value());
    CHECK(model::parse_declaration(*written).value() == *read);
    return 0;
}
