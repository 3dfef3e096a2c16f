// SPDX-License-Identifier: EUPL-1.2
// A statement about the next journal key from a stranger is never believed.
#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/seal/key_change.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static crypto::SystemRandom random;
    static const crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    const auto change = seal::verify_key_change(base::as_text({data, size}), key.point);
    CHECK(!change);
    return 0;
}
