// SPDX-License-Identifier: EUPL-1.2
// The six tools and the pages that can lie over any place. Apart from step() because none of it
// depends on the place, except that typed digits die before something is laid over them. Pure.
#pragma once

#include "kiosk/core/state.hpp"

namespace core {

/// Empties a half typed PIN, CAN or PUK. What waits for more to be typed goes too: the place falls
/// back to where typing begins.
void wipe_typed(Place& place);
/// True if this event at this place means the help page.
[[nodiscard]] bool opens_help(const Place& place, const PlaceEvent& event);
/// Changes the display, opens or closes a page. Never leaves the place, except that a language
/// leads from start to home.
void on_tool(const Setup& setup, State& state, Effects& effects, CommonEvent event);

}  // namespace core
