// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/core/insight.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace core {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// The further stage of two, but for a no of the authority, which is its last word.
void merge_delivery(Delivery& own, const Delivery& seen) {
    if (seen.stage < own.stage) return;
    own = seen;
}

void merge_release(Release& own, const Release& seen) {
    using Standing = Release::Standing;
    const bool ended_here = own.standing == Standing::withdrawn;
    const bool ended_there = seen.standing == Standing::withdrawn;
    if (ended_here != ended_there) {
        // Only the list of the side that knows of the end can say how far the end has come.
        if (ended_there) own.deliveries = seen.deliveries;
    } else {
        for (const Delivery& each : seen.deliveries) {
            const auto at = std::ranges::find(own.deliveries, each.authority, &Delivery::authority);
            if (at != own.deliveries.end()) merge_delivery(*at, each);
        }
    }
    const bool gives = own.standing == Standing::given;
    if (gives && (ended_there || seen.standing == Standing::suspended)) {
        own.standing = seen.standing;
        // Its holder did not take it back here; perhaps they gave it a minute ago.
        own.ended_elsewhere = ended_there;
    }
}

}  // namespace

Lookup::Stage stage_of(base::Errc errc) {
    using base::Errc;
    switch (errc) {
        case Errc::busy:
            return Lookup::Stage::busy;
        case Errc::network_timeout:
            return Lookup::Stage::no_answer;
        case Errc::open_failed:
        case Errc::receipt_bad:
        case Errc::message_bad:
        case Errc::message_too_large:
            return Lookup::Stage::not_believed;
        default:
            return Lookup::Stage::no_line;
    }
}

void take_in(Lookup& lookup, Known page) {
    lookup.stage = Lookup::Stage::known;
    Known& known = lookup.known;
    append(known.sources, std::move(page.sources));
    append(known.releases, std::move(page.releases));
    append(known.wishes, std::move(page.wishes));
    append(known.accesses, std::move(page.accesses));
    known.next = page.next;
    known.as_of = page.as_of;
}

void merge_releases(std::vector<Release>& own, const std::vector<Release>& everywhere) {
    for (const Release& seen : everywhere) {
        const auto at = std::ranges::find(own, seen.declaration, &Release::declaration);
        if (at != own.end()) {
            merge_release(*at, seen);
        } else {
            own.push_back(seen);
        }
    }
    const auto theirs =
        std::ranges::find_if(own, [](const Release& each) { return each.elsewhere; });
    std::ranges::stable_sort(theirs, own.end(), std::greater<>{}, &Release::given_on);
}

}  // namespace core
