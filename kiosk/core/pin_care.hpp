// SPDX-License-Identifier: EUPL-1.2
// The care for the PIN (J4, LR-77): from which places it can begin, and the ways between its
// places. Apart from flow.cpp because none of it reads a card or needs a certificate. Pure.
#pragma once

#include <optional>

#include "kiosk/core/places.hpp"

namespace core {

/// What goes on after a care that begins at this place; nothing if it cannot begin there, because
/// an answer is awaited or somebody's data are on the screen.
[[nodiscard]] std::optional<Task> task_for_care(const Place& place);
/// The task without its care; nothing if the care was all.
[[nodiscard]] std::optional<Task> rest_of(Task task);

/// The card lies there and its tries are known: to the place where the wanted care begins.
[[nodiscard]] Step to_care(Task task, std::uint8_t tries_left);
/// Out of the care without having done it: on with the task, or home.
[[nodiscard]] Step out_of_care(Task task, const Around& around);
/// Everything typed on the way to a new PIN is wiped; back to where typing begins.
[[nodiscard]] Place start_of_typing(PinToChange typed);
/// The card has done it.
[[nodiscard]] Step to_pin_done(Task task, const Around& around);

/// How many digits the present PIN has in this task.
[[nodiscard]] std::size_t pin_digits_of(const Task& task);

}  // namespace core
