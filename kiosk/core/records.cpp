// SPDX-License-Identifier: EUPL-1.2
// From choices to drafts. Withdrawals carry every target that can find the grant, wherever it was
// made.
#include "kiosk/core/records.hpp"

#include <algorithm>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "kiosk/consent/selection.hpp"
#include "sync/model/access_request.hpp"

namespace core {

std::vector<Offer> make_offers(const consent::Catalogue& catalogue, consent::Drafts drafts,
                               Date today) {
    std::vector<Offer> offers;
    for (const consent::Entry* entry : consent::offered(catalogue, drafts)) {
        Offer offer;
        offer.entry = static_cast<std::size_t>(entry - catalogue.entries.data());
        for (const consent::Duration* term :
             consent::durations_for(catalogue, *entry, today, std::nullopt)) {
            if (term->id == entry->duration_default) offer.term_default = offer.terms.size();
            offer.terms.push_back(*term);
        }
        offers.push_back(std::move(offer));
    }
    return offers;
}

std::optional<Date> until(const Setup& setup, const Selection& selection, Date today) {
    CHECK(selection.offer < setup.offers.size());
    const Offer& offer = setup.offers[selection.offer];
    if (selection.term >= offer.terms.size()) return std::nullopt;
    return consent::last_day(offer.terms[selection.term], today, std::nullopt);
}

base::Result<Draft> make_grant(const Setup& setup, const Selection& selection, Identified who,
                               Date today, Shown shown) {
    CHECK(selection.offer < setup.offers.size());
    const Offer& offer = setup.offers[selection.offer];
    const consent::Entry& entry = setup.entry(selection.offer);
    consent::Choice choice;
    for (const std::size_t index : selection.recipients) {
        CHECK(index < entry.recipients.size());
        choice.recipients.push_back(entry.recipients[index]);
    }
    if (selection.term < offer.terms.size()) choice.duration = offer.terms[selection.term].id;
    const auto birth = consent::latest_birth_date(who.person.birth_date.view());
    TRY(selected, consent::select(setup.catalogue, entry, choice, today, birth));
    Draft draft;
    draft.act = entry.act;
    draft.entry = entry.id;
    draft.version = entry.version;
    draft.selection = std::move(selected);
    draft.shown = std::move(shown);
    draft.who = std::move(who);
    draft.invitation = selection.invitation;
    return draft;
}

Draft make_withdrawal(const Release& release, Identified who, Date today, Shown shown) {
    Draft draft;
    draft.event = model::Event::withdrawn;
    draft.act = release.act;
    // Of a release from elsewhere the version is not known here; its targets name it well enough.
    if (!release.version.empty()) draft.entry = release.entry;
    draft.version = release.version;
    model::Selection selection;
    for (const std::string& source : release.sources) selection.sources.emplace_back(source);
    for (const std::string& recipient : release.recipients)
        selection.recipients.emplace_back(recipient);
    selection.categories = release.categories;
    selection.from = today;
    draft.selection = std::move(selection);
    draft.targets.emplace_back(model::TargetDeclaration{release.declaration});
    for (const std::string& recipient : release.recipients) {
        if (draft.targets.size() == limits::targets_max) break;
        draft.targets.emplace_back(model::TargetEntryRecipient{model::EntryId(release.entry),
                                                               model::AuthorityId(recipient)});
    }
    draft.shown = std::move(shown);
    draft.who = std::move(who);
    return draft;
}

Draft make_access_request(const std::vector<std::string>& authorities, Identified who, Date today,
                          Shown shown) {
    CHECK(!authorities.empty());
    Draft draft;
    draft.act = ActType::notice;
    draft.entry = model::access_request_entry;
    draft.version = model::access_request_version;
    draft.selection.emplace();
    for (const std::string& id : authorities) draft.selection->recipients.emplace_back(id);
    draft.selection->from = today;
    draft.shown = std::move(shown);
    draft.who = std::move(who);
    return draft;
}

Draft make_slip_withdrawal(const TakeBackSlip& slip, Shown shown) {
    Draft draft;
    draft.event = model::Event::withdrawn;
    draft.targets.emplace_back(model::TargetDeclaration{slip.declaration});
    draft.shown = std::move(shown);
    draft.who.assurance = {model::Method::receipt_code, model::Level::none, 0};
    draft.by_slip = slip;
    return draft;
}

Draft make_full_withdrawal(Identified who, Shown shown) {
    Draft draft;
    draft.event = model::Event::withdrawn;
    draft.targets.emplace_back(model::TargetSubject{});
    draft.shown = std::move(shown);
    draft.who = std::move(who);
    return draft;
}

}  // namespace core
