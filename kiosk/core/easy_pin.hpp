// SPDX-License-Identifier: EUPL-1.2
// Whether a new PIN is easy to guess. Only ever a hint: the card takes every six digits, and so do
// we. Apart so that its rows are tested as a table. Pure.
#pragma once

#include "kiosk/core/personal.hpp"

namespace core {

/// True for one digit repeated, and for rows up or down by one, also across 9 and 0.
[[nodiscard]] bool is_easy_pin(const Pin& pin);

/// True if both hold the same digits. Takes the same time wherever they differ.
[[nodiscard]] bool is_same_pin(const Pin& left, const Pin& right);

}  // namespace core
