// SPDX-License-Identifier: EUPL-1.2
// What a technician may write into kiosk.json.
#include "kiosk/runtime/kiosk_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)runtime::parse_kiosk_file(base::as_text({data, size})).has_value();
    return 0;
}
