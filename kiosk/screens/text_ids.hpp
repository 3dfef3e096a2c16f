// SPDX-License-Identifier: EUPL-1.2
// The texts that the screens bring themselves; every locale must have them. All others come with
// the view::Screen. Pure data.
#pragma once

#include <array>
#include <string_view>

namespace screens {

inline constexpr std::array<std::string_view, 14> own_text_ids{
    "tool.language", "tool.bigger", "tool.contrast", "tool.speech", "tool.help", "tool.leave",
    "pager.page",  // {page} of {pages}
    "pager.prev",    "pager.next",  "pager.more",    "pad.delete",  "pad.next",  "draft.mark",
    "lowreach.hint"};

}  // namespace screens
