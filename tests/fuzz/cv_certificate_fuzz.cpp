// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/cv_certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto certificate = eid::parse_cv_certificate({data, size});
    if (certificate) (void)eid::verify_cv_chain({&*certificate}, {});
    return 0;
}
