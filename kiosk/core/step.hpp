// SPDX-License-Identifier: EUPL-1.2
// The kiosk as a function: step(State, Event) -> {State, Effects}. No clock, no random, no I/O;
// time arrives as Tick. What is the same everywhere is decided here (tools, inactivity, session
// end, late answers); the rest by the place. Pure; called on the UI thread.
#pragma once

#include "kiosk/core/state.hpp"

namespace core {

struct Outcome {
    State state;
    Effects effects;
};

/// The machine at power-on: start screen, session 1.
[[nodiscard]] State initial(const Setup& setup);

/// One event. Answers with another ticket than the latest question are dropped.
[[nodiscard]] Outcome step(const Setup& setup, State state, Event event);

}  // namespace core
