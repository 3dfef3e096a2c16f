// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/atr.hpp"
#include "drivers/apdu/command.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)apdu::parse_answer({data, size});
    (void)apdu::capabilities_of({data, size});
    const auto command = apdu::parse_command({data, size});
    if (command) (void)apdu::encode(*command, apdu::Length::extended);
    return 0;
}
