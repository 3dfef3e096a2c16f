// SPDX-License-Identifier: EUPL-1.2
// Chip authentication version 2: the chip proves its private key and both sides move to new session
// keys. Believed only together with passive authentication, which vouches for the public key. Card
// thread only; keeps nothing. Norms: BSI TR-03110-2 3.4 (protocol), TR-03110-3 A.4.1, B.2
// (commands).
#pragma once

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/security_infos.hpp"
#include "drivers/port/random.hpp"

namespace eid {

/// What is known before the signed file is read: the curve of the ephemeral key and, if named,
/// which chip key.
struct ChipAuthPlan {
    crypto::Curve curve{};
    std::optional<unsigned> key_id;
};
/// From EF.CardAccess: the first version 2 entry with known domain parameters, else the curve that
/// PACE uses.
[[nodiscard]] ChipAuthPlan plan_chip_auth(const SecurityInfos& card_access,
                                          crypto::Curve pace_curve);

/// A protocol entry and the public key that belongs to it.
struct ChipAuthChoice {
    ChipAuthInfo info;
    crypto::Point key;
};
/// The signed version 2 entry that fits the plan, with its signed key.
/// errors  protocol_unsupported: none fits.
base::Result<ChipAuthChoice> choose_chip_auth(const SecurityInfos& signed_infos,
                                              const ChipAuthPlan& plan);

/// Session keys out of shared secret and nonce, and whether the chip's token fits them. Apart for
/// the known answer.
/// errors  chip_auth_failed: token wrong.
base::Result<SessionKeys> confirm_chip(const ChipAuthInfo& info, const crypto::Point& ephemeral,
                                       const crypto::Scalar& shared, base::ByteView nonce,
                                       base::ByteView token);

/// Runs the protocol; on success the channel is secured with the new keys.
/// ephemeral  the key whose compressed form was signed in terminal authentication.
/// errors     chip_auth_failed (refused, malformed or wrong token; detail = status word), those of
///            Channel.
/// cost       2 APDUs.
base::Result<void> run_chip_auth(Channel& channel, const ChipAuthChoice& choice,
                                 const crypto::KeyPair& ephemeral, port::Random& random);

}  // namespace eid
