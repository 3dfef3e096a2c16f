// SPDX-License-Identifier: EUPL-1.2
// Keys as JSON: what is accepted lies on the curve and is read back the same.
#include "drivers/base/check.hpp"
#include "sync/seal/jwk.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = base::as_text({data, size});
    if (const auto key = seal::parse_public_jwk(text)) {
        CHECK(seal::parse_public_jwk(seal::write_public_jwk(*key))->point.bytes ==
              key->point.bytes);
    }
    (void)seal::parse_private_jwk(text).has_value();
    return 0;
}
