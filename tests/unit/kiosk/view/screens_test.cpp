// SPDX-License-Identifier: EUPL-1.2
// What all screens keep, whatever they show: one question, equal pair, known icons, ids that do
// what they say, a record's words.
#include <algorithm>
#include <filesystem>
#include <set>

#include "kiosk/view/parts.hpp"
#include "kiosk/view/speech.hpp"
#include "kiosk/view/wording.hpp"
#include "tests/screens/gallery.hpp"
#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/view/languages.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

std::vector<gallery::Shot> everything(const std::string& language) {
    std::vector<gallery::Shot> shots = gallery::places(language);
    for (gallery::Shot& shot : gallery::failures(language)) shots.push_back(std::move(shot));
    return shots;
}

void add_icon(std::set<std::string>& icons, const std::string& icon) {
    if (!icon.empty()) icons.insert(icon);
}

/// Icons of the blocks that carry one.
struct Icons {
    std::set<std::string>& found;
    void operator()(const view::Paragraph& b) { add_icon(found, b.icon); }
    void operator()(const view::Note& b) { add_icon(found, b.icon); }
    void operator()(const view::Tile& b) {
        add_icon(found, b.icon);
        for (const view::Party& party : b.parties) add_icon(found, party.icon);
        if (b.pill) add_icon(found, b.pill->icon);
    }
    void operator()(const view::Chips& b) {
        for (const view::Chip& chip : b.chips) add_icon(found, chip.icon);
    }
    void operator()(const view::Facts& b) {
        for (const view::Fact& fact : b.facts) add_icon(found, fact.icon);
    }
    void operator()(const view::Rows& b) {
        for (const view::Row& row : b.rows) {
            add_icon(found, row.icon);
            if (row.button) add_icon(found, row.button->icon);
        }
    }
    void operator()(const view::ReleaseCard& b) {
        for (const auto& status : b.statuses) {
            add_icon(found, status.icon);
            add_icon(found, status.pill.icon);
        }
    }
    void operator()(const view::Track& b) {
        for (const view::TrackStep& step : b.steps) add_icon(found, step.icon);
    }
    void operator()(const view::QrCard& b) { add_icon(found, b.icon); }
    template <class B>
    void operator()(const B&) {}
};

}  // namespace

TEST_CASE("screens: names of the gallery are unique and all languages have the same screens") {
    std::vector<std::string> german;
    for (const gallery::Shot& shot : everything("de")) german.push_back(shot.name);
    CHECK(std::set<std::string>(german.begin(), german.end()).size() == german.size());
    for (const char* language : {"en", "ar", "de-x-leicht"}) {
        std::vector<std::string> names;
        for (const gallery::Shot& shot : everything(language)) names.push_back(shot.name);
        CHECK(names == german);
    }
}

TEST_CASE(
    "screens: a pair never stands beside a main button, and yes comes with a no of equal lines") {
    const i18n::Locales locales = languages::load();
    for (const std::string& language : languages::complete) {
        for (const gallery::Shot& shot : everything(language)) {
            CAPTURE(shot.name);
            CAPTURE(language);
            CHECK_FALSE(shot.screen.title.empty());
            if (!shot.screen.pair) continue;
            CHECK_FALSE(shot.screen.main.has_value());
            CHECK_FALSE(shot.screen.pair->question.empty());
            const auto lines = [&](const view::Text& text) {
                const std::string words = view::wording(locales, language, text);
                return std::count(words.begin(), words.end(), '\n');
            };
            CHECK(lines(shot.screen.pair->yes.label) == lines(shot.screen.pair->no.label));
            CHECK_FALSE(shot.screen.pair->yes.disabled_because.has_value());
            CHECK_FALSE(shot.screen.pair->no.disabled_because.has_value());
        }
    }
}

TEST_CASE("screens: every icon exists") {
    std::set<std::string> icons;
    for (const gallery::Shot& shot : everything("de")) {
        for (const view::Block& block : shot.screen.blocks) std::visit(Icons{icons}, block);
        for (const auto& button : {shot.screen.main, shot.screen.back, shot.screen.other}) {
            if (button) add_icon(icons, button->icon);
        }
        if (shot.screen.pair) {
            add_icon(icons, shot.screen.pair->yes.icon);
            add_icon(icons, shot.screen.pair->no.icon);
        }
    }
    for (const std::string& icon : icons) {
        CAPTURE(icon);
        CHECK(std::filesystem::exists(std::string(FREIGABE_SOURCE_DIR "/assets/icons/") + icon +
                                      ".svg"));
    }
}

