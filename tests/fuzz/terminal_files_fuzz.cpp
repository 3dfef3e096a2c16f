// SPDX-License-Identifier: EUPL-1.2
// What lies on a terminal's disk: terminal.json and trust.json.
#include "drivers/base/check.hpp"
#include "sync/downstream/terminal_file.hpp"
#include "sync/downstream/trust.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    (void)downstream::parse_trust(text).has_value();
    const auto file = downstream::parse_terminal_file(text);
    if (!file) return 0;
    CHECK(downstream::parse_terminal_file(downstream::write_terminal_file(*file)).value() == *file);
    return 0;
}
