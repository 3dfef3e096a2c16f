// SPDX-License-Identifier: EUPL-1.2
// A terminal whose cryptography is OpenPACE's, in front of a card of tests/card: every flow that
// OpenPACE can judge. Only as careful as the tests need; the product's terminal is drivers/eid. One
// thread.
#pragma once

#include <optional>
#include <string>

#include "tests/card/card.hpp"
#include "tests/card/certificate_maker.hpp"
#include "tests/interop/openpace.hpp"

namespace openpace {

/// One contact.
class Terminal {
  public:
    /// Both must outlive the terminal. suite: the one the card has.
    Terminal(card::Card& card, const card::TestPki& pki, card::Suite suite = {});

    /// Plain before PACE, protected after it.
    [[nodiscard]] card::Answer send(const card::Command& command);
    [[nodiscard]] card::StatusWord pace(const std::string& digits, s_type type,
                                        std::optional<card::Rights> rights);
    /// auxiliary: tag 67, or empty.
    [[nodiscard]] card::StatusWord authenticate_terminal(const card::Bytes& auxiliary = {});
    /// And selects the eID application.
    [[nodiscard]] card::StatusWord authenticate_chip();
    /// OpenPACE strips leading zeros from Comp(); such a run cannot succeed and says nothing.
    [[nodiscard]] bool stripped() const { return compressed_.size() < 32 || chip_id_.size() < 32; }

    [[nodiscard]] card::Bytes read(std::uint8_t short_id);
    [[nodiscard]] card::Bytes identifier(std::uint8_t key_id, card::View sector_key);

  private:
    card::Card& card_;
    const card::TestPki& pki_;
    card::Suite suite_;
    Context context_;
    Messaging messaging_;
    card::Bytes chip_id_;
    card::Bytes compressed_;
};

}  // namespace openpace