TEST_CASE("screens: every id is unique on its screen and means something there") {
    static const walker::World world = walker::make_world();
    for (const gallery::Shot& shot : everything("de")) {
        CAPTURE(shot.name);
        const auto ids = walker::targets(shot.screen);
        CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
        for (const std::string& id : ids) {
            if (id == "idle.more") continue;  // means exactly: a touch
            core::State state = core::initial(world.setup);
            const core::Event event = view::make_event(world.setup, state, view::Activate{id});
            const auto* common = std::get_if<core::CommonEvent>(&event.body);
            CAPTURE(id);
            CHECK_FALSE((common != nullptr && std::holds_alternative<core::Touched>(*common)));
        }
    }
}

TEST_CASE("screens: all words resolve, none is an id") {
    const i18n::Locales locales = languages::load();
    for (const std::string& language : languages::all) {
        for (const gallery::Shot& shot : everything(language)) {
            for (const view::Text& text : view::texts_of(shot.screen)) {
                const std::string words = view::wording(locales, language, text);
                CAPTURE(shot.name);
                CAPTURE(language);
                CAPTURE(words);
                CHECK_FALSE(words.empty());
                CHECK((text.id.empty() || words != text.id));
                CHECK(words.find('{') == std::string::npos);
            }
        }
    }
}

TEST_CASE("release: what the law wants is on the screen before the pair (LR-03, LR-04)") {
    const auto shots = gallery::places("de");
    const auto shot =
        std::find_if(shots.begin(), shots.end(), [](const auto& s) { return s.name == "release"; });
    REQUIRE(shot != shots.end());
    const auto& facts = std::get<view::Facts>(shot->screen.blocks.back());
    REQUIRE(facts.facts.size() == 4);
    for (const view::Fact& fact : facts.facts) CHECK_FALSE(fact.answer.empty());
}

TEST_CASE(
    "review: controllers, protection officers and complaint stand on it, nothing behind a button") {
    const i18n::Locales locales = languages::load();
    const auto shots = gallery::places("de");
    const auto shot =
        std::find_if(shots.begin(), shots.end(), [](const auto& s) { return s.name == "review"; });
    REQUIRE(shot != shots.end());
    const std::string words = view::evidence_text(locales, shot->screen);
    for (const char* part :
         {"Stadt Musterstadt, Jugendamt", "datenschutz@musterstadt.example",
          "Agentur für Arbeit Musterstadt", "Nicht weniger Geld", "Sie müssen nicht Ja sagen."}) {
        CAPTURE(part);
        CHECK(words.find(part) != std::string::npos);
    }
    CHECK_FALSE(shot->screen.other.has_value());
}

TEST_CASE("review: names are initials until asked for, and never part of the evidence") {
    const i18n::Locales locales = languages::load();
    for (const gallery::Shot& shot : gallery::places("de")) {
        if (shot.name != "review" && shot.name != "review-name-shown") continue;
        const auto& rows = std::get<view::Rows>(shot.screen.blocks.front());
        const std::string who = view::wording(locales, "de", rows.rows.front().value.front());
        CHECK((who.find("Leyla") != std::string::npos) == (shot.name == "review-name-shown"));
        CHECK(rows.rows.front().value.front().privacy == view::Text::Privacy::personal);
        CHECK(view::evidence_text(locales, shot.screen).find("Leyla") == std::string::npos);
    }
}

TEST_CASE("arabic: German names stand under the translation, numbers in isolates") {
    const i18n::Locales locales = languages::load();
    for (const gallery::Shot& shot : gallery::places("ar")) {
        if (shot.name != "release") continue;
        for (const view::Block& block : shot.screen.blocks) {
            const auto* flow = std::get_if<view::FlowPicture>(&block);
            if (flow == nullptr) continue;
            CHECK(flow->source_subline.literal == "Jugendamt");
            CHECK(flow->source_subline.language == "de");
            CHECK(view::wording(locales, "ar", flow->source_subline) == "\u2068Jugendamt\u2069");
        }
    }
}

