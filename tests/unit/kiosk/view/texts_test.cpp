// SPDX-License-Identifier: EUPL-1.2
// Every text id in the sources is in every locale, none is there for nothing, placeholders agree,
// and the German words keep the house rules of design.md 6.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "drivers/base/errc.hpp"
#include "kiosk/consent/catalogue_rules.hpp"
#include "tests/screens/gallery.hpp"
#include "tests/unit/kiosk/view/languages.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

namespace fs = std::filesystem;
using Ids = std::set<std::string>;

std::vector<std::string> sources() {
    std::vector<std::string> texts;
    for (const char* folder : {"view", "screens", "widgets", "shell", "runtime", "a11y", "slip"}) {
        const fs::path path = fs::path(FREIGABE_SOURCE_DIR) / "kiosk" / folder;
        if (!fs::exists(path)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
            std::ifstream in(entry.path());
            texts.emplace_back(std::istreambuf_iterator<char>(in),
                               std::istreambuf_iterator<char>());
        }
    }
    return texts;
}

Ids matches(const std::regex& pattern) {
    Ids found;
    for (const std::string& text : sources()) {
        for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
            found.insert((*it)[1]);
    }
    return found;
}

/// Ids that are put together at run time.
Ids composed() {
    Ids ids{"date.short", "date.long"};
    for (int month = 1; month <= 12; ++month) ids.insert("month." + std::to_string(month));
    for (const base::Errc errc : base::all_errc()) {
        const std::string id = "errc." + std::string(base::name(errc));
        ids.insert(id);
        ids.insert(id + ".title");
    }
    return ids;
}

Ids ids_of(const i18n::Locales& locales, const std::string& language) {
    const auto ids = locales.ids(language);
    return {ids.begin(), ids.end()};
}

std::multiset<std::string> placeholders(const std::string& text) {
    static const std::regex pattern("\\{([a-z]+)\\}");
    std::multiset<std::string> found;
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
        found.insert((*it)[1]);
    return found;
}

}  // namespace

TEST_CASE("texts: every id used by a screen is in every locale") {
    const i18n::Locales locales = languages::load();
    Ids used = matches(std::regex("\"([a-z0-9_.]+)\"_t"));
    used.merge(composed());
    for (const std::string& language : languages::complete) {
        for (const std::string& id : used) {
            CAPTURE(language);
            CAPTURE(id);
            CHECK(locales.has(language, id));
        }
    }
}

TEST_CASE(
    "texts: no locale has a text that nothing uses, and plain German has none that German lacks") {
    const i18n::Locales locales = languages::load();
    Ids used = matches(std::regex("\"([a-z0-9_]+\\.[a-z0-9_.]+)\""));
    used.merge(composed());
    const Ids german = ids_of(locales, "de");
    for (const std::string& id : german) {
        CAPTURE(id);
        CHECK(used.contains(id));
    }
    CHECK(ids_of(locales, "en") == german);
    CHECK(ids_of(locales, "ar") == german);
    for (const std::string& id : ids_of(locales, "de-x-leicht")) CHECK(german.contains(id));
}

TEST_CASE("texts: every language has the same placeholders as German") {
    const i18n::Locales locales = languages::load();
    for (const std::string& id : ids_of(locales, "de")) {
        for (const std::string& language : languages::all) {
            CAPTURE(id);
            CAPTURE(language);
            CHECK(placeholders(locales.text(language, id)) == placeholders(locales.text("de", id)));
        }
    }
}

TEST_CASE("texts: German keeps the words and the sentence length of the house") {
    const i18n::Locales locales = languages::load();
    for (const char* language : {"de", "de-x-leicht"}) {
        for (const std::string& id : locales.ids(language)) {
            const auto faults = consent::wording_faults(locales.text(language, id));
            CAPTURE(id);
            CAPTURE(locales.text(language, id));
            CHECK(faults == std::vector<std::string>{});
        }
    }
}

TEST_CASE("texts: bold marks come in pairs") {
    const i18n::Locales locales = languages::load();
    for (const std::string& language : languages::complete) {
        for (const std::string& id : locales.ids(language)) {
            const std::string text = locales.text(language, id);
            std::size_t marks = 0;
            for (std::size_t at = text.find("**"); at != std::string::npos;
                 at = text.find("**", at + 2))
                ++marks;
            CAPTURE(id);
            CHECK(marks % 2 == 0);
        }
    }
}
