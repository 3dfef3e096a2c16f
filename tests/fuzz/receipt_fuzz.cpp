// SPDX-License-Identifier: EUPL-1.2
// Receipts as a wrong backend may send them. None is believed: the key is not the signer's.
#include "drivers/base/check.hpp"
#include "sync/receipts/receipt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const crypto::KeyPair key =
        crypto::key_from_scalar(crypto::Curve::p256, base::Bytes(32, 7)).value();
    CHECK(!receipts::verify(base::as_text({data, size}), key.point, {}).has_value());
    return 0;
}
