// SPDX-License-Identifier: EUPL-1.2
// Signed messages: heads, slips and the general form. Parsing only; signatures are not guessed.
#include "sync/seal/chain.hpp"
#include "sync/seal/slip_code.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    (void)seal::parse_compact(text).has_value();
    (void)seal::parse_head(text).has_value();
    (void)seal::read_take_back(text).has_value();
    (void)seal::verify_general(text, {}).has_value();
    return 0;
}
