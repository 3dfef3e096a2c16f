// SPDX-License-Identifier: EUPL-1.2
// What the citizen is told of each kind of row: who reports and until when, who used what and by
// what right, and where to go with a doubt. As values, before anything is drawn.
#include <algorithm>

#include "tests/screens/walker.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using walker::Walker;

const walker::World& site() {
    static const walker::World made = walker::make_world();
    return made;
}

Walker at_insight() {
    Walker walker(site());
    walker::walk(walker, walker::see(), walker::see().size() - 1);
    return walker;
}

std::vector<view::ReleaseCard> cards(const view::Screen& screen) {
    std::vector<view::ReleaseCard> out;
    for (const view::Block& block : screen.blocks) {
        if (const auto* card = std::get_if<view::ReleaseCard>(&block)) out.push_back(*card);
    }
    return out;
}

/// The card whose button has this id.
view::ReleaseCard card_with(const view::Screen& screen, const std::string& id) {
    for (const view::ReleaseCard& card : cards(screen)) {
        if (card.button && card.button->id == id) return card;
    }
    return {};
}

bool says(const view::ReleaseCard& card, const std::string& id) {
    return std::ranges::any_of(card.lines, [&](const view::Text& text) { return text.id == id; });
}

bool screen_says(const view::Screen& screen, const std::string& id) {
    for (const view::Block& block : screen.blocks) {
        if (const auto* note = std::get_if<view::Note>(&block)) {
            for (const view::Text& line : note->lines) {
                if (line.id == id) return true;
            }
        }
    }
    return false;
}

}  // namespace

TEST_CASE("insight screen: per source up to when it has reported, and who does not (LR-41)") {
    const view::Screen screen = at_insight().screen();
    const view::ReleaseCard coverage = cards(screen).front();
    REQUIRE(coverage.statuses.size() == 4);
    CHECK(coverage.statuses[0].pill.word.id == "insight.until_time");
    CHECK(coverage.statuses[1].pill.word.id == "insight.until_date");
    CHECK(coverage.statuses[2].pill.word.id == "insight.not_yet");
    CHECK(coverage.statuses[3].pill.word.id == "insight.reports");
    // One that the catalogue does not know is called as the backend calls it.
    CHECK(coverage.statuses[3].who.literal == "Schulamt Nachbarstadt");
    CHECK(screen.lead.id == "insight.as_of");
}

TEST_CASE("insight screen: each use says what, what for and by what right") {
    const view::Screen screen = at_insight().screen();
    const auto used = card_with(screen, "wrong.0");
    CHECK(says(used, "insight.used"));
    CHECK(says(used, "insight.purpose"));
    CHECK(says(used, "insight.kept"));
    CHECK(says(used, "insight.covered"));
    const auto passed = card_with(screen, "wrong.1");
    CHECK(says(passed, "insight.passed"));
    CHECK(says(passed, "insight.late"));
    CHECK(says(card_with(screen, "wrong.3"), "insight.uncovered"));
}

TEST_CASE(
    "insight screen: a purpose of the catalogue in its words, any other as the office's own") {
    Walker walker(site());
    walker.known.accesses[3].purpose = "JBA-01";
    walker.known.accesses[3].authority = "nachbarstadt-schulamt";
    walker::walk(walker, walker::see(), walker::see().size() - 1);
    const view::Screen screen = walker.screen();
    const auto purpose = [&](const char* button) {
        for (const view::Text& line : card_with(screen, button).lines) {
            if (line.id.starts_with("insight.purpose")) return line;
        }
        return view::Text{};
    };
    CHECK(purpose("wrong.0").id == "insight.purpose");
    CHECK(purpose("wrong.0").args.at(0).value == "Arbeit oder Ausbildung finden");
    CHECK(purpose("wrong.1").id == "insight.purpose_own");
    CHECK(purpose("wrong.1").args.at(0).value == "case.2026-05");
    // The id of a release stands for the purpose of that release.
    CHECK(purpose("wrong.3").id == "insight.purpose");
    CHECK(purpose("wrong.3").args.at(0).value ==
          "Damit die Ämter sich wegen Terminen anrufen können.");
    // How long an office keeps data is the catalogue's word; of one that it does not know, the
    // answer to a request tells.
    CHECK(says(card_with(screen, "wrong.3"), "insight.kept_ask"));
}

TEST_CASE("insight screen: of a withheld use authority and day alone (LR-42)") {
    const view::Screen screen = at_insight().screen();
    const auto all = cards(screen);
    const auto hidden = std::ranges::find_if(
        all, [](const view::ReleaseCard& card) { return says(card, "insight.withheld"); });
    REQUIRE(hidden != all.end());
    REQUIRE(hidden->lines.size() == 2);
    CHECK(hidden->lines[0].id == "insight.on_day");
    CHECK_FALSE(hidden->button);
}

TEST_CASE("insight screen: 'wrong?' leads to whom this authority answers to (LR-45)") {
    Walker walker = at_insight();
    walker.tap("wrong.1");
    const view::Screen screen = walker.screen();
    REQUIRE(screen.name == "contacts");
    const auto& rows = std::get<view::Rows>(screen.blocks.front()).rows;
    CHECK(rows.size() == 3);  // controller, protection officer, complaint: of one authority
    CHECK(rows.front().icon == "authority-youth");
    walker.tap("back");
    CHECK(walker.screen().name == "insight");
}

TEST_CASE("insight screen: without a line it says so before the card is asked for") {
    Walker walker(site());
    walker.tap("language.de");
    walker.tap("home.see");
    CHECK(screen_says(walker.screen(), "insight.no_line"));
    CHECK(screen_says(walker.screen(), "insight.last_contact"));
    CHECK_FALSE(walker.screen().main);
    walker.online();
    CHECK_FALSE(screen_says(walker.screen(), "insight.no_line"));
    REQUIRE(walker.screen().main);
    CHECK(walker.screen().main->id == "insight.look");
}

TEST_CASE("my releases: those from elsewhere say so, with the reason of a source that withholds") {
    Walker walker(site());
    walker::walk(walker, walker::take_back_elsewhere(), walker::take_back_elsewhere().size() - 3);
    REQUIRE(walker.screen().name == "my-releases");
    const auto theirs = card_with(walker.screen(), "mine.3");
    CHECK(says(theirs, "mine.elsewhere_given"));
    CHECK(says(theirs, "mine.withheld.entrusted"));
    CHECK_FALSE(says(card_with(walker.screen(), "mine.0"), "mine.elsewhere_given"));
    // A suspended one of an authority that only the backend knows can be taken back, too.
    const auto paused = card_with(walker.screen(), "mine.4");
    CHECK(says(paused, "mine.suspended"));
    CHECK(paused.statuses.front().who.literal == "Schulamt Nachbarstadt");
    // The question calls it by its name, too.
    walker.tap("mine.4");
    REQUIRE(walker.screen().name == "take-back");
    CHECK(std::ranges::any_of(walker.screen().pair->summary, [](const view::Text& line) {
        return std::ranges::any_of(line.args, [](const view::Arg& arg) {
            return arg.value.find("Schulamt Nachbarstadt") != std::string::npos;
        });
    }));
}
