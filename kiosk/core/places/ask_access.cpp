// SPDX-License-Identifier: EUPL-1.2
// AskAccess: a formal request for access (Art. 15 GDPR, § 83 SGB X), to whom the person picks. It
// demands and grants nothing, so one touch and its confirmation are enough (LR-41).
#include <algorithm>

#include "drivers/base/limits.hpp"
#include "kiosk/core/places.hpp"

namespace core {
namespace {

/// Parties of what is offered here: whom this site's declarations reach.
bool is_party(const consent::Catalogue& catalogue, const std::string& id) {
    const auto names = [&](const std::vector<std::string>& list) {
        return std::ranges::find(list, id) != list.end();
    };
    return std::ranges::any_of(catalogue.entries, [&](const consent::Entry& entry) {
        const bool offered = entry.status != consent::EntryStatus::retired;
        return offered && entry.act != ActType::notice &&
               (names(entry.sources) || names(entry.recipients));
    });
}

/// Whom the person has to do with, as far as is known: nobody else learns of them unasked.
bool is_concerned(const Known& known, const std::string& id) {
    const bool reported =
        std::ranges::find(known.accesses, id, &Access::authority) != known.accesses.end();
    return reported || std::ranges::any_of(known.sources, [&](const SourceReport& source) {
               return source.authority == id && source.concerned;
           });
}

void toggle(AskAccess& at, std::size_t index) {
    if (index >= at.authorities.size()) return;
    const auto place = std::ranges::lower_bound(at.chosen, index);
    if (place != at.chosen.end() && *place == index) {
        at.chosen.erase(place);
    } else if (at.chosen.size() < limits::recipients_max) {
        at.chosen.insert(place, index);
    }
    at.must_choose = false;
}

Step demand(AskAccess&& at, const Around& around) {
    if (at.chosen.empty()) {
        at.must_choose = true;
        return stay(std::move(at));
    }
    std::vector<std::string> authorities;
    for (const std::size_t index : at.chosen) authorities.push_back(at.authorities[index]);
    return to_saving(make_access_request(authorities, std::move(at.who), around.common.now.date,
                                         shown_now(around, {})),
                     around);
}

AskAccess addressed(Identified who, const Known& known, const Around& around) {
    AskAccess at{std::move(who), {}, {}, false};
    for (const consent::Authority& authority : around.setup.catalogue.authorities) {
        // The backend says whom it reaches; without its word the catalogue does.
        const bool reached = known.sources.empty() ? is_party(around.setup.catalogue, authority.id)
                                                   : std::ranges::find(known.sources, authority.id,
                                                                       &SourceReport::authority) !=
                                                         known.sources.end();
        if (!reached) continue;
        at.authorities.push_back(authority.id);
        if (is_concerned(known, authority.id)) toggle(at, at.authorities.size() - 1);
    }
    return at;
}

}  // namespace

Step to_ask_access(Identified who, const Known& known, const Around& around) {
    AskAccess at = addressed(std::move(who), known, around);
    if (at.authorities.empty() && !known.sources.empty())
        at = addressed(std::move(at.who), {}, around);
    if (!at.authorities.empty()) return go(std::move(at));
    return go(
        Failed{around.setup.catalogue_trouble.value_or(base::Errc::catalogue_bad), {}, {}, false});
}

Step on(AskAccess&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) { return demand(std::move(at), around); },
            [&](No&&) { return to_insight(std::move(at.who), around); },
            [&](Back&&) { return to_insight(std::move(at.who), around); },
            [&](Toggle&& e) {
                toggle(at, e.index);
                return stay(std::move(at));
            },
            [&](CardRemoved&&) {
                return to_card_gone(Task{Task::Kind::ask_access, {}}, around);
            },
            ignored<CopyDeleted, Aside, Pick, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core
