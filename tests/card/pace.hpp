// SPDX-License-Identifier: EUPL-1.2
// PACE, card side: ECDH with generic mapping, AES. One object runs one
// attempt from MSE:Set AT to the fourth GENERAL AUTHENTICATE; any mistake ends the attempt.
// One thread. Norm: BSI TR-03110-2 3.2, TR-03110-3 B.1, B.11.1; ICAO 9303-11 4.4.
#pragma once

#include "tests/card/random_source.hpp"
#include "tests/card/security_status.hpp"
#include "tests/card/suite.hpp"
#include "tests/card/tlv.hpp"
#include "tests/card/trust_points.hpp"

namespace card {

class Pace {
  public:
    Pace(Passwords& passwords, const TrustPoints& trust_points, RandomSource& random,
         Suite suite = {})
        : passwords_(passwords), trust_points_(trust_points), random_(random), suite_(suite) {}

    /// MSE:Set AT C1A4. Answers the PIN's state (9000, 63Cx, 6283) without costing a try; 6985 if
    /// the template asks for data but the password is PUK, or CAN without the CAN-allowed right.
    [[nodiscard]] StatusWord set_at(View data);
    [[nodiscard]] bool running() const { return step_ != Step::none; }

    /// One GENERAL AUTHENTICATE. The first three must be chained, the fourth must not.
    /// `outer` is the channel that carries it: a PIN inside a CAN channel is a resumed PIN.
    [[nodiscard]] Answer general_authenticate(const Command& command, const SecurityStatus& outer);

    struct Success {
        PaceResult result;
        SessionKeys keys;
    };
    /// Given out once after the fourth step answered 9000.
    [[nodiscard]] std::optional<Success> take_success();

  private:
    enum class Step { none, nonce, map, agree, confirm };

    [[nodiscard]] Answer give_nonce(View content);
    [[nodiscard]] Answer map(const std::vector<Tlv>& objects);
    [[nodiscard]] Answer agree(const std::vector<Tlv>& objects);
    [[nodiscard]] Answer confirm(const std::vector<Tlv>& objects, const SecurityStatus& outer);
    [[nodiscard]] Bytes token(View public_key) const;

    Passwords& passwords_;
    const TrustPoints& trust_points_;
    RandomSource& random_;
    Suite suite_;
    Curve curve_ = suite_.curve();
    Step step_ = Step::none;
    PasswordId password_ = PasswordId::can;
    std::optional<Chat> chat_;
    Bytes nonce_;
    Bytes mapped_generator_;
    KeyPair own_;
    Bytes terminal_key_;
    SessionKeys keys_;
    std::optional<Success> success_;
};

/// T = CMAC(mac key, 7F49 { 06 oid, 86 public key }), for PACE and Chip Authentication.
[[nodiscard]] Bytes authentication_token(View mac_key, View protocol, View public_key);

}  // namespace card
