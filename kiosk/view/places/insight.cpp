// SPDX-License-Identifier: EUPL-1.2
// Who has and used my data (i-insight): without a card, what it would show; with one, per authority
// how complete its reports are, what was released, what it asks for, and each use it reported.
#include <algorithm>

#include "kiosk/view/makers.hpp"

namespace view {
namespace {

using core::Access;
using core::Known;
using core::Lookup;

/// The catalogue's name, or the backend's for an authority that the catalogue does not know.
Text source_name(const Look& look, const core::SourceReport& source) {
    const bool known = look.setup.catalogue.authority(source.authority) != nullptr;
    return known ? authority_name(look, source.authority) : literal(source.name, "de");
}

Pill coverage_pill(const Look& look, const core::SourceReport& source) {
    if (!source.reports) return {Tone::neutral, "excluded", "insight.not_yet"_t};
    if (!source.complete) return {Tone::warn, "waiting", "insight.reports"_t};
    if (source.complete->date == look.common.now.date) {
        return {Tone::ok, "check",
                with("insight.until_time"_t, {time_arg("time", source.complete->minutes)})};
    }
    return {Tone::warn, "waiting",
            with("insight.until_date"_t, {date_arg("date", source.complete->date)})};
}

void add_coverage(Screen& screen, const Look& look, const Known& known) {
    ReleaseCard card;
    card.title = "insight.coverage"_t;
    for (const core::SourceReport& source : known.sources) {
        card.statuses.push_back({authority_icon(look, source.authority), source_name(look, source),
                                 coverage_pill(look, source)});
    }
    if (!card.statuses.empty()) screen.blocks.emplace_back(std::move(card));
    screen.blocks.emplace_back(Paragraph{{"insight.empty"_t}, true});
}

/// Titles of what lives and names this authority in one of the two roles, as one text.
Text titles(const Look& look, const Known& known, const std::string& authority,
            std::vector<std::string> core::Release::*role) {
    std::vector<std::string> seen;
    Text all;
    for (const core::Release& release : known.releases) {
        const auto& parties = release.*role;
        const bool named = std::ranges::find(parties, authority) != parties.end();
        const bool told = std::ranges::find(seen, release.entry) != seen.end();
        const bool lives = release.standing == core::Release::Standing::given &&
                           release.act != core::ActType::notice;
        if (!lives || !named || told) continue;
        seen.push_back(release.entry);
        all = listed(look, std::move(all), entry_title(look, release.entry));
    }
    return all;
}

/// Per authority what it may get or pass on by what lives now.
void add_released(Screen& screen, const Look& look, const Known& known) {
    bool first = true;
    for (const core::SourceReport& source : known.sources) {
        const Text gets = titles(look, known, source.authority, &core::Release::recipients);
        const Text gives = titles(look, known, source.authority, &core::Release::sources);
        if (gets.empty() && gives.empty()) continue;
        if (std::exchange(first, false)) screen.blocks.emplace_back(Label{"insight.released"_t});
        ReleaseCard card;
        card.icon = authority_icon(look, source.authority);
        card.title = source_name(look, source);
        if (!gets.empty()) {
            card.lines.push_back(with("insight.may_get"_t, {{"what", gets.literal}}));
        }
        if (!gives.empty()) {
            card.lines.push_back(with("insight.may_give"_t, {{"what", gives.literal}}));
        }
        screen.blocks.emplace_back(std::move(card));
    }
}

void add_wishes(Screen& screen, const Look& look, const Known& known) {
    if (!known.wishes.empty()) screen.blocks.emplace_back(Label{"insight.wishes"_t});
    for (const core::Wish& wish : known.wishes) {
        ReleaseCard card;
        card.icon = authority_icon(look, wish.authority);
        card.title = authority_name(look, wish.authority);
        card.lines = {with("insight.wish"_t, {{"what", entry_title(look, wish.entry).literal}})};
        card.lines.push_back(wish.until
                                 ? with("insight.wish_until"_t,
                                        {date_arg("date", *wish.until, Arg::Kind::date_long)})
                                 : "insight.wish_free"_t);
        screen.blocks.emplace_back(std::move(card));
    }
}

Text coverage_line(const Look& look, const Access& access) {
    switch (access.coverage) {
        case Access::Coverage::covered:
            if (access.entry.empty()) return "insight.covered_plain"_t;
            return with("insight.covered"_t, {{"what", entry_title(look, access.entry).literal}});
        case Access::Coverage::late:
            return "insight.late"_t;
        case Access::Coverage::none:
            return "insight.uncovered"_t;
    }
    return {};
}

/// What was used: the catalogue's words, and the bare id of what it does not know.
Text used(const Look& look, const Access& access) {
    Text all;
    for (const std::string& id : access.categories) {
        const auto* category = look.setup.catalogue.category(id);
        all = listed(look, std::move(all),
                     category == nullptr ? literal(id) : table_text(look, category->brief));
    }
    return all;
}

/// What it was used for: the catalogue's words for an id of the catalogue, a release's own purpose
/// for the id of a release; else the authority's own words, and it says so.
Text purpose_line(const Look& look, const Access& access) {
    const auto said = [](Text words, const std::string& purpose) {
        return with(std::move(words), {{"purpose", purpose, Arg::Kind::name}});
    };
    if (const auto* purpose = look.setup.catalogue.purpose(access.purpose))
        return said("insight.purpose"_t, table_text(look, purpose->text).literal);
    if (const auto* entry = look.setup.catalogue.entry(access.purpose)) {
        const auto words = consent::words(*entry, look.language(), look.setup.drafts);
        if (words) return said("insight.purpose"_t, words->slots->purpose);
    }
    return said("insight.purpose_own"_t, access.purpose);
}

/// How long the authority keeps what it has, or who tells.
Text retention_line(const Look& look, const Access& access) {
    const auto* authority = look.setup.catalogue.authority(access.authority);
    if (authority == nullptr || authority->retention.empty()) return "insight.kept_ask"_t;
    return with("insight.kept"_t,
                {{"period", table_text(look, authority->retention).literal, Arg::Kind::name}});
}

ReleaseCard card_of_access(const Look& look, const Access& access, std::size_t index) {
    ReleaseCard card;
    card.title = authority_name(look, access.authority);
    if (access.withheld) {
        card.icon = "lock";
        card.lines = {
            with("insight.on_day"_t, {date_arg("date", access.at.date, Arg::Kind::date_long)}),
            "insight.withheld"_t};
        return card;
    }
    card.icon = authority_icon(look, access.authority);
    card.lines = {with("insight.at"_t, {date_arg("date", access.at.date, Arg::Kind::date_long),
                                        time_arg("time", access.at.minutes)})};
    const std::string what = used(look, access).literal;
    if (access.recipient.empty()) {
        card.lines.push_back(with("insight.used"_t, {{"what", what}}));
    } else {
        const Text to = authority_name(look, access.recipient);
        card.lines.push_back(
            with("insight.passed"_t, {{"who", to.literal, Arg::Kind::name}, {"what", what}}));
    }
    card.lines.push_back(purpose_line(look, access));
    card.lines.push_back(coverage_line(look, access));
    card.lines.push_back(retention_line(look, access));
    card.button = Button{"wrong." + std::to_string(index), "act-ask", "insight.wrong"_t, {}};
    return card;
}

void add_accesses(Screen& screen, const Look& look, const Known& known) {
    if (known.accesses.empty()) {
        screen.blocks.emplace_back(
            Note{Tone::neutral, "info", {"insight.none"_t, "insight.ask"_t}});
        return;
    }
    screen.blocks.emplace_back(Label{"insight.reported"_t});
    for (std::size_t i = 0; i < known.accesses.size(); ++i) {
        screen.blocks.emplace_back(card_of_access(look, known.accesses[i], i));
    }
}

/// What is reported is not all: the way to a formal request.
Tile request_tile() {
    return {"insight.request", "act-ask", "insight.request"_t, "insight.request.line"_t, {}};
}

bool has_anything(const Known& known) {
    return !known.sources.empty() || !known.releases.empty() || !known.accesses.empty();
}

}  // namespace

bool add_lookup_note(Screen& screen, const Look& look, Lookup::Stage stage, Text no_line) {
    const core::Moment& since = look.common.link_since;
    switch (stage) {
        case Lookup::Stage::none:
        case Lookup::Stage::asked:
        case Lookup::Stage::known:
            return false;
        case Lookup::Stage::no_line: {
            Note note{Tone::warn, "offline", {std::move(no_line)}};
            // With a line it is not the network that is missing, and that contact is now.
            if (!look.common.link_up) {
                note.lines.push_back(with("insight.last_contact"_t,
                                          {date_arg("date", since.date, Arg::Kind::date_long),
                                           time_arg("time", since.minutes)}));
                note.lines.push_back("insight.unknown"_t);
            } else {
                note.lines.push_back("insight.rest_works"_t);
            }
            screen.blocks.emplace_back(std::move(note));
            return true;
        }
        case Lookup::Stage::no_answer:
            screen.blocks.emplace_back(
                Note{Tone::warn, "waiting", {"insight.no_answer"_t, "insight.rest_works"_t}});
            return true;
        case Lookup::Stage::busy:
            screen.blocks.emplace_back(
                Note{Tone::warn, "waiting", {"insight.busy"_t, "insight.busy.when"_t}});
            return true;
        case Lookup::Stage::not_believed:
            screen.blocks.emplace_back(Note{
                Tone::warn, "warning", {"insight.not_believed"_t, "insight.not_believed.so"_t}});
            return true;
    }
    return false;
}

Button again_button() {
    return {"insight.again", "act-see", "insight.again"_t, {}};
}

void fill(Screen& screen, const Look& look, const core::Insight& at) {
    screen.name = "insight";
    screen.title = "insight.title"_t;
    screen.back = back_button();
    screen.other = Button{"insight.mine", "act-requests", "insight.mine"_t, {}};
    if (!at.who) {
        screen.lead = "insight.lead"_t;
        screen.blocks.emplace_back(
            Note{Tone::accent, "act-see", {"insight.what"_t, "insight.what.all"_t}});
        screen.blocks.emplace_back(
            Paragraph{{"insight.not_kept"_t, "insight.gone"_t}, false, "not-stored"});
        if (look.common.link_up) {
            screen.main = Button{"insight.look", "card-in", "insight.look"_t, {}};
        } else {
            add_lookup_note(screen, look, Lookup::Stage::no_line, "insight.no_line"_t);
            screen.blocks.emplace_back(request_tile());
        }
        return;
    }
    const Known& known = at.lookup.known;
    const bool anything = has_anything(known);
    if (anything) {
        screen.lead =
            with("insight.as_of"_t, {date_arg("date", known.as_of.date, Arg::Kind::date_long),
                                     time_arg("time", known.as_of.minutes)});
    }
    const bool failed = add_lookup_note(screen, look, at.lookup.stage, "insight.no_line"_t);
    if (at.lookup.stage == Lookup::Stage::asked) {
        screen.blocks.emplace_back(
            Waiting{"insight.loading"_t, "insight.loading.time"_t, "card.stay"_t});
    }
    if (failed) screen.main = again_button();
    // While it is asked nothing stands here that would move when the answer comes.
    if (!anything && failed) screen.blocks.emplace_back(request_tile());
    if (!anything) return;
    add_coverage(screen, look, known);
    screen.blocks.emplace_back(request_tile());
    add_wishes(screen, look, known);
    add_accesses(screen, look, known);
    add_released(screen, look, known);
    if (known.next && at.lookup.stage == Lookup::Stage::known) {
        screen.main = Button{"insight.older", "next", "insight.older"_t, {}};
    }
}

}  // namespace view
