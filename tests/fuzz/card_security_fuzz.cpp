// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/passive_auth.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)eid::verify_card_security({data, size}, {});
    return 0;
}
