// SPDX-License-Identifier: EUPL-1.2
// The codes of every expected failure and what a person can do about each. The list is errc.def.
// Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace base {

/// What helps: try again, handle the card, call a human, or nothing (go back to idle).
enum class Recovery : std::uint8_t { retry, reposition, staff, idle };

enum class Errc : std::uint16_t {
#define X(name, number, recovery) name = number,
#include "drivers/base/errc.def"
#undef X
};

/// The name as in errc.def, for logs and `--json`; also the suffix of its text id ("errc.<name>").
[[nodiscard]] std::string_view name(Errc code);
/// The code of a number that came from outside; nothing if it is none of ours.
[[nodiscard]] std::optional<Errc> errc_of(std::uint16_t number);
/// The one recovery that the screens offer.
[[nodiscard]] Recovery recovery(Errc code);
/// All codes in the order of errc.def; tests use it to count texts.
[[nodiscard]] std::span<const Errc> all_errc();

}  // namespace base
