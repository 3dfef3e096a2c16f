// SPDX-License-Identifier: EUPL-1.2
// Restricted Identification, card side: one number per card and sector. Key 1 serves the block list
// and needs no right, key 2 is the pseudonym and needs the right. One thread.
// Norm: BSI TR-03110-2 3.5, TR-03110-3 A.5, B.4, C.3.2 (terminal sector).
#pragma once

#include "tests/card/curve.hpp"
#include "tests/card/security_status.hpp"
#include "tests/card/suite.hpp"

namespace card {

class RestrictedIdentification {
  public:
    struct StaticKey {
        std::uint8_t id = 0;
        Bytes scalar;
        bool authorized_only = false;
    };
    explicit RestrictedIdentification(std::vector<StaticKey> keys, Suite suite = {})
        : keys_(std::move(keys)), curve_(suite.curve()) {}

    /// MSE:Set AT 41A4 for this protocol: 6A80 without key id, 6A88 for an unknown one.
    [[nodiscard]] StatusWord set_at(View data);
    /// GENERAL AUTHENTICATE 7C { A0 first sector key, A2 second sector key } -> 7C { 81, 83 }.
    /// 6982 without the right or without that sector in the terminal certificate, 6A80 if the key
    /// does not hash to it, is on another curve, or nothing was asked.
    [[nodiscard]] Answer general_authenticate(View data, const SecurityStatus& status) const;

  private:
    [[nodiscard]] Answer identifier(View sector_key, View sector_hash) const;

    std::vector<StaticKey> keys_;
    Curve curve_;
    std::optional<std::size_t> chosen_;
};

}  // namespace card
