// SPDX-License-Identifier: EUPL-1.2
// Each code of errc.def has its own words, is spoken, and has a way that helps and a way out (style
// 14). This counts them.
#include <algorithm>
#include <set>

#include "drivers/base/errc.hpp"
#include "kiosk/view/speech.hpp"
#include "kiosk/view/wording.hpp"
#include "tests/screens/gallery.hpp"
#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/view/languages.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

TEST_CASE("errc: every code has its own title and text in every language") {
    const i18n::Locales locales = languages::load();
    for (const std::string& language : languages::complete) {
        std::set<std::string> titles;
        for (const gallery::Shot& shot : gallery::failures(language)) {
            CAPTURE(shot.name);
            CAPTURE(language);
            CHECK(locales.has(language, shot.screen.title.id));
            CHECK(locales.has(language, shot.screen.lead.id));
            titles.insert(view::wording(locales, language, shot.screen.title));
        }
        CHECK(titles.size() == base::all_errc().size());
    }
}

TEST_CASE("errc: every screen says what is safe, offers what helps and a way out") {
    for (const gallery::Shot& shot : gallery::failures("de")) {
        CAPTURE(shot.name);
        const auto ids = walker::targets(shot.screen);
        const auto has = [&](const char* id) {
            return std::find(ids.begin(), ids.end(), id) != ids.end();
        };
        CHECK(has("failed.home"));
        CHECK((has("failed.staff") || has("failed.aside")));
        const base::Errc code = [&] {
            for (const base::Errc errc : base::all_errc()) {
                if (shot.name == "failed-" + std::string(base::name(errc))) return errc;
            }
            return base::Errc::cancelled;
        }();
        switch (base::recovery(code)) {
            case base::Recovery::retry:
            case base::Recovery::reposition:
                CHECK(has("failed.again"));
                break;
            case base::Recovery::staff:
                CHECK(has("failed.staff"));
                break;
            case base::Recovery::idle:
                CHECK_FALSE(has("failed.again"));
                break;
        }
    }
}

TEST_CASE("errc: what was chosen can be recorded again, unless the same would be refused again") {
    const walker::World world = walker::make_world();
    for (const base::Errc errc : {base::Errc::journal_io, base::Errc::identity_cloned}) {
        core::State state = core::initial(world.setup);
        state.place = core::Failed{errc, {}, core::Draft{}, false};
        const auto ids = walker::targets(view::make_screen(world.site, world.setup, state));
        const bool again = std::find(ids.begin(), ids.end(), "failed.again") != ids.end();
        CHECK(again == (errc == base::Errc::journal_io));
        CHECK(std::find(ids.begin(), ids.end(), "failed.home") != ids.end());
    }
}

TEST_CASE("errc: every title and text is spoken") {
    const i18n::Locales locales = languages::load();
    for (const gallery::Shot& shot : gallery::failures("ar")) {
        CAPTURE(shot.name);
        const auto script = view::speech_script(locales, shot.screen);
        REQUIRE(script.size() >= 2);
        CHECK_FALSE(script[0].words.empty());
        CHECK_FALSE(script[1].words.empty());
        CHECK(script[0].language == "ar");
    }
}
