// SPDX-License-Identifier: EUPL-1.2
// Compiled locales and their plural rules; every rule that parses gives a form for every number.
#include "drivers/base/check.hpp"
#include "kiosk/i18n/mo_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)i18n::parse_mo({data, size}).has_value();
    const auto rule = i18n::PluralRule::parse(base::as_text({data, size}));
    for (const std::uint64_t n : {0UL, 1UL, 2UL, 11UL, UINT64_MAX}) {
        if (rule) (void)rule->form(n);
    }
    return 0;
}
