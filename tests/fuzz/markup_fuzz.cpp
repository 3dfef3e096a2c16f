// SPDX-License-Identifier: EUPL-1.2
// Any bytes as a text to be shown: one weight a code, and nothing of the mark-up in what is spoken.
#include "drivers/base/check.hpp"
#include "kiosk/text/markup.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto decoded = text::decode(text, text::Weight::regular);
    CHECK(decoded.codes.size() == decoded.weights.size());
    (void)text::plain(text);
    return 0;
}
