// SPDX-License-Identifier: EUPL-1.2
// The form of an evidence bundle: what a court or a data protection officer gets about one
// declaration, complete in itself. A folder of files that openssl, sha256sum and any reader of JSON
// can check without us. Holds no plaintext: the declaration stays sealed. Pure, any thread.
// Norm: LR-83; RFC 7515 (heads), RFC 8417 (receipts), C2SP tlog-proof and tlog-checkpoint.
//
//   SHA256SUMS        every other file, sorted by name, as sha256sum writes it
//   SHA256SUMS.sig    the exporter's signature: the receipt key, ECDSA over SHA-256, ASN.1
//   README.txt        how to check this by hand
//   about.json        format, issuer, declaration, when it was made, size of the log
//   journal-keys.json JWK Set of the terminals' journal keys; kid = terminal
//   effects.json      which record ended which, and where the backend says that each stands
//   statuses.json     what authorities said, each a SET
//   catalogue.jws     (if given) the signed catalogue whose texts were shown
//   records/001/      header scopes jwe head.jws links receipt.jws log.tlog-proof
//
// The first records are the declaration's own (two if a clone contradicts it), then those that it
// ended or that ended it. `links` are the headers between the record and the one under the signed
// head, 151 bytes each; each names the leaf before it. A quarantined record has no receipt.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "sync/backend/ingest/rule.hpp"
#include "sync/receipts/merkle.hpp"

namespace backend {

/// File name -> exact bytes. Sorted: the same facts have one order.
using Bundle = std::map<std::string, std::string>;

inline constexpr std::string_view evidence_format = "freigabe-evidence-1";
inline constexpr std::string_view evidence_sums = "SHA256SUMS";
inline constexpr std::string_view evidence_signature = "SHA256SUMS.sig";

/// "records/001/"; number from 1.
[[nodiscard]] std::string record_folder(std::size_t number);

/// The text of SHA256SUMS over every file but it and its signature.
[[nodiscard]] std::string sums_of(const Bundle& bundle);

struct About {
    std::string issuer;
    base::Uuid declaration;
    std::uint64_t made_ms = 0;
    std::uint64_t log_size = 0;
    std::uint64_t records = 0;
};
[[nodiscard]] std::string to_json(const About& about);
/// errors  message_bad.
base::Result<About> parse_about(std::string_view json);

/// Where the backend says that a record of the bundle stands.
struct EvidenceStanding {
    receipts::Hash leaf{};
    bool on_chain = true;
    std::uint64_t observed = 0;  ///< as far as it was provable: the header's claim or 0
};
struct EvidenceBase {
    base::Uuid terminal;
    EpochBase base;
};
/// One act on one part; records counted from 1.
struct EvidenceEffect {
    std::size_t part_of = 0;
    std::size_t part = 0;
    std::size_t act = 0;
    Effect effect = Effect::none;
    friend auto operator<=>(const EvidenceEffect&, const EvidenceEffect&) = default;
};
struct EvidenceEffects {
    std::vector<EvidenceStanding> records;
    std::vector<EvidenceBase> lineage;
    std::vector<EvidenceEffect> effects;
};
[[nodiscard]] std::string to_json(const EvidenceEffects& effects);
/// errors  message_bad: JSON, members, bounds of limits_evidence.hpp, a record that is not there.
base::Result<EvidenceEffects> parse_effects(std::string_view json);

}  // namespace backend
