// SPDX-License-Identifier: EUPL-1.2
// Rows of an insight as a wrong backend may send them: what is read is written back the same.
#include "drivers/base/check.hpp"
#include "sync/receipts/insight_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = model::parse_json(base::as_text({data, size}), size);
    if (!json) return 0;
    if (const auto row = receipts::parse_insight_row(*json)) {
        const std::string text = receipts::encode(*row);
        CHECK(receipts::encode(
                  *receipts::parse_insight_row(*model::parse_json(text, text.size()))) == text);
    }
    return 0;
}
