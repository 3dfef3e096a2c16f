// SPDX-License-Identifier: EUPL-1.2
// The ways from place to place that several places share.
#include <utility>

#include "kiosk/core/places.hpp"

namespace core {

Purpose purpose_of(const Task& task) {
    return task.kind == Task::Kind::give ? Purpose::give : Purpose::protect;
}

Step to_card(Task task, const Around& around) {
    const Common& common = around.common;
    const auto refuse = [&](base::Errc errc) {
        return go(Failed{errc, std::move(task), {}, false});
    };
    if (common.reader == Reader::missing) return refuse(base::Errc::reader_missing);
    if (common.reader == Reader::service_gone) return refuse(base::Errc::reader_service_gone);
    if (common.reader == Reader::denied) return refuse(base::Errc::reader_access_denied);
    // For taking back the card itself decides: its own clock may still accept us, and a withdrawal
    // is never refused.
    // The care for the PIN reads nothing and needs no certificate.
    const bool reads_to_give = task.kind == Task::Kind::give && !task.care;
    if (!common.certificate_usable && reads_to_give) {
        return refuse(base::Errc::certificate_expired);
    }
    if (common.card_present) return go_with(CardWait{std::move(task), true}, ProbePin{});
    return go(CardWait{std::move(task), false});
}

Step to_task(Task task, Identified who, const Around& around) {
    if (task.kind == Task::Kind::see) return to_insight(std::move(who), around);
    if (task.kind == Task::Kind::ask_access) return to_ask_access(std::move(who), {}, around);
    if (task.kind != Task::Kind::give) return to_releases(std::move(who), task.kind);
    if (!task.selection) return to_offers(std::move(who));
    const consent::Entry& entry = around.setup.entry(task.selection->offer);
    const auto refuse = [](base::Errc errc) { return go(Failed{errc, {}, {}, false}); };
    if (who.document_expired) return refuse(base::Errc::document_expired);
    const auto birth = consent::latest_birth_date(who.person.birth_date.view());
    const auto capacity =
        consent::capacity(entry, birth, around.common.now.date, around.setup.ages);
    // Everything but "alone" needs a human; the screen never says "too young" (domain.md 4.3).
    if (capacity != consent::Capacity::alone) return refuse(base::Errc::declaration_refused);
    const Shown shown = shown_now(around, task.selection->offer);
    if (shown.draft && around.setup.grants_on_draft == Availability::no) {
        return refuse(base::Errc::declaration_refused);
    }
    return go(Review{std::move(who), *task.selection, false, false});
}

Step to_card_gone(Task task, const Around& around) {
    const std::uint64_t deadline_ms =
        around.common.now.boot_ms + std::uint64_t{1000} * around.setup.card_return_s;
    return go(CardGone{std::move(task), deadline_ms});
}

Step to_releases(Identified who, Task::Kind kind) {
    LoadReleases load{{}, who.subject};
    return go_with(MyReleases{std::move(who), kind, {}, {}, {}}, std::move(load));
}

Effects ask_insight(Lookup& lookup, const Identified& who, const Around& around) {
    Effects effects;
    lookup.since_ms = around.common.now.boot_ms;
    lookup.wants_line = !around.common.link_up;
    lookup.stage = lookup.wants_line ? Lookup::Stage::no_line : Lookup::Stage::asked;
    if (lookup.wants_line) return effects;
    effects.emplace_back(
        RequestInsight{{}, who.subject, who.assurance, lookup.known.next.value_or(0)});
    return effects;
}

Effects pass_time(Lookup& lookup, const Identified& who, const Moment& now, const Around& around) {
    const std::uint64_t limit_ms = std::uint64_t{1000} * around.setup.insight_s_max;
    const bool late = now.boot_ms >= lookup.since_ms + limit_ms;
    if (lookup.stage == Lookup::Stage::asked && late) lookup.stage = Lookup::Stage::no_answer;
    if (lookup.wants_line && around.common.link_up) return ask_insight(lookup, who, around);
    return {};
}

Step to_insight(Identified who, const Around& around) {
    Lookup lookup;
    Effects effects = ask_insight(lookup, who, around);
    return {Insight{std::move(who), std::move(lookup)}, std::move(effects)};
}

Step to_saving(Draft draft, const Around& around) {
    AppendDeclaration append{{}, draft};
    return go_with(Saving{std::move(draft), around.common.now.boot_ms}, std::move(append));
}

Step to_declined(std::optional<Identified> who, const Around& around) {
    return go(Done{Done::What::declined,
                   std::move(who),
                   {},
                   Done::Print::offered,
                   around.common.now.minutes,
                   {}});
}

Step to_offers(std::optional<Identified> who) {
    if (!who) return go(Offers{});
    LoadReleases load{{}, who->subject};
    return go_with(Offers{std::move(who), {}}, std::move(load));
}

Offered open_offer(const Setup& setup, std::size_t index, std::optional<Identified> who) {
    const consent::Entry& entry = setup.entry(index);
    Offered next{std::move(who), index, {}, setup.offers[index].term_default, false, false};
    if (!entry.recipients_chosen) {
        for (std::size_t i = 0; i < entry.recipients.size(); ++i) next.recipients.push_back(i);
    }
    return next;
}

Step back_to_offer(std::optional<Identified> who, Selection selection) {
    return go(Offered{std::move(who), selection.offer, std::move(selection.recipients),
                      selection.term, true, false, std::move(selection.invitation)});
}

Shown shown_now(const Around& around, std::optional<std::size_t> offer) {
    const Display& display = around.common.display;
    Shown shown{display.language, display.text_percent, "light", false};
    if (display.contrast == Contrast::dark) shown.contrast = "dark";
    if (display.contrast == Contrast::high) shown.contrast = "high";
    if (!offer) return shown;
    // The words may be German although the screen is not; the record names the words.
    const auto words =
        consent::words(around.setup.entry(*offer), display.language, around.setup.drafts);
    if (words) {
        shown.language = words->language;
        shown.draft = words->draft;
    }
    return shown;
}

}  // namespace core
