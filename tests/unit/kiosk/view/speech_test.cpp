// SPDX-License-Identifier: EUPL-1.2
// What is spoken: everything that is needed, nothing that is secret (AC-02, AC-03, AC-04, AC-06).
#include "kiosk/view/speech.hpp"

#include <map>

#include "tests/screens/gallery.hpp"
#include "tests/unit/kiosk/view/languages.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

TEST_CASE("speech: every screen in every language has a script without signs that nobody can say") {
    const i18n::Locales locales = languages::load();
    for (const std::string& language : languages::all) {
        for (const gallery::Shot& shot : gallery::places(language)) {
            const auto script = view::speech_script(locales, shot.screen);
            CAPTURE(shot.name);
            CHECK(script.size() >= 2);
            for (const view::Sentence& sentence : script) {
                for (const char* sign : {"**", "\u00ad", "\u2066", "\u2068", "\u2069", "\n"}) {
                    CHECK(sentence.words.find(sign) == std::string::npos);
                }
            }
        }
    }
}

TEST_CASE("speech: a name is personal, so it goes to headphones only") {
    const i18n::Locales locales = languages::load();
    for (const gallery::Shot& shot : gallery::places("de")) {
        for (const view::Sentence& sentence : view::speech_script(locales, shot.screen)) {
            if (sentence.words.find("Leyla") == std::string::npos) continue;
            CHECK(sentence.privacy == view::Text::Privacy::personal);
        }
    }
}

TEST_CASE("speech: every pad says how many digits of how many, whatever is typed on it") {
    const i18n::Locales locales = languages::load();
    const std::map<std::string, std::string> pads{
        {"old-pin-letter", "2 von 5"}, {"pin-full", "6 von 6"}, {"pin-wrong", "3 von 6"},
        {"new-pin", "0 von 6"},        {"puk-pad", "4 von 10"}, {"can-pad", "0 von 6"}};
    std::size_t seen = 0;
    for (const gallery::Shot& shot : gallery::places("de")) {
        const auto pad = pads.find(shot.name);
        if (pad == pads.end()) continue;
        ++seen;
        CAPTURE(shot.name);
        std::string all;
        for (const view::Sentence& sentence : view::speech_script(locales, shot.screen))
            all += sentence.words + "\n";
        CHECK(all.find(pad->second) != std::string::npos);
        // The typed digits of the gallery.
        for (const char* typed : {"12\n", "123", "1234", "12345"})
            CHECK(all.find(typed) == std::string::npos);
    }
    CHECK(seen == pads.size());
}

TEST_CASE("speech: the PIN screen says how many digits are typed, never which") {
    const i18n::Locales locales = languages::load();
    for (const gallery::Shot& shot : gallery::places("de")) {
        if (shot.name != "pin-wrong") continue;
        std::string all;
        for (const view::Sentence& sentence : view::speech_script(locales, shot.screen))
            all += sentence.words + "\n";
        CHECK(all.find("3 von 6") != std::string::npos);
        CHECK(all.find("123") == std::string::npos);
        CHECK(all.find("Noch 2 von 3 Versuchen.") != std::string::npos);
    }
}
