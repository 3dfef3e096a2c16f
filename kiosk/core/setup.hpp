// SPDX-License-Identifier: EUPL-1.2
// What the machine knows before anybody comes: what is offered here (from the signed catalogue) and
// the site's numbers (from its configuration). Constant during a session, so it is passed beside
// the state. Pure values, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/check.hpp"
#include "drivers/base/errc.hpp"
#include "kiosk/consent/capacity.hpp"
#include "kiosk/consent/catalogue.hpp"

namespace core {

using ActType = model::ActType;
using Date = consent::Date;

/// One entry that is offered here. Its durations are fixed at the start, so an index into them
/// stays true.
struct Offer {
    std::size_t entry = 0;                 ///< index into Catalogue::entries
    std::vector<consent::Duration> terms;  ///< empty = nothing to choose
    std::size_t term_default = 0;
};

enum class Availability : std::uint8_t { no, yes };

struct Setup {
    consent::Catalogue catalogue;
    std::vector<Offer> offers;  ///< from make_offers
    /// Why there is no catalogue. Nothing is offered then; taking back needs no texts and works.
    std::optional<base::Errc> catalogue_trouble = {};
    consent::Drafts drafts = consent::Drafts::hide;
    consent::AgeRules ages;
    std::uint32_t idle_warning_s = 45;
    std::uint32_t idle_purge_s = 30;
    std::uint32_t card_return_s = 10;
    std::uint32_t done_s = 20;  ///< after the card was taken on the last screen
    std::uint32_t reading_s_max = 120;
    std::uint32_t saving_s_max = 30;
    std::uint32_t insight_s_max = 30;  ///< then no answer is waited for any more
    /// So long the list of releases waits for it, so that nothing in the list changes under a
    /// finger.
    std::uint32_t insight_hold_s = 3;
    Availability grants_on_draft =
        Availability::no;  ///< demo and training only (architecture.md 8)
    Availability staff_call =
        Availability::no;  ///< a call device exists; else the screen names the desk
    Availability printer = Availability::no;
    Availability slip_reader = Availability::no;
    std::string language_default = "de";
    bool low_reach_default = false;

    /// The entry behind an offer.
    [[nodiscard]] const consent::Entry& entry(std::size_t offer) const {
        CHECK(offer < offers.size());
        return catalogue.entries[offers[offer].entry];
    }
};

/// What of the catalogue is offered, in its order; durations that need a birth date are left out,
/// because choosing comes before the card.
[[nodiscard]] std::vector<Offer> make_offers(const consent::Catalogue& catalogue,
                                             consent::Drafts drafts, Date today);

}  // namespace core
