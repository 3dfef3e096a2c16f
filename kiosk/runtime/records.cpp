// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/records.hpp"

#include <algorithm>

#include "sync/model/times.hpp"

namespace runtime {
namespace {

using Stage = core::Delivery::Stage;

model::TextVariant variant_of(std::string_view language) {
    return language.ends_with("-x-leicht") ? model::TextVariant::leicht : model::TextVariant::std;
}

std::string language_of(std::string_view tag) {
    return std::string(tag.substr(0, tag.find("-x-leicht")));
}

Stage stage_of(const journal::Release& row, const journal::PartStatus& part) {
    using receipts::AppliedState;
    if (!part.state) return row.acknowledged ? Stage::received : Stage::queued;
    switch (*part.state) {
        case AppliedState::received:
        case AppliedState::acknowledged:
            return Stage::received;
        case AppliedState::applied:
            return Stage::applied;
        case AppliedState::withheld_by_source:
            return Stage::withheld;
        case AppliedState::not_usable:
            return Stage::not_usable;
    }
    return Stage::queued;
}

core::Release::Standing standing_of(const journal::Release& row, model::Date today) {
    using Standing = core::Release::Standing;
    if (!row.alive()) return Standing::withdrawn;
    const auto& to = row.declaration.selection->to;
    // The last day counts in full: a release "until 12 May" ends with that day.
    if (to && std::chrono::sys_days(*to) < std::chrono::sys_days(today)) return Standing::expired;
    return Standing::given;
}

core::Release to_release(const journal::Release& row, model::Date today) {
    const model::Declaration& declaration = row.declaration;
    core::Release release;
    release.declaration = declaration.id;
    release.entry = declaration.entry->id.get();
    release.version = declaration.entry->version;
    release.act = declaration.act_type;
    release.kept_here = true;
    release.standing = standing_of(row, today);
    release.given_on = model::day_of(model::capture_ms(declaration.time));
    release.until = declaration.selection->to;
    for (const auto& id : declaration.selection->sources) release.sources.push_back(id.get());
    for (const auto& id : declaration.selection->recipients) {
        release.recipients.push_back(id.get());
    }
    release.categories = declaration.selection->categories;
    for (const auto& part : row.parts) {
        core::Delivery delivery{part.authority.get(), stage_of(row, part), std::nullopt};
        if (part.at_ms != 0) delivery.on = model::day_of(part.at_ms);
        release.deliveries.push_back(std::move(delivery));
    }
    return release;
}

}  // namespace

model::Declaration to_declaration(const core::Draft& draft, const Evidence& evidence) {
    model::Declaration declaration;
    declaration.act_type = draft.act;
    declaration.event = draft.event;
    if (!draft.entry.empty() && !evidence.catalogue_version.empty()) {
        declaration.entry = model::EntryRef{model::EntryId(draft.entry), draft.version,
                                            evidence.catalogue_version, evidence.catalogue_hash};
    }
    declaration.targets = draft.targets;
    declaration.assurance = draft.who.assurance;
    declaration.selection = draft.selection;
    declaration.presentation = {language_of(draft.shown.language),
                                variant_of(draft.shown.language),
                                evidence.words,
                                draft.shown.text_percent,
                                draft.shown.contrast,
                                true,
                                draft.shown.draft};
    if (draft.by_slip) {
        // The slip's hash is the proof; there is nobody to name.
        declaration.slip_hash = draft.by_slip->secret_hash;
        return declaration;
    }
    const base::ByteView subject = base::as_bytes(draft.who.subject.view());
    declaration.subject =
        model::SubjectRef{model::SubjectKind::pseudonym, {subject.begin(), subject.end()}};
    declaration.person = model::Person{std::string(draft.who.person.family_name.view()),
                                       std::string(draft.who.person.given_names.view()),
                                       std::string(draft.who.person.birth_date.view())};
    return declaration;
}

bool can_be_taken_back_by_slip(model::ActType act) {
    return act != model::ActType::notice && act != model::ActType::objection;
}

std::vector<core::Release> to_releases(const std::vector<journal::Release>& rows,
                                       model::Date today) {
    std::vector<core::Release> releases;
    for (const journal::Release& row : rows) {
        const model::Declaration& declaration = row.declaration;
        if (declaration.event != model::Event::given) continue;
        if (!declaration.entry || !declaration.selection) continue;
        releases.push_back(to_release(row, today));
    }
    return releases;
}

}  // namespace runtime
