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

/// Which catalogue the person was shown: pinned in every record (LR-70).
struct CatalogueRef {
    std::string version;
    model::Digest hash{};
};

/// What the journal appends. `words` is the SHA-256 of the text as shown (LR-16). A withdrawal of
/// everything has no entry.
[[nodiscard]] model::Declaration to_declaration(const core::Draft& draft,
                                                const CatalogueRef& catalogue,
                                                const model::Digest& words);

/// What the screens show of earlier declarations: grants and objections, newest first; withdrawals
/// only as a standing.
[[nodiscard]] std::vector<core::Release> to_releases(const std::vector<journal::Release>& rows,
                                                     model::Date today);

}  // namespace runtime
