// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/security_infos.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto infos = eid::parse_security_infos({data, size});
    if (infos) (void)eid::choose_pace(*infos);
    return 0;
}