TEST_CASE("screens: the page with yes and no names the release and with whom, in every language") {
    const i18n::Locales locales = languages::load();
    static const walker::World world = walker::make_world();
    const consent::Catalogue& catalogue = world.setup.catalogue;
    // Of each: the entry, an authority and, if its words are data of the person's own, a category.
    struct Named {
        const char* shot;
        const char* entry;
        const char* authority;
        const char* category;
    };
    const std::vector<Named> all{
        {"take-back", "JBA-03", "musterstadt-agentur", "C07"},
        {"take-back-elsewhere", "JBA-05", "musterstadt-jugendamt", nullptr},
        {"forget-copy", "JBA-03", "musterstadt-agentur", nullptr},
        {"forget-copy-ended", "JBA-01", "musterstadt-jugendamt", nullptr},
        {"release-chosen", "JBA-03", "musterstadt-agentur", nullptr},
        {"review", "JBA-03", "musterstadt-agentur", nullptr},
        {"objection", "JBA-11", "musterland-uebergang", nullptr},
        {"ask-access", nullptr, "musterstadt-agentur", nullptr}};
    for (const std::string& language : languages::all) {
        const auto shots = gallery::places(language);
        for (const Named& named : all) {
            CAPTURE(language);
            CAPTURE(named.shot);
            const auto shot = std::ranges::find(shots, named.shot, &gallery::Shot::name);
            REQUIRE(shot != shots.end());
            REQUIRE(shot->screen.pair.has_value());
            std::string page = view::wording(locales, language, shot->screen.pair->question);
            for (const view::Text& line : shot->screen.pair->summary)
                page += "\n" + view::wording(locales, language, line);
            const auto says = [&](std::string_view words) {
                CAPTURE(words);
                CHECK(page.find(words) != std::string::npos);
            };
            if (named.entry != nullptr) {
                const auto words =
                    consent::words(*catalogue.entry(named.entry), language, world.setup.drafts);
                REQUIRE(words.has_value());
                says(words->slots->title);
                std::string spoken;
                for (const view::Sentence& each : view::speech_script(locales, shot->screen))
                    spoken += each.words + "\n";
                CHECK(spoken.find(words->slots->title) != std::string::npos);
            }
            says(consent::text_for(catalogue.authority(named.authority)->name, language));
            if (named.category != nullptr)
                says(consent::text_for(catalogue.category(named.category)->brief, language));
        }
    }
}

TEST_CASE(
    "done: without codes it says that there is no slip, and what helps; elsewhere it does not") {
    using view::operator""_t;
    const i18n::Locales locales = languages::load();
    const std::set<std::string> with_codes{"done", "done-objection", "done-demanded"};
    const std::set<std::string> without_slip{"done-withdrawn", "done-slip-elsewhere", "declined"};
    for (const char* language : {"de", "en", "ar", "de-x-leicht"}) {
        std::size_t looked_at = 0;
        for (const gallery::Shot& shot : gallery::places(language)) {
            const bool lacks = shot.name == "done-no-slip";
            if (!lacks && !with_codes.contains(shot.name) && !without_slip.contains(shot.name))
                continue;
            CAPTURE(language);
            CAPTURE(shot.name);
            ++looked_at;
            std::set<std::string> ids;
            bool code = false;
            for (const view::Block& block : shot.screen.blocks) {
                code = code || std::holds_alternative<view::QrCard>(block);
                if (const auto* note = std::get_if<view::Note>(&block))
                    for (const view::Text& line : note->lines) ids.insert(line.id);
            }
            CHECK(code == with_codes.contains(shot.name));
            for (const char* id : {"slip.none", "slip.none.safe", "slip.none.instead"})
                CHECK(ids.contains(id) == lacks);
            if (!lacks) continue;
            CHECK_FALSE(shot.screen.pair.has_value());  // nothing to print
            CHECK(shot.screen.main.has_value());
            const std::string words = view::evidence_text(locales, shot.screen);
            const std::string list = view::wording(locales, language, "mine.title"_t);
            CHECK(words.find(list) != std::string::npos);
        }
        CHECK(looked_at == 7);
    }
}
