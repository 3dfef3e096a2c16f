// SPDX-License-Identifier: EUPL-1.2
// From a view::Text to finished words: the one place where screens, speech and the accessibility
// tree get them from, so that all three say the same. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "kiosk/i18n/locales.hpp"
#include "kiosk/view/view_model.hpp"

namespace view {

/// The words of `text` in the language of the screen, UTF-8, with isolates and our **bold**
/// mark-up. A literal comes back unchanged; one of another language is wrapped in an isolate.
[[nodiscard]] std::string wording(const i18n::Locales& locales, std::string_view screen_language,
                                  const Text& text);

}  // namespace view
