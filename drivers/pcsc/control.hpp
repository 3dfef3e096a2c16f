// SPDX-License-Identifier: EUPL-1.2
// Talking to a reader itself, past the card: control codes, and what can be learned from them about
// the reader. Card thread, or any thread with a handle of its own. Norm: PC/SC part 10.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "drivers/base/result.hpp"
#include "drivers/pcsc/context.hpp"
#include "drivers/port/pin_pad.hpp"

namespace pcsc {

/// One question to a reader: control code and input; returns at most limits::pad_answer_bytes_max.
using Control = std::function<base::Result<base::Bytes>(std::uint32_t code, base::ByteView input)>;

/// Asks over a connected handle.
/// errors  those of errors.hpp; card_answer_bad if the driver reports more than it was given room
///         for.
/// cost    blocks as long as the reader works.
base::Result<base::Bytes> control(RawHandle handle, std::uint32_t code, base::ByteView input);

/// What a reader's driver says about its reader. Nothing where it says nothing.
struct ReaderInfo {
    std::optional<std::size_t> apdu_bytes;     ///< data it carries in one APDU
    std::optional<std::uint32_t> pace_code;    ///< control code of FEATURE_EXECUTE_PACE
    std::optional<std::uint32_t> modify_code;  ///< control code of FEATURE_MODIFY_PIN_DIRECT
    std::optional<port::PinPadAbilities> pad;  ///< asked by that code, and it answered
};

/// Never fails: a reader that cannot be asked is one without features.
[[nodiscard]] ReaderInfo learn_reader(const Control& control);

/// The same for a reader that nobody is connected to, with or without a card in it; no card is
/// touched.
/// errors  reader_missing, card_busy (a program has it exclusively), those of errors.hpp.
base::Result<ReaderInfo> describe_reader(const Context& context, const std::string& reader);

}  // namespace pcsc
