// SPDX-License-Identifier: EUPL-1.2
// The catalogue behind its signature: what loads has passed every rule of the reader.
#include "kiosk/consent/catalogue_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)consent::load({data, size}).has_value();
    (void)consent::read({data, size});
    return 0;
}
