// SPDX-License-Identifier: EUPL-1.2
// What a screen says: title, lead, then its blocks in reading order, then what one can do (AC-02).
// Digits are not on any screen, so they cannot be spoken. Sentences keep their privacy: personal
// ones go to headphones only (AC-04). Pure, UI thread.
#pragma once

#include <string>
#include <vector>

#include "kiosk/i18n/locales.hpp"
#include "kiosk/view/view_model.hpp"

namespace view {

struct Sentence {
    std::string language;
    std::string words;  ///< plain, without mark-up and isolates
    Text::Privacy privacy = Text::Privacy::open;
    friend bool operator==(const Sentence&, const Sentence&) = default;
};

[[nodiscard]] std::vector<Sentence> speech_script(const i18n::Locales& locales,
                                                  const Screen& screen);

/// Every text of a screen in reading order, without the tools.
[[nodiscard]] std::vector<Text> texts_of(const Screen& screen);

/// The words that a person was shown, in one text: what a record's text_hash is made of (LR-16).
/// Without personal words, so that the hash can be recomputed from the record.
[[nodiscard]] std::string evidence_text(const i18n::Locales& locales, const Screen& screen);

}  // namespace view
