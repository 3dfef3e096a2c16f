// SPDX-License-Identifier: EUPL-1.2
// A terminal with a test PKI of its own before a virtual card in the same process: real
// cryptography on both sides, only the reader is missing. Faults are put between the two: cut,
// change or replace the answer to command n.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/eid/authenticate.hpp"
#include "drivers/eid/pin_management.hpp"
#include "drivers/keys/local_authenticator.hpp"
#include "tests/card/card.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

namespace eid_test {

/// The reader between driver and virtual card.
class CardInProcess final : public port::CardTransport {
  public:
    using Fault = std::function<base::Result<base::Bytes>(unsigned index, base::ByteView command,
                                                          base::Bytes answer)>;
    explicit CardInProcess(card::Card& card) : card_(card) { card_.power_up(); }

    base::Result<base::Bytes> transmit(base::ByteView command) override;
    [[nodiscard]] bool extended_length() const override { return extended; }
    [[nodiscard]] base::ByteView atr() const override { return atr_bytes; }

    Fault fault;  ///< sees every answer, counted from 1
    bool extended = true;
    base::Bytes atr_bytes = card::answer_to_reset();
    unsigned commands = 0;

  private:
    card::Card& card_;
};

/// A clock that advances one millisecond with every look.
class CountingClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override { return now_++; }
    [[nodiscard]] std::uint64_t boot_ms() const override { return now_++; }

  private:
    mutable std::uint64_t now_ = 1'000;
};

class Observer final : public eid::AuthenticateObserver {
  public:
    void before_try(eid::PinState state) override { tries.push_back(state); }
    void on_step(eid::Step step) override { steps.push_back(step); }
    void on_apdu_count(unsigned count) override { apdus = count; }
    std::vector<eid::PinState> tries;
    std::vector<eid::Step> steps;
    unsigned apdus = 0;
};

struct WorldOptions {
    std::string person = "leyla";
    card::ChipKey chip_key = card::ChipKey::genuine;
    std::uint64_t seed = 0;
    /// Rights of the terminal certificate; nothing = all.
    std::optional<std::uint64_t> rights = std::nullopt;
    /// The card trusts an older CVCA, so that a link certificate is needed.
    bool old_trust_point = false;
    bool no_sector = false;
    /// What the terminal certificate's description hash is made of; empty = it has none.
    base::Bytes description = {};
    /// Curve and cipher of the card; the sector key lies on the same curve.
    card::Suite suite = {};
    crypto::Curve certificate_curve = crypto::Curve::brainpool_p256r1;
    /// Changes the card's content before it is made.
    std::function<void(card::Person&)> alter = {};
};

class World {
  public:
    explicit World(WorldOptions options = {});

    /// PIN 123456, pseudonym, name and birth date.
    [[nodiscard]] eid::AuthenticateRequest request(std::string_view pin = "123456") const;
    base::Result<eid::AuthenticateResult> read(eid::AuthenticateRequest request);
    [[nodiscard]] eid::AuthenticatePorts ports();
    [[nodiscard]] eid::PinCarePorts pin_ports() { return {*transport, random, &observer}; }
    /// The card is taken out and put in again.
    void reinsert();

    SeededRandom random;
    card::SeededSource card_random;
    std::unique_ptr<card::Card> chip;
    std::unique_ptr<CardInProcess> transport;
    std::vector<base::Bytes> certificates;
    base::Bytes sector_key;
    std::unique_ptr<keys::MemoryKeyStore> store;
    std::optional<keys::LocalAuthenticator> authenticator;
    CountingClock clock;
    Observer observer;
    std::stop_source stop;
};

[[nodiscard]] eid::Pin pin_of(std::string_view digits);
[[nodiscard]] eid::Can can_of(std::string_view digits);
[[nodiscard]] eid::Puk puk_of(std::string_view digits);
[[nodiscard]] eid::OnSiteAttestation attestation();

}  // namespace eid_test
