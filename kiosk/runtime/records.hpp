// SPDX-License-Identifier: EUPL-1.2
// Between the words of the screens and the words of the journal: Draft -> model::Declaration,
// journal::Release -> core::Release. Pure, journal thread.
#pragma once

#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "kiosk/core/records.hpp"
#include "sync/journal/journal.hpp"
#include "sync/model/declaration.hpp"

namespace runtime {

/// What a record says about the words a person was shown (LR-16, LR-70).
struct Evidence {
    std::string catalogue_version;  ///< empty = there is none: only withdrawals, by their targets
    model::Digest catalogue_hash{};
    model::Digest words{};  ///< SHA-256 of the text as shown
};

/// What the journal appends. A withdrawal of everything has no entry.
[[nodiscard]] model::Declaration to_declaration(const core::Draft& draft, const Evidence& evidence);

/// Of what cannot be taken back nobody gets a code that takes back; nor of an objection: what ends
/// one lets data pass again, and that needs the card, as giving does.
[[nodiscard]] bool can_be_taken_back_by_slip(model::ActType act);

/// What the screens show of earlier declarations: grants and objections, newest first; withdrawals
/// only as a standing.
[[nodiscard]] std::vector<core::Release> to_releases(const std::vector<journal::Release>& rows,
                                                     model::Date today);

}  // namespace runtime
