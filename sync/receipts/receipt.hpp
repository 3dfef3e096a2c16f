// SPDX-License-Identifier: EUPL-1.2
// What the backend says back, signed: records received, or what an authority did. A security event
// token; the kiosk believes nothing that syncd says, only this. The backend writes with the same
// code. Pure but for the signing key, any thread.
// Norm: RFC 8417 (SET), RFC 7519. Payload:
//   {"iss","iat":s,"jti","aud":terminal,"events":{"urn:freigabe:event:received":
//     {"epoch","from","to","lane":"chain|advance","records":[{"seq","leaf","jwe_sha256","log_index"}],"log_size"}}}
//   or "urn:freigabe:event:applied":{"declaration","authority","state","at":RFC 3339,["reason"]}
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/base/result.hpp"
#include "sync/model/record.hpp"
#include "sync/seal/jws.hpp"

namespace receipts {

/// A batch continues the chain at the backend; an advance copy does not, its record still travels
/// in a batch later. Without the member: chain.
enum class Lane : std::uint8_t { chain, advance };

struct ReceivedRecord {
    std::uint64_t seq = 0;
    model::Digest leaf{};
    model::Digest jwe_sha256{};
    std::uint64_t log_index = 0;
    friend bool operator==(const ReceivedRecord&, const ReceivedRecord&) = default;
};
/// At most limits::batch_records_max records, ascending, each within from..to.
struct Received {
    std::uint32_t epoch = 1;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    Lane lane = Lane::chain;
    std::vector<ReceivedRecord> records;
    std::uint64_t log_size = 0;  ///< becomes `observed` of later records
    friend bool operator==(const Received&, const Received&) = default;
};

enum class AppliedState : std::uint8_t {
    received,
    acknowledged,
    applied,
    withheld_by_source,
    not_usable
};
[[nodiscard]] std::string_view word(AppliedState state);
/// Stands for whoever a declaration names, where the backend cannot tell: nobody opens what is
/// sealed. No authority has this id.
inline constexpr std::string_view whoever_is_named = "-";
struct Applied {
    base::Uuid declaration;
    model::AuthorityId authority;  ///< or whoever_is_named
    AppliedState state = AppliedState::received;
    std::uint64_t at_ms = 0;
    std::string reason{};  ///< a code; empty = none was given, the member is left out
    friend bool operator==(const Applied&, const Applied&) = default;
};

struct Receipt {
    std::string issuer;
    std::uint64_t issued_s = 0;  ///< signed backend time: raises the time floor
    std::string id;              ///< jti
    base::Uuid audience;         ///< terminal
    std::variant<Received, Applied> event;
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// Signs a receipt; `kid` names the receipt key. errors: those of the signer.
base::Result<std::string> sign(const Receipt& receipt, std::string_view kid, seal::Signer& signer);
/// Verifies signature, type and audience. errors: receipt_bad.
base::Result<Receipt> verify(std::string_view set, const crypto::Point& receipt_key,
                             const base::Uuid& audience);
/// The same with any of several keys: while the backend exchanges its key, and for old receipts.
base::Result<Receipt> verify_any(std::string_view set, std::span<const crypto::Point> receipt_keys,
                                 const base::Uuid& audience);

}  // namespace receipts
