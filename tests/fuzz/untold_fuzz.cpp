// SPDX-License-Identifier: EUPL-1.2
// The note of a record whose outcome nobody knew, as it may lie on a failing disk.
#include "drivers/base/check.hpp"
#include "sync/journal/untold.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto record = journal::parse_untold(base::as_text({data, size}));
    if (!record) return 0;
    CHECK(journal::parse_untold(journal::write_untold(*record)).value() == *record);
    return 0;
}
