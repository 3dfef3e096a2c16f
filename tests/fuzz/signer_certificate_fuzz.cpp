// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/signer_certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)eid::parse_signer_certificate({data, size}).has_value();
    return 0;
}
