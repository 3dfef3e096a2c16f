// SPDX-License-Identifier: EUPL-1.2
// trust.json: the public keys that a terminal believes. It is put there at enrolment; what comes
// later over the wire is checked against it. Pure functions, any thread. Form:
// {"schema":"freigabe-trust-1","backend":{"views":JWK,"receipts":JWK},"catalogue":[{"role":text,"key":JWK}..]}
// "log_name":text beside "views" names the log that counts after a restored backup
// (journal::Options::log_name). While the backend exchanges keys, "receipts" is a list, the present
// one first; "log":[JWK..], if it is there, names who signs checkpoints, else the receipt keys do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "sync/seal/jwk.hpp"
#include "sync/seal/jws.hpp"

namespace downstream {

inline constexpr std::string_view role_publisher = "authority_publisher";
inline constexpr std::string_view role_approver = "dsb_approver";

struct Trust {
    seal::PublicJwk views;                     ///< records are sealed to it
    seal::PublicJwk receipts;                  ///< signs receipts and events
    std::vector<seal::NamedKey> catalogue;     ///< who may sign a catalogue, and as what
    std::vector<crypto::Point> more_receipts;  ///< further receipt keys that count
    std::vector<crypto::Point> log;            ///< who signs checkpoints; empty = receipt keys
    std::string log_name = {};                 ///< empty = the log that is followed already
};

/// errors  config_bad (form, unknown role, a key id twice), key_bad.
base::Result<Trust> parse_trust(std::string_view json);

}  // namespace downstream
