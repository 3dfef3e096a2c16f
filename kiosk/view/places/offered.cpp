// SPDX-License-Identifier: EUPL-1.2
// One entry in full (d-release): who, to whom, what, what for, how long, without a yes, taking
// back. All five act types share this layout; a notice has no pair. Also the second question and
// the duration.
#include <algorithm>

#include "kiosk/view/makers.hpp"

namespace view {
namespace {

FlowPicture flow_of(const Look& look, const consent::Entry& entry, const core::Offered& at) {
    FlowPicture flow;
    flow.both_ways = entry.both_ways;
    const bool chooses = entry.recipients_chosen && entry.act != core::ActType::notice;
    flow.label = chooses ? "release.choose"_t : "release.who"_t;
    if (at.must_choose) flow.label = "release.choose_first"_t;
    flow.source_icon = authority_icon(look, entry.sources.front());
    flow.source = names(look, entry.sources);
    if (entry.sources.size() == 1) {
        if (const auto* source = look.setup.catalogue.authority(entry.sources.front())) {
            flow.source_subline = german_below(look, source->name);
        }
    }
    for (std::size_t i = 0; i < entry.recipients.size(); ++i) {
        const std::string& id = entry.recipients[i];
        Choice choice;
        if (chooses) choice.id = "release.to." + std::to_string(i);
        choice.icon = authority_icon(look, id);
        choice.name = authority_name(look, id);
        if (const auto* authority = look.setup.catalogue.authority(id)) {
            choice.subline = german_below(look, authority->name);
        }
        choice.chosen = chooses && std::find(at.recipients.begin(), at.recipients.end(), i) !=
                                       at.recipients.end();
        flow.recipients.push_back(std::move(choice));
    }
    return flow;
}

Chips chips_of(const Look& look, const consent::Entry& entry, const consent::Shown& words) {
    Chips chips;
    chips.label = "release.what"_t;
    for (const std::string& id : entry.categories) {
        if (const auto* category = look.setup.catalogue.category(id)) {
            chips.chips.push_back({category->icon, table_text(look, category->text)});
        }
    }
    if (!words.slots->excluded.empty()) {
        chips.excluded_label = "release.excluded"_t;
        chips.excluded = literal(words.slots->excluded);
    }
    return chips;
}

Facts facts_of(const Look& look, const consent::Entry& entry, const consent::Shown& words,
               const core::Offered& at) {
    const consent::Common& common = consent::common_for(look.setup.catalogue, look.language());
    Facts facts;
    facts.facts.push_back({"purpose", "release.purpose"_t, {literal(words.slots->purpose)}});
    std::vector<Text> how_long = term_text(look, {at.offer, at.recipients, at.term});
    how_long.push_back(literal(words.slots->ending));
    facts.facts.push_back({"duration", "release.how_long"_t, std::move(how_long)});
    if (entry.act == core::ActType::notice) {
        std::vector<Text> basis;
        for (const std::string& law : entry.legal_basis) basis.push_back(literal(law, "de"));
        facts.facts.push_back({"act-notice", "release.law"_t, std::move(basis)});
    } else {
        facts.facts.push_back(
            {"without-yes",
             "release.without_yes"_t,
             {literal(words.slots->without_yes), literal(common.no_disadvantage)}});
    }
    facts.facts.push_back(
        {"act-take-back", "release.withdraw"_t, {literal(words.slots->withdrawal)}});
    return facts;
}

}  // namespace

std::vector<std::string> chosen_of(const consent::Entry& entry,
                                   const std::vector<std::size_t>& recipients) {
    std::vector<std::string> ids;
    for (const std::size_t index : recipients) ids.push_back(entry.recipients[index]);
    return ids;
}

std::vector<Text> decision_summary(const Look& look, const consent::Shown& words,
                                   const std::vector<std::string>& recipients) {
    return lines_of({row_line("take_back.to"_t, names(look, recipients)),
                     {literal(words.slots->summary), "release.both_fine"_t}});
}

DecisionPair pair_of(core::ActType act, const std::string& prefix) {
    const Button yes{prefix + ".yes", "check", {}, {}};
    const Button no{prefix + ".no", "cross", {}, {}};
    DecisionPair pair{yes, no};
    switch (act) {
        case core::ActType::confidentiality_release:
            pair.yes.label = "pair.speak.yes"_t;
            pair.no.label = "pair.speak.no"_t;
            break;
        case core::ActType::objection:
            pair.yes.label = "pair.object.yes"_t;
            pair.no.label = "pair.object.no"_t;
            break;
        case core::ActType::once_only_decision:
            pair.yes.label = "pair.once.yes"_t;
            pair.no.label = "pair.once.no"_t;
            break;
        case core::ActType::consent:
        case core::ActType::notice:
            pair.yes.label = "pair.give.yes"_t;
            pair.no.label = "pair.give.no"_t;
            break;
    }
    return pair;
}

void fill(Screen& screen, const Look& look, const core::Offered& at) {
    const consent::Entry& entry = look.setup.entry(at.offer);
    const consent::Shown words = entry_words(look, entry);
    const bool notice = entry.act == core::ActType::notice;
    screen.name = notice                                  ? "notice"
                  : entry.act == core::ActType::objection ? "objection"
                                                          : "release";
    if (!notice) screen.steps = step_of(1);
    screen.title = literal(words.slots->title);
    screen.lead = literal(words.slots->question);
    add_fallback_note(screen, words);
    if (at.must_choose) screen.focus = "release.to.0";
    if (notice) screen.blocks.emplace_back(Paragraph{{literal(words.slots->summary)}});
    if (at.invitation) {
        const Text who = authority_name(look, at.invitation->authority);
        screen.blocks.emplace_back(
            Note{Tone::accent,
                 authority_icon(look, at.invitation->authority),
                 {with("release.invited"_t, {{"who", who.literal}}), "release.invited.free"_t}});
    }
    screen.blocks.emplace_back(flow_of(look, entry, at));
    screen.blocks.emplace_back(chips_of(look, entry, words));
    screen.blocks.emplace_back(facts_of(look, entry, words, at));
    screen.back = back_button();
    screen.other = contacts_button();
    if (notice) return;
    screen.pair = pair_of(entry.act, "release");
    screen.pair->question = screen.title;
    screen.pair->summary = decision_summary(look, words, chosen_of(entry, at.recipients));
}

void fill(Screen& screen, const Look& look, const core::AskAgain& at) {
    const consent::Entry& entry = look.setup.entry(at.selection.offer);
    const consent::Shown words = entry_words(look, entry);
    screen.name = "ask-again";
    screen.steps = step_of(1);
    screen.title = literal(words.slots->title);
    screen.lead = "again.lead"_t;
    Chips chips;
    chips.label = "again.what"_t;
    for (const std::string& id : entry.categories) {
        const auto* category = look.setup.catalogue.category(id);
        if (category == nullptr || category->special == consent::Special::none) continue;
        chips.chips.push_back({category->icon, table_text(look, category->text)});
    }
    screen.blocks.emplace_back(std::move(chips));
    screen.pair = pair_of(entry.act, "again");
    screen.pair->question = screen.title;
    screen.pair->summary = lines_of(
        {row_line("take_back.to"_t, names(look, chosen_of(entry, at.selection.recipients))),
         {"again.lead"_t}});
    screen.back = back_button();
    screen.other = contacts_button();
}

void fill(Screen& screen, const Look& look, const core::Duration& at) {
    const core::Offer& offer = look.setup.offers[at.selection.offer];
    const consent::Entry& entry = look.setup.entry(at.selection.offer);
    const consent::Shown words = entry_words(look, entry);
    screen.name = "duration";
    screen.steps = step_of(1);
    screen.title = "duration.title"_t;
    screen.lead = literal(words.slots->title);
    ChoiceList list;
    list.label = "duration.choose"_t;
    for (std::size_t i = 0; i < offer.terms.size(); ++i) {
        Choice choice;
        choice.id = "duration." + std::to_string(i);
        choice.icon = "duration";
        choice.name = table_text(look, offer.terms[i].text);
        if (const auto end =
                core::until(look.setup, {at.selection.offer, {}, i}, look.common.now.date)) {
            choice.subline =
                with("duration.until"_t, {date_arg("date", *end, Arg::Kind::date_long)});
        }
        choice.chosen = i == at.selection.term;
        choice.exclusive = true;
        list.choices.push_back(std::move(choice));
    }
    screen.blocks.emplace_back(std::move(list));
    screen.blocks.emplace_back(
        Paragraph{{literal(words.slots->ending), literal(words.slots->withdrawal)}, true});
    screen.back = back_button();
    screen.main = Button{"duration.next", "next", "button.next"_t, {}};
}

}  // namespace view
