// SPDX-License-Identifier: EUPL-1.2
// A formal request for access: whom it is addressed to, what it says and what it never is, and that
// it works without a line (LR-41).
#include <algorithm>

#include "sync/model/access_request.hpp"
#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using Ids = std::vector<std::string>;
using walker::Walker;

const walker::World& world() {
    static const walker::World made = walker::make_world();
    return made;
}

const core::AskAccess& place(const Walker& walker) {
    return std::get<core::AskAccess>(walker.state().place);
}

Ids chosen(const Walker& walker) {
    Ids out;
    for (const std::size_t index : place(walker).chosen)
        out.push_back(place(walker).authorities.at(index));
    return out;
}

/// At the request, from the screen that shows who used what.
Walker from_insight(const core::Known& known) {
    Walker walker(world());
    walker.known = known;
    walker::walk(walker, walker::see(), walker::see().size() - 1);
    walker.tap("insight.request");
    REQUIRE(facts::is<core::AskAccess>(walker.state()));
    return walker;
}

/// Without a line nobody has shown a card before: the request itself asks for it.
void ask_by_card(Walker& walker) {
    walker.tap("language.de");
    walker.tap("home.see");
    walker.tap("insight.request");
    walker.card_in();
    walker.tap("ask.next");
    walker.digits("123456");
    walker.tap("pad.next");
    walker.identified();
}

Ids recipients(const core::Draft& draft) {
    Ids out;
    for (const auto& id : draft.selection->recipients) out.push_back(id.get());
    return out;
}

}  // namespace

TEST_CASE("request: whom the person has to do with is picked, and only whom the backend reaches") {
    core::Known known = walker::some_known();
    known.sources[0].concerned = false;
    known.accesses.clear();
    const Walker walker = from_insight(known);
    // The fourth source is not in this catalogue: nothing here says who answers for it.
    CHECK(place(walker).authorities ==
          Ids{"musterstadt-agentur", "musterstadt-jobcenter", "musterstadt-jugendamt"});
    CHECK(chosen(walker) == Ids{"musterstadt-jobcenter", "musterstadt-jugendamt"});
    // Whoever has reported a use is picked, too.
    known.accesses = walker::some_known().accesses;
    CHECK(chosen(from_insight(known)).size() == 3);
}

TEST_CASE("request: one touch and its confirmation, then it is recorded with a receipt (LR-41)") {
    Walker walker(world());
    walker::walk(walker, walker::ask_access(), walker::ask_access().size());
    REQUIRE(walker.appended.size() == 1);
    const core::Draft& draft = walker.appended.front();
    CHECK(draft.act == core::ActType::notice);
    CHECK(draft.event == model::Event::given);
    CHECK(draft.entry == model::access_request_entry);
    CHECK(recipients(draft) == Ids{"musterstadt-jobcenter", "musterstadt-jugendamt"});
    // It grants nothing.
    CHECK(draft.selection->sources.empty());
    CHECK(draft.selection->categories.empty());
    CHECK_FALSE(draft.selection->to);
    CHECK(draft.targets.empty());
    CHECK(draft.who == walker::leyla());
    const view::Screen done = walker.screen();
    CHECK(done.title.id == "done.demanded.title");
    const auto codes = std::ranges::count_if(done.blocks, [](const view::Block& block) {
        return std::holds_alternative<view::QrCard>(block);
    });
    CHECK(codes == 1);  // to check it; there is nothing to take back
}

TEST_CASE("request: to nobody is no request, and it says what to choose first") {
    Walker walker = from_insight(walker::some_known());
    for (const char* id : {"request.to.0", "request.to.1", "request.to.2"}) walker.tap(id);
    walker.tap("request.yes");
    CHECK(facts::is<core::AskAccess>(walker.state()));
    CHECK(walker.appended.empty());
    CHECK(walker.screen().focus == "request.to.0");
    walker.tap("request.to.1");
    CHECK(walker.screen().focus.empty());
    walker.tap("request.yes");
    REQUIRE(walker.appended.size() == 1);
    CHECK(recipients(walker.appended.front()) == Ids{"musterstadt-jobcenter"});
}

TEST_CASE("request: a no and a way back lead to where it came from, and nothing is recorded") {
    for (const char* id : {"request.no", "back"}) {
        Walker walker = from_insight(walker::some_known());
        walker.tap(id);
        CHECK(facts::is<core::Insight>(walker.state()));
        CHECK(walker.appended.empty());
    }
}

TEST_CASE("request: without a line it is reached by the card, and nobody is picked unasked") {
    Walker walker(world());
    ask_by_card(walker);
    REQUIRE(facts::is<core::AskAccess>(walker.state()));
    CHECK(chosen(walker).empty());
    const Ids& all = place(walker).authorities;
    CHECK(std::ranges::find(all, "musterstadt-jugendamt") != all.end());
    // Named in a notice alone: no declaration of this site reaches it.
    CHECK(std::ranges::find(all, "bamf") == all.end());
    walker.tap("request.to.0");
    walker.tap("request.yes");
    walker.journaled();
    CHECK(facts::is<core::Done>(walker.state()));
    walker.card_out();
    CHECK_FALSE(facts::holds_person(walker.state()));
}

TEST_CASE("request: while the backend is asked no button stands where the answer will") {
    Walker walker(world());
    walker.answers_insight = false;
    walker::walk(walker, walker::see(), walker::see().size() - 1);
    const auto has_button = [&] {
        const auto ids = walker::targets(walker.screen());
        return std::ranges::find(ids, "insight.request") != ids.end();
    };
    CHECK_FALSE(has_button());
    walker.send(core::InsightFailed{walker.ticket, base::Errc::network_timeout});
    CHECK(has_button());
}

TEST_CASE("request: without a catalogue there is nobody to address, and the screen says why") {
    walker::World bare = walker::make_world();
    bare.setup.catalogue = {};
    bare.setup.offers.clear();
    bare.setup.catalogue_trouble = base::Errc::catalogue_bad;
    Walker walker(bare);
    ask_by_card(walker);
    REQUIRE(facts::is<core::Failed>(walker.state()));
    CHECK(std::get<core::Failed>(walker.state().place).errc == base::Errc::catalogue_bad);
}

TEST_CASE("request: the answer is due on the same day of the next month, or on its last") {
    using namespace std::chrono;
    const auto due = [](int y, unsigned m, unsigned d) {
        return model::answer_day(core::Date{year{y}, month{m}, day{d}});
    };
    CHECK(due(2026, 5, 12) == core::Date{year{2026}, month{6}, day{12}});
    CHECK(due(2026, 1, 31) == core::Date{year{2026}, month{2}, day{28}});
    CHECK(due(2028, 1, 30) == core::Date{year{2028}, month{2}, day{29}});
    CHECK(due(2026, 12, 31) == core::Date{year{2027}, month{1}, day{31}});
}
