// SPDX-License-Identifier: EUPL-1.2
// My releases (h-my-releases), of this terminal and of all others, and taking back.
#include <algorithm>

#include "kiosk/view/makers.hpp"
#include "sync/model/access_request.hpp"

namespace view {
namespace {

Pill pill_of(const core::Release& release, const core::Delivery& delivery) {
    using Stage = core::Delivery::Stage;
    const auto dated = [&](Text plain, Text on) {
        return delivery.on ? with(std::move(on), {date_arg("date", *delivery.on)})
                           : std::move(plain);
    };
    switch (delivery.stage) {
        case Stage::queued:
            return {Tone::warn, "waiting", "state.queued"_t};
        case Stage::sent:
            return {Tone::accent, "sent", dated("state.sent"_t, "state.sent_on"_t)};
        case Stage::received:
            return {Tone::accent, "received", dated("state.received"_t, "state.received_on"_t)};
        case Stage::applied:
            if (release.entry == model::access_request_entry)
                return {Tone::ok, "applied", dated("state.answered"_t, "state.answered_on"_t)};
            return {Tone::ok, "applied", dated("state.applied"_t, "state.applied_on"_t)};
        case Stage::withheld:
            return {Tone::neutral, "lock", "state.withheld"_t};
        case Stage::not_usable:
            // Nobody serves that office here, or it does not find the person: its answer is not
            // to be had this way.
            if (release.entry == model::access_request_entry)
                return {Tone::warn, "warning", "state.unreached"_t};
            return {Tone::warn, "warning", "state.not_usable"_t};
    }
    return {};
}

Text when_of(const Look& look, const core::Release& release) {
    using Standing = core::Release::Standing;
    const bool today = release.given_on == look.common.now.date;
    const Arg given = date_arg("date", release.given_on, Arg::Kind::date_long);
    if (release.standing == Standing::withdrawn && release.ended_elsewhere) {
        return with("mine.withdrawn_elsewhere"_t, {given});
    }
    if (release.standing == Standing::withdrawn) {
        return today ? "mine.withdrawn_today"_t : with("mine.withdrawn_on"_t, {given});
    }
    if (release.standing == Standing::suspended) return with("mine.suspended"_t, {given});
    if (release.standing == Standing::expired) return with("mine.expired"_t, {given});
    if (release.entry == model::access_request_entry) {
        const Arg answer = date_arg("until", model::answer_day(release.given_on));
        return with("mine.demanded_on"_t, {given, answer});
    }
    if (!release.until) return today ? "mine.open_today"_t : with("mine.open_on"_t, {given});
    const Arg until = date_arg("until", *release.until, Arg::Kind::date_long);
    if (today) return with("mine.given_today"_t, {until});
    return with("mine.given_on"_t, {given, until});
}

/// As the catalogue calls it; an authority of elsewhere, as the backend does.
Text party_name(const Look& look, const std::vector<core::SourceReport>& sources,
                const std::string& id) {
    const auto at = std::ranges::find(sources, id, &core::SourceReport::authority);
    const bool foreign = look.setup.catalogue.authority(id) == nullptr;
    return foreign && at != sources.end() ? literal(at->name, "de") : authority_name(look, id);
}
Text party_names(const Look& look, const core::TakeBack& at, const std::vector<std::string>& ids) {
    Text all;
    for (const std::string& id : ids)
        all = listed(look, std::move(all), party_name(look, at.sources, id));
    return all;
}

/// Why a source does not hand it out, if it told.
std::optional<Text> why_withheld(const core::Delivery& delivery, const Text& who) {
    const auto said = [&](Text words) {
        return with(std::move(words), {{"who", who.literal, Arg::Kind::name}});
    };
    if (delivery.reason == "service_at_risk") return said("mine.withheld.at_risk"_t);
    if (delivery.reason == "entrusted") return said("mine.withheld.entrusted"_t);
    if (delivery.reason == "undisclosed") return said("mine.withheld.undisclosed"_t);
    return std::nullopt;
}

ReleaseCard card_of(const Look& look, const core::MyReleases& at, std::size_t index) {
    const core::Release& release = (*at.releases)[index];
    ReleaseCard card;
    card.title = entry_title(look, release.entry);
    card.lines = {when_of(look, release)};
    if (release.elsewhere) card.lines.push_back("mine.elsewhere_given"_t);
    for (const core::Delivery& delivery : release.deliveries) {
        const Text who = party_name(look, at.lookup.known.sources, delivery.authority);
        card.statuses.push_back(
            {authority_icon(look, delivery.authority), who, pill_of(release, delivery)});
        if (auto why = why_withheld(delivery, who)) card.lines.push_back(std::move(*why));
    }
    // Ended while it stood here: its button keeps its room, so that nothing moves under a finger.
    if (release.can_be_taken_back() || at.was_offered(index)) {
        card.button =
            Button{"mine." + std::to_string(index), "act-take-back", "button.take_back"_t, {}};
        if (!release.can_be_taken_back()) card.button->disabled_because = "mine.ended_now"_t;
    }
    if (at.can_be_forgotten(index)) {
        card.button =
            Button{"mine.forget." + std::to_string(index), "not-stored", "mine.forget"_t, {}};
    }
    return card;
}

/// When the words on this screen are from.
Text freshness(const Look& look, const core::MyReleases& at) {
    const auto dated = [](Text words, const core::Moment& moment) {
        return with(std::move(words), {date_arg("date", moment.date, Arg::Kind::date_long),
                                       time_arg("time", moment.minutes)});
    };
    if (at.lookup.stage == core::Lookup::Stage::known)
        return dated("insight.as_of"_t, at.lookup.known.as_of);
    if (look.common.link_up) return "mine.fresh"_t;
    return dated("mine.stale"_t, look.common.link_since);
}

bool lists_any(const core::MyReleases& at) {
    for (std::size_t i = 0; at.releases && i < at.releases->size(); ++i) {
        if (at.lists(i)) return true;
    }
    return false;
}

/// The list, or that there is nothing in it; what has ended stands elsewhere if this one is for
/// taking back.
void add_list(Screen& screen, const Look& look, const core::MyReleases& at) {
    const bool everywhere = at.lookup.stage == core::Lookup::Stage::known;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < at.releases->size(); ++i) {
        if (!at.lists(i)) continue;
        screen.blocks.emplace_back(card_of(look, at, i));
        ++shown;
    }
    const bool more = shown < at.releases->size();
    if (shown == 0) {
        Note note{Tone::neutral, "info", {}};
        if (more) {
            note.lines = {"mine.nothing_lives"_t};
        } else {
            note.lines = {everywhere ? "mine.none_anywhere"_t : "mine.none"_t};
        }
        if (!everywhere) note.lines.push_back("mine.none.elsewhere"_t);
        screen.blocks.emplace_back(std::move(note));
    }
    if (more) screen.blocks.emplace_back(Paragraph{{"mine.over"_t}, true, "info"});
}

/// What is known of other terminals, or why it is not.
void add_elsewhere(Screen& screen, const Look& look, const core::MyReleases& at) {
    using Stage = core::Lookup::Stage;
    if (at.lookup.stage == Stage::known) return;
    if (at.lookup.stage == Stage::asked) {
        screen.blocks.emplace_back(Paragraph{{"mine.asking"_t}, true, "waiting"});
        return;
    }
    const bool can_ask =
        add_lookup_note(screen, look, at.lookup.stage, "mine.no_line"_t) && look.common.link_up;
    if (can_ask) screen.main = again_button();
    // An empty list has said so already.
    if (!at.offered || lists_any(at))
        screen.blocks.emplace_back(Paragraph{{"mine.elsewhere"_t}, true});
}

/// The question with the name of what it is about: at big text it stands pages after the rows.
Text about(const Look& look, Text question, const core::Release& release) {
    const Text what = entry_title(look, release.entry);
    const bool by_id = what.literal.empty();
    return with(std::move(question), {{"what", by_id ? "@" + what.id : what.literal}});
}

Text take_back_title(const Look& look, const core::TakeBack& at) {
    if (!at.release) return "take_back.all.title"_t;
    // Of an objection it is the opposite that begins.
    if (at.release->act == core::ActType::objection)
        return about(look, "take_back.title.objection"_t, *at.release);
    return about(look, "take_back.title"_t, *at.release);
}

std::vector<Text> take_back_summary(const Look& look, const core::TakeBack& at) {
    const std::vector<Text> holds{"take_back.lead"_t, "take_back.no_reason"_t};
    if (!at.release) return lines_of({{"take_back.all.to"_t}, holds});
    const core::Release& release = *at.release;
    return lines_of({row_line("take_back.who"_t, party_names(look, at, release.sources)),
                     row_line("take_back.to"_t, party_names(look, at, release.recipients)),
                     row_line("take_back.data"_t, categories_brief(look, release.categories)),
                     holds});
}

}  // namespace

