// SPDX-License-Identifier: EUPL-1.2
// What stands around the content of every screen: header, steps and title, action row with pager,
// tools. UI thread only.
#pragma once

#include "kiosk/view/view_model.hpp"
#include "kiosk/widgets/components.hpp"

namespace screens {

using widgets::Box;
using widgets::Kit;

/// Number of a page, from 0, and how many there are.
struct PageNumber {
    unsigned page = 0, pages = 1;
};

[[nodiscard]] Box header(const Kit& kit, const view::Screen& screen, int width);
[[nodiscard]] Box tools(const Kit& kit);
/// Steps, title and lead; on later pages without the lead.
[[nodiscard]] Box title_block(const Kit& kit, const view::Screen& screen, bool first_page,
                              int width);
/// Back at the reading edge, the others or the pager at the far edge.
[[nodiscard]] Box action_row(const Kit& kit, const view::Screen& screen, PageNumber number,
                             bool with_others);

inline constexpr const char* pager_prev_id = "pager.prev";
inline constexpr const char* pager_next_id = "pager.next";

}  // namespace screens
