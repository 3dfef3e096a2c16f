// SPDX-License-Identifier: EUPL-1.2
// Codes on a slip as a scanner reads them.
#include "drivers/base/check.hpp"
#include "sync/model/slip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    (void)model::parse_take_back(text).has_value();
    if (const auto code = model::parse_check_payload(text)) {
        CHECK(model::parse_check_payload(model::encode(*code)).value() == *code);
    }
    return 0;
}
