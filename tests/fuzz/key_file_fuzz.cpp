// SPDX-License-Identifier: EUPL-1.2
// Keys in their usual encodings: what is read can be written and read again.
#include "drivers/base/check.hpp"
#include "drivers/crypto/key_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto key = crypto::parse_private_key({data, size})) {
        CHECK(crypto::parse_private_key(crypto::write_private_key(*key)).has_value());
    }
    if (const auto point = crypto::parse_public_key({data, size})) {
        CHECK(crypto::parse_public_key(crypto::write_public_key(*point))->bytes == point->bytes);
    }
    return 0;
}
