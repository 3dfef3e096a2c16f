// SPDX-License-Identifier: EUPL-1.2
// A card's answers in a secure channel; nothing opens, and the first wrong one ends the channel.
#include "drivers/base/check.hpp"
#include "drivers/eid/secure_messaging.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const base::Bytes secret(32, 7);
    eid::SecureMessaging channel(eid::derive_session_keys(eid::Cipher::aes256, secret));
    CHECK(!channel.open({base::Bytes(data, data + size), 0x9000}).has_value());
    (void)eid::unpad_block({data, size}).has_value();
    return 0;
}
