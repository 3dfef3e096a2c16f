// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/tlv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const auto rules : {apdu::Rules::ber, apdu::Rules::der}) {
        apdu::TlvReader reader({data, size}, rules);
        while (const auto object = reader.next()) (void)apdu::find(object->value, 0x80, rules);
    }
    (void)apdu::announced_bytes({data, size});
    return 0;
}
