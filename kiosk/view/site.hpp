// SPDX-License-Identifier: EUPL-1.2
// What the screens must say about this place and its provider; from the terminal's configuration.
// Pure values, any thread.
#pragma once

#include <string>
#include <vector>

#include "kiosk/view/view_model.hpp"

namespace view {

struct OfferedLanguage {
    std::string tag;       ///< "de-x-leicht"
    std::string own_name;  ///< "Leichte Sprache"
};

struct Site {
    std::string name;      ///< "Musterstadt"
    std::string provider;  ///< who reads the card: name of the authority in the certificate (LR-76)
    std::vector<OfferedLanguage> languages;
    bool draft_mark = false;  ///< texts without approval are shown here: every screen says so
};

}  // namespace view
