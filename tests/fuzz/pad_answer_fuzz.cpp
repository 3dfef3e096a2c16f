// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/pad_coding.hpp"
#include "drivers/pcsc/reader_features.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::ByteView bytes(data, size);
    (void)pcsc::decode_capabilities(bytes);
    (void)pcsc::decode_establish(bytes, pcsc::Template::absent);
    (void)pcsc::decode_establish(bytes, pcsc::Template::given);
    (void)pcsc::decode_new_pin(bytes);
    (void)pcsc::control_code_of(bytes, pcsc::Feature::execute_pace);
    (void)pcsc::apdu_bytes_of(bytes);
    return 0;
}
