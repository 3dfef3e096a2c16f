// SPDX-License-Identifier: EUPL-1.2
// State -> Screen and what a person did on it -> Event: the two ways between the core and the
// screens. Wording, order and blocks follow design.md; no business rule is decided here. Pure, UI
// thread.
#pragma once

#include <optional>

#include "kiosk/core/state.hpp"
#include "kiosk/view/site.hpp"
#include "kiosk/view/view_model.hpp"

namespace view {

/// The screen of a state. Personal words are marked as such.
[[nodiscard]] Screen make_screen(const Site& site, const core::Setup& setup,
                                 const core::State& state);

/// What an intent means in this state; an id that the screen does not have means a touch without
/// meaning.
[[nodiscard]] core::Event make_event(const core::Setup& setup, const core::State& state,
                                     const Intent& intent);

}  // namespace view
