// SPDX-License-Identifier: EUPL-1.2
// The virtual card behind the driver's ports: a transport without reader, a terminal authenticator
// with a key in memory, a clock that stands still. One thread.
#pragma once

#include "drivers/port/card_transport.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/terminal_authenticator.hpp"
#include "tests/card/card.hpp"
#include "tests/card/certificate_maker.hpp"

namespace interop {

/// Power-up at construction. Can pull the card at a given command.
class InProcessCard final : public port::CardTransport {
  public:
    explicit InProcessCard(card::Card& card) : card_(card) { card_.power_up(); }
    base::Result<base::Bytes> transmit(base::ByteView command) override;
    [[nodiscard]] bool extended_length() const override { return extended_; }

    void forbid_extended_length() { extended_ = false; }
    /// The card is gone from command `number` on (1 = the first).
    void pull_at(unsigned number) { pull_at_ = number; }
    [[nodiscard]] unsigned commands() const { return commands_; }

  private:
    card::Card& card_;
    bool extended_ = true;
    unsigned pull_at_ = 0;
    unsigned commands_ = 0;
};

class MemoryAuthenticator final : public port::TerminalAuthenticator {
  public:
    /// pki's own chain; must outlive this object.
    explicit MemoryAuthenticator(const card::TestPki& pki);
    [[nodiscard]] const std::vector<base::Bytes>& chain_certificates() const override {
        return chain_;
    }
    [[nodiscard]] base::ByteView terminal_certificate() const override { return terminal_; }
    base::Result<base::Bytes> sign(base::ByteView message) override;

  private:
    const card::TestPki& pki_;
    std::vector<base::Bytes> chain_;
    base::Bytes terminal_;
};

class StandingClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override { return 1'790'000'000'000; }
    [[nodiscard]] std::uint64_t boot_ms() const override { return 1'000; }
};

}  // namespace interop