void fill(Screen& screen, const Look& look, const core::MyReleases& at) {
    screen.name = "my-releases";
    screen.title =
        at.kind == core::Task::Kind::take_back ? "mine.title.take_back"_t : "mine.title"_t;
    screen.lead = freshness(look, at);
    if (at.failed) {
        screen.blocks.emplace_back(
            Note{Tone::warn, "info", {"mine.failed"_t, "mine.failed.all"_t}});
    } else if (!at.offered) {
        screen.blocks.emplace_back(Waiting{"mine.loading"_t, "mine.loading.time"_t, "card.stay"_t});
    }
    if (at.offered) add_list(screen, look, at);
    if (at.offered || at.failed) add_elsewhere(screen, look, at);
    screen.back = back_button();
    screen.other = Button{"mine.all", "act-take-back", "mine.all"_t, {}};
}

void fill(Screen& screen, const Look& look, const core::TakeBack& at) {
    screen.name = "take-back";
    screen.title = take_back_title(look, at);
    screen.lead = "take_back.lead"_t;
    Rows rows;
    if (at.release) {
        rows.rows.push_back(
            {"act-take-back", "take_back.what"_t, {entry_title(look, at.release->entry)}, {}});
        rows.rows.push_back(
            {"person", "take_back.who"_t, {party_names(look, at, at.release->sources)}, {}});
        rows.rows.push_back(
            {"next", "take_back.to"_t, {party_names(look, at, at.release->recipients)}, {}});
        // Of a release from elsewhere only the parties are known here.
        if (!at.release->categories.empty()) {
            rows.rows.push_back({"info",
                                 "take_back.passed"_t,
                                 {categories_brief(look, at.release->categories)},
                                 {}});
        }
    } else {
        rows.rows.push_back({"act-take-back", "take_back.what"_t, {"take_back.all.what"_t}, {}});
        rows.rows.push_back({"next", "take_back.to"_t, {"take_back.all.to"_t}, {}});
    }
    rows.rows.push_back({"duration", "take_back.from"_t, {"take_back.from.line"_t}, {}});
    screen.blocks.emplace_back(std::move(rows));
    screen.blocks.emplace_back(Paragraph{{"take_back.no_reason"_t}});
    screen.pair = DecisionPair{{"take_back.yes", "check", "take_back.yes"_t, {}},
                               {"take_back.no", "cross", "take_back.no"_t, {}}};
    screen.pair->question = screen.title;
    screen.pair->summary = take_back_summary(look, at);
    screen.back = back_button();
    if (at.release && at.release->kept_here)
        screen.other = Button{"take_back.forget", "not-stored", "mine.forget"_t, {}};
}

