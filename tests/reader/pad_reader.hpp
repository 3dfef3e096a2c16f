// SPDX-License-Identifier: EUPL-1.2
// A reader with a pad as the norm describes it: hands APDUs to the card, runs PACE with what is
// typed on it, then protects plain commands until a protected one comes. Its script says what is
// typed and what goes wrong. One thread.
// Norms: PC/SC part 10 amendment 1.1 2.6.16 (layout), BSI TR-03119 D.1 (results, channel).
//
//   EstablishPACEChannel  in   02 | size 2 | PasswordID | n CHAT | n PIN | n(2) description
//                         out  result 4 | size 2 | SW1 SW2 | n(2) EF.CardAccess | n CAR | n CAR
//                              | n(2) IDicc                         all numbers little-endian
#pragma once

#include <functional>
#include <optional>

#include "tests/reader/pace_run.hpp"
#include "tests/reader/script.hpp"

namespace reader {

class PadReader {
  public:
    /// Hands bytes to the card; nothing if it is gone.
    using Exchange = std::function<std::optional<card::Bytes>(card::View)>;
    explicit PadReader(Exchange exchange) : exchange_(std::move(exchange)) {}

    void follow(const Script& script) { script_ = script; }
    /// Card powered, reset or exchanged: no channel outlives that.
    void forget_channel() { channel_.reset(); }
    [[nodiscard]] bool has_channel() const { return channel_.has_value(); }

    /// One APDU as the host sent it. Nothing if the card is gone, or the reader cannot carry it.
    [[nodiscard]] std::optional<card::Bytes> transmit(card::View command);

    [[nodiscard]] std::size_t apdu_bytes() const;
    [[nodiscard]] bool has_pad() const { return !script_.is("abilities", "none"); }
    /// A call of FEATURE_EXECUTE_PACE, both ways as drawn above.
    [[nodiscard]] card::Bytes execute_pace(card::View request);

    [[nodiscard]] bool takes_new_pin() const { return !script_.is("new_pin", "none"); }
    /// FEATURE_MODIFY_PIN_DIRECT: the structure as PC/SC part 10 2.5.3 has it; SW1 SW2 come back.
    [[nodiscard]] card::Bytes modify_pin(card::View request);

    /// What the host asked for last, and how often it asked.
    struct Asked {
        unsigned times = 0;
        unsigned ended = 0;  ///< DestroyPACEChannel
        std::uint8_t password = 0;
        card::Bytes chat, pin, description;
    };
    [[nodiscard]] const Asked& asked() const { return asked_; }

  private:
    [[nodiscard]] bool carries(card::View bytes) const;
    [[nodiscard]] std::optional<card::Bytes> exchange(card::View command);
    [[nodiscard]] std::optional<card::Answer> send(const card::Command& command);
    [[nodiscard]] card::Bytes establish(card::View input);
    [[nodiscard]] card::Bytes answer_of(const PaceOutput& output) const;

    Exchange exchange_;
    Script script_;
    std::optional<SecureChannel> channel_;
    Asked asked_;
};

}  // namespace reader
