// SPDX-License-Identifier: EUPL-1.2
// Sealed messages: form, header and agreement with a fixed key. Nothing opens.
#include "drivers/base/check.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/seal/jwe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static crypto::SystemRandom random;
    static const crypto::KeyPair key =
        crypto::key_from_scalar(crypto::Curve::p256, base::Bytes(32, 7)).value();
    CHECK(!seal::open_jwe(base::as_text({data, size}), key, random).has_value());
    return 0;
}
