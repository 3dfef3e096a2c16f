// SPDX-License-Identifier: EUPL-1.2
// The compiled locales of the product for tests of kiosk/view. Tests only.
#pragma once

#include <string>
#include <vector>

#include "drivers/base/check.hpp"
#include "kiosk/i18n/locales.hpp"

namespace languages {

/// Those that must have every text; plain German has only what differs.
inline const std::vector<std::string> complete{"de", "en", "ar"};
inline const std::vector<std::string> all{"de", "en", "ar", "de-x-leicht"};

inline i18n::Locales load() {
    auto locales = i18n::Locales::load(FREIGABE_BINARY_DIR "/share/locales", all);
    CHECK(locales.has_value());
    return std::move(*locales);
}

}  // namespace languages
