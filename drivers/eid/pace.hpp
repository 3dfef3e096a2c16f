// SPDX-License-Identifier: EUPL-1.2
// PACE with ECDH and generic mapping, terminal side: proves knowledge of PIN, CAN or PUK without
// showing it and opens the secure channel. The only place where a typed secret meets the card. Card
// thread only; keeps nothing after return. Norms: BSI TR-03110-2 3.2 (protocol), TR-03110-3 A.2.3,
// A.3 (keys, mapping), B.1 and B.14 (commands, status words).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/rights.hpp"
#include "drivers/eid/secrets.hpp"
#include "drivers/eid/security_infos.hpp"
#include "drivers/port/random.hpp"

namespace eid {

/// A typed secret together with what it may open. Points to the secret, which must outlive it.
class PacePassword {
  public:
    [[nodiscard]] static PacePassword of_pin(const Pin& pin);
    /// Only opens the way to the last try of the PIN; never reads data.
    [[nodiscard]] static PacePassword of_can_to_resume(const Can& can);
    /// On-site reading: impossible to write down without the attestation (valid, CHECKed).
    [[nodiscard]] static PacePassword of_can_on_site(const Can& can,
                                                     const OnSiteAttestation& attestation);
    [[nodiscard]] static PacePassword of_puk(const Puk& puk);
    [[nodiscard]] static PacePassword of_mrz(const MrzKey& key);

    [[nodiscard]] PasswordId id() const { return id_; }
    [[nodiscard]] bool opens_reading() const { return opens_reading_; }
    [[nodiscard]] base::ByteView expose() const { return secret_; }

  private:
    PacePassword(PasswordId id, base::ByteView secret, bool opens_reading)
        : id_(id), secret_(secret), opens_reading_(opens_reading) {}
    PasswordId id_;
    base::ByteView secret_;
    bool opens_reading_;
};

/// What PACE leaves behind besides the open channel.
struct PaceOutcome {
    base::Bytes chip_id;  ///< Comp(card's ephemeral key): what terminal authentication signs first
    std::vector<std::string>
        authority_references;  ///< CARs the card named, most recent first; 0..2
};

/// Where the two ephemeral keys come from. RandomPaceKeys in the product; known keys in
/// known-answer tests.
class PaceKeySource {
  public:
    virtual ~PaceKeySource() = default;
    [[nodiscard]] virtual crypto::KeyPair mapping_key(crypto::Curve curve) = 0;
    virtual base::Result<crypto::KeyPair> agreement_key(const crypto::Point& generator) = 0;
};

class RandomPaceKeys final : public PaceKeySource {
  public:
    explicit RandomPaceKeys(port::Random& random) : random_(random) {}
    [[nodiscard]] crypto::KeyPair mapping_key(crypto::Curve curve) override {
        return crypto::generate_key(curve, random_);
    }
    base::Result<crypto::KeyPair> agreement_key(const crypto::Point& generator) override {
        return crypto::generate_key_on(generator, random_);
    }

  private:
    port::Random& random_;
};

/// What MSE:Set AT for PACE names besides the protocol.
struct PaceSelection {
    PasswordId password = PasswordId::pin;
    std::optional<Chat> chat;      ///< given if terminal authentication follows
    bool name_parameters = false;  ///< the card offers more than one set of domain parameters
};

/// MSE:Set AT for PACE: starts the protocol and, for the PIN, tells its state. Costs no try.
/// returns  the PIN's state; for other passwords three_tries, which means nothing then.
/// errors   right_missing (6A80: password not allowed for this terminal), protocol_unsupported
///          (6A88), puk_inoperative, card_status_unexpected.
/// cost     1 APDU.
base::Result<PinState> select_pace(Channel& channel, const PaceInfo& info,
                                   const PaceSelection& selection);

/// What the card's answer to MSE:Set AT for PACE means; select_pace uses it, and so does PACE at
/// the reader, where the reader only hands the answer on. Errors and value: those of select_pace.
base::Result<PinState> judge_selection(PasswordId password, std::uint16_t status);
/// What a status word other than 9000 in a step of PACE means for this password.
[[nodiscard]] base::Errc errc_of_pace(PasswordId password, std::uint16_t status);

/// The four General Authenticate steps after select_pace; the last one spends a try if the PIN is
/// wrong. On success the channel is secured with the new keys.
/// errors  pin_wrong (detail 63Cx), pin_suspended (6985), pin_blocked (6983), pin_deactivated
///         (6984), can_wrong, right_missing (6985 with the CAN: certificate without CAN-allowed),
///         puk_wrong, puk_inoperative, pace_failed (token or key of the card wrong, other status),
///         those of Channel.
/// cost    4 APDUs; a card may take its time after wrong secrets.
base::Result<PaceOutcome> run_pace(Channel& channel, const PaceInfo& info,
                                   const PacePassword& password, PaceKeySource& keys,
                                   port::Random& random);

}  // namespace eid
