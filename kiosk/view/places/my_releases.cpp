// SPDX-License-Identifier: EUPL-1.2
// My releases (h-my-releases), taking back, and who reports what was used (the honest front of
// i-insight).
#include "kiosk/view/makers.hpp"

namespace view {
namespace {

Text title_of_entry(const Look& look, const std::string& id) {
    const consent::Entry* entry = look.setup.catalogue.entry(id);
    if (entry == nullptr) return literal(id);  // a retired entry stays revocable under its id
    const auto words = consent::words(*entry, look.language(), look.setup.drafts);
    return words ? literal(words->slots->title) : literal(id);
}

Pill pill_of(const core::Delivery& delivery) {
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
            return {Tone::ok, "applied", dated("state.applied"_t, "state.applied_on"_t)};
        case Stage::withheld:
            return {Tone::neutral, "lock", "state.withheld"_t};
        case Stage::not_usable:
            return {Tone::warn, "warning", "state.not_usable"_t};
    }
    return {};
}

Text when_of(const Look& look, const core::Release& release) {
    using Standing = core::Release::Standing;
    const bool today = release.given_on == look.common.now.date;
    const Arg given = date_arg("date", release.given_on, Arg::Kind::date_long);
    if (release.standing == Standing::withdrawn) {
        return today ? "mine.withdrawn_today"_t : with("mine.withdrawn_on"_t, {given});
    }
    if (release.standing == Standing::expired) return with("mine.expired"_t, {given});
    if (!release.until) return today ? "mine.open_today"_t : with("mine.open_on"_t, {given});
    const Arg until = date_arg("until", *release.until, Arg::Kind::date_long);
    if (today) return with("mine.given_today"_t, {until});
    return with("mine.given_on"_t, {given, until});
}

ReleaseCard card_of(const Look& look, const core::Release& release, std::size_t index) {
    ReleaseCard card;
    card.title = title_of_entry(look, release.entry);
    card.lines = {when_of(look, release)};
    for (const core::Delivery& delivery : release.deliveries) {
        card.statuses.push_back({authority_icon(look, delivery.authority),
                                 authority_name(look, delivery.authority), pill_of(delivery)});
    }
    if (release.standing == core::Release::Standing::given) {
        card.button =
            Button{"mine." + std::to_string(index), "act-take-back", "button.take_back"_t, {}};
    }
    return card;
}

}  // namespace

void fill(Screen& screen, const Look& look, const core::MyReleases& at) {
    screen.name = "my-releases";
    screen.title =
        at.kind == core::Task::Kind::take_back ? "mine.title.take_back"_t : "mine.title"_t;
    screen.lead = look.common.link_up
                      ? "mine.fresh"_t
                      : with("mine.stale"_t,
                             {date_arg("date", look.common.link_since.date, Arg::Kind::date_long),
                              time_arg("time", look.common.link_since.minutes)});
    if (at.failed) {
        screen.blocks.emplace_back(
            Note{Tone::warn, "info", {"mine.failed"_t, "mine.failed.all"_t}});
    } else if (!at.releases) {
        screen.blocks.emplace_back(Waiting{"mine.loading"_t, "mine.loading.time"_t, "card.stay"_t});
    } else if (at.releases->empty()) {
        screen.blocks.emplace_back(
            Note{Tone::neutral, "info", {"mine.none"_t, "mine.none.elsewhere"_t}});
    } else {
        for (std::size_t i = 0; i < at.releases->size(); ++i) {
            screen.blocks.emplace_back(card_of(look, (*at.releases)[i], i));
        }
        screen.blocks.emplace_back(Paragraph{{"mine.elsewhere"_t}, true});
    }
    screen.back = back_button();
    screen.other = Button{"mine.all", "act-take-back", "mine.all"_t, {}};
}

void fill(Screen& screen, const Look& look, const core::TakeBack& at) {
    screen.name = "take-back";
    screen.title = at.release ? "take_back.title"_t : "take_back.all.title"_t;
    screen.lead = "take_back.lead"_t;
    Rows rows;
    if (at.release) {
        rows.rows.push_back(
            {"act-take-back", "take_back.what"_t, {title_of_entry(look, at.release->entry)}, {}});
        rows.rows.push_back({"person", "take_back.who"_t, {names(look, at.release->sources)}, {}});
        rows.rows.push_back({"next", "take_back.to"_t, {names(look, at.release->recipients)}, {}});
        rows.rows.push_back(
            {"info", "take_back.passed"_t, {categories_brief(look, at.release->categories)}, {}});
    } else {
        rows.rows.push_back({"act-take-back", "take_back.what"_t, {"take_back.all.what"_t}, {}});
        rows.rows.push_back({"next", "take_back.to"_t, {"take_back.all.to"_t}, {}});
    }
    rows.rows.push_back({"duration", "take_back.from"_t, {"take_back.from.line"_t}, {}});
    screen.blocks.emplace_back(std::move(rows));
    screen.blocks.emplace_back(Paragraph{{"take_back.no_reason"_t}});
    screen.pair = DecisionPair{{"take_back.yes", "check", "take_back.yes"_t, {}},
                               {"take_back.no", "cross", "take_back.no"_t, {}}};
    screen.pair->question = at.release ? "take_back.title"_t : "take_back.all.title"_t;
    screen.pair->summary = {"take_back.lead"_t, "take_back.no_reason"_t};
    screen.back = back_button();
}

void fill(Screen& screen, const Look& look, const core::Insight&) {
    screen.name = "insight";
    screen.title = "insight.title"_t;
    screen.lead = "insight.lead"_t;
    ReleaseCard card;
    card.title = "insight.coverage"_t;
    for (const consent::Authority& authority : look.setup.catalogue.authorities) {
        card.statuses.push_back({authority.icon, table_text(look, authority.name),
                                 Pill{Tone::warn, "waiting", "insight.not_yet"_t}});
    }
    screen.blocks.emplace_back(std::move(card));
    screen.blocks.emplace_back(Note{Tone::accent, "info", {"insight.empty"_t, "insight.ask"_t}});
    screen.back = back_button();
    screen.main = Button{"insight.mine", "act-requests", "insight.mine"_t, {}};
}

}  // namespace view
