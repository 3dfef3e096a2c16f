// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/data_groups.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (unsigned group = 1; group <= eid::data_groups_max; ++group) {
        (void)eid::decode_data_group(static_cast<eid::DataGroup>(group), {data, size});
    }
    return 0;
}
