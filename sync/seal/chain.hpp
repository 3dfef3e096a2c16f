// SPDX-License-Identifier: EUPL-1.2
// The hash chain of a terminal: what a leaf is, that a record's parts belong together, and the
// signature under its newest leaf. Pure but for the signing key, any thread.
// Norm: RFC 6962 2.1 (leaf = SHA-256(0x00 || header)).
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/model/record.hpp"
#include "sync/seal/jws.hpp"

namespace seal {

[[nodiscard]] model::Digest leaf_hash(base::ByteView header);

/// A record whose header binds its scopes and its sealed text.
struct CheckedRecord {
    model::Header header;
    model::Scopes scopes;
    model::Digest leaf{};
};
/// errors  record_bad: layout, or a hash that does not fit.
base::Result<CheckedRecord> check_record(const model::Record& record);

/// The newest leaf of a chain, as signed by the terminal's journal key.
/// Payload: {"terminal":uuid,"epoch":n,"seq":n,"head":b64url(leaf)}; kid = terminal.
struct Head {
    model::RecordKey key;
    model::Digest leaf{};
    friend bool operator==(const Head&, const Head&) = default;
};
/// errors  those of the signer.
base::Result<std::string> sign_head(const Head& head, Signer& signer);
/// errors  message_bad, signature_bad.
base::Result<Head> verify_head(std::string_view jws, const crypto::Point& journal_key);
/// Reads a head without checking its signature. errors: message_bad.
base::Result<Head> parse_head(std::string_view jws);

}  // namespace seal
