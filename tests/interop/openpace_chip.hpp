// SPDX-License-Identifier: EUPL-1.2
// A chip whose cryptography is OpenPACE's, behind the driver's port: PACE, terminal and chip
// authentication, restricted identification, two data groups. Only as strict as the test needs; the
// strict card is tests/card. One thread.
#pragma once

#include "drivers/port/card_transport.hpp"
#include "tests/card/card_keys.hpp"
#include "tests/card/certificate_maker.hpp"
#include "tests/card/tlv.hpp"
#include "tests/interop/openpace.hpp"

namespace openpace {

class Chip final : public port::CardTransport {
  public:
    /// pki must outlive the chip.
    explicit Chip(const card::TestPki& pki);
    base::Result<base::Bytes> transmit(base::ByteView command) override;
    [[nodiscard]] bool extended_length() const override { return true; }

    /// OpenPACE stripped a zero from a compressed key: this run could not succeed; take a new chip.
    [[nodiscard]] bool unlucky() const { return unlucky_; }
    /// The terminal's signature was good in OpenPACE's eyes.
    [[nodiscard]] bool terminal_verified() const { return terminal_verified_; }
    [[nodiscard]] bool chip_authenticated() const { return chip_authenticated_; }
    [[nodiscard]] const card::Bytes& authority_certificate() const { return authority_; }

  private:
    [[nodiscard]] card::Answer execute(const card::Command& command);
    [[nodiscard]] card::Answer manage(const card::Command& command);
    [[nodiscard]] card::Answer read(const card::Command& command);
    [[nodiscard]] card::Bytes file(std::uint8_t short_id) const;
    [[nodiscard]] card::Answer pace_step(const card::Command& command);
    [[nodiscard]] card::Answer import_certificate(const card::Command& command);
    [[nodiscard]] card::Answer authenticate_terminal(const card::Command& command);
    [[nodiscard]] card::Answer authenticate_chip(const card::Command& command);
    [[nodiscard]] card::Answer identify(const card::Command& command);
    [[nodiscard]] card::Bytes padded_comp(int id, card::View point);

    const card::TestPki& pki_;
    card::CardKeys keys_;
    card::Bytes card_access_;
    card::Bytes card_security_;
    card::Bytes authority_;
    card::Bytes current_;  ///< content of the file that is read
    Context context_;
    Messaging messaging_;
    Secret secret_;
    enum class Mode { none, pace, chip, identify } mode_ = Mode::none;
    unsigned pace_steps_ = 0;
    bool asks_for_data_ = false;
    card::Bytes own_key_;
    card::Bytes terminal_key_;
    card::Bytes compressed_;
    card::Bytes auxiliary_;
    std::optional<int> next_keys_;
    std::uint8_t identify_key_ = 0;
    bool unlucky_ = false;
    bool terminal_verified_ = false;
    bool chip_authenticated_ = false;
};

}  // namespace openpace
