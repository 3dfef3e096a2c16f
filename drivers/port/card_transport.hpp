// SPDX-License-Identifier: EUPL-1.2
// One contact with one card, from power-up to reset. Implemented by drivers/pcsc, by fakes in
// tests. Called on the card thread only.
#pragma once

#include "drivers/base/bytes.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/result.hpp"

namespace port {

class PinPad;

class CardTransport {
  public:
    virtual ~CardTransport() = default;

    /// Sends one command APDU and waits for its answer.
    /// command  4..limits::apdu_command_bytes_max bytes, ISO 7816-4 short or extended form.
    /// returns  data followed by SW1 SW2: 2..limits::apdu_answer_bytes_max bytes. A status word is
    /// data, not an error. errors   card_removed, card_reset, card_mute, card_timeout,
    /// reader_service_gone, card_answer_bad. cost     blocks as long as the card works (up to tens
    /// of seconds when it slows down after wrong secrets).
    virtual base::Result<base::Bytes> transmit(base::ByteView command) = 0;

    /// True if reader and card take extended-length APDUs; else chaining and short reads are used.
    [[nodiscard]] virtual bool extended_length() const = 0;

    /// Bytes of answer data that the reader hands over in one piece, if it states a bound.
    [[nodiscard]] virtual std::size_t answer_bytes_max() const {
        return limits::apdu_answer_bytes_max - 2;
    }

    /// What the card said at power-up (ATR), or nothing where there is none (fakes). Only a hint
    /// about its abilities.
    [[nodiscard]] virtual base::ByteView atr() const { return {}; }

    /// The reader's own pad, if it can run PACE with what is typed there; it lives as long as this.
    [[nodiscard]] virtual PinPad* pin_pad() { return nullptr; }
};

}  // namespace port