void fill(Screen& screen, const Look& look, const core::ForgetCopy& at) {
    const core::Release& release = at.release;
    screen.name = "forget-copy";
    screen.title = about(look, "forget.title"_t, release);
    screen.lead = "forget.lead"_t;
    if (at.failed) {
        screen.blocks.emplace_back(
            Note{Tone::warn, "warning", {"forget.failed"_t, "forget.failed.again"_t}});
    }
    Text stays = "forget.stays.ended"_t;
    if (release.can_be_taken_back()) stays = "forget.stays.given"_t;
    if (release.act == core::ActType::notice) stays = "forget.stays.demanded"_t;
    Rows rows;
    const std::vector<Text> parties =
        lines_of({row_line("take_back.who"_t, names(look, release.sources)),
                  row_line("take_back.to"_t, names(look, release.recipients))});
    rows.rows.push_back(
        {"info", "take_back.what"_t, lines_of({{entry_title(look, release.entry)}, parties}), {}});
    rows.rows.push_back({"not-stored", "forget.gone"_t, {"forget.gone.line"_t}, {}});
    rows.rows.push_back({"check", "forget.stays"_t, {stays, "forget.stays.known"_t}, {}});
    if (release.can_be_taken_back()) {
        rows.rows.push_back(
            {"act-take-back", "forget.take_back"_t, {"forget.take_back.line"_t}, {}});
    }
    screen.blocks.emplace_back(std::move(rows));
    screen.back = back_button();
    if (at.running) {
        screen.blocks.emplace_back(Waiting{"forget.running"_t, "mine.loading.time"_t, {}});
        return;
    }
    screen.pair = DecisionPair{{"forget.yes", "check", "forget.yes"_t, {}},
                               {"forget.no", "cross", "forget.no"_t, {}}};
    screen.pair->question = screen.title;
    screen.pair->summary = lines_of({parties, {"forget.lead"_t, stays}});
}

}  // namespace view
