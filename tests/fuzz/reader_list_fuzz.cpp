// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/reader_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)pcsc::parse_reader_list({data, size});
    return 0;
}
