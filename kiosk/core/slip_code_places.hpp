// SPDX-License-Identifier: EUPL-1.2
// Where a code may be held to the reader: at the start, at home, where a card is waited for to take
// something back, behind another code, and behind a failure that leaves nothing undone. Pure.
#pragma once

#include <optional>

#include "kiosk/core/state.hpp"

namespace core {

/// The place for this code; nothing if it does not matter here and now. A letter leads to what it
/// asks for, if that is offered here and concerns whoever asks.
[[nodiscard]] std::optional<Place> place_for_slip(const Setup& setup, const Place& place,
                                                  ShownSlip slip);

}  // namespace core
