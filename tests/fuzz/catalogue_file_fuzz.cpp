// SPDX-License-Identifier: EUPL-1.2
// The signed catalogue as it comes over the wire or on a stick; signatures are not guessed.
#include "sync/downstream/catalogue_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    (void)downstream::verify_catalogue(text, {}, {}, 0).has_value();
    (void)downstream::catalogue_payload(text).has_value();
    (void)downstream::is_signed_catalogue({data, size});
    (void)downstream::parse_version(text);
    return 0;
}
