// SPDX-License-Identifier: EUPL-1.2
// "What is known about me": a terminal asks in its holder's name, the backend answers for this
// session alone. The request is signed by the terminal's journal key and sealed to the backend; the
// answer is signed by the receipt key and sealed to a key that lives as long as the session, bound
// to its nonce, and padded, so that whoever carries both learns nothing and can pass off nothing.
// Nothing of it is stored on the terminal. A replayed request is answered to a session key that is
// gone. Pure but for keys and randomness, any thread.
// Norm: architecture.md 6, sync.md "Insight"; domain LR-41, LR-42, LR-43.
//   request  JWE( JWS typ freigabe-insight+jwt, kid = terminal,
//     {"terminal","subject":{"kind","value"},"session":JWK,"nonce":b64(16),
//      "assurance":{"method","level"},"observed","from",["link"],
//      ["invitation":{"code","birth_date"}]} )
//   answer   JWE( JWS typ freigabe-insight-answer+jwt, kid = receipt key,
//     {"terminal","nonce","from",["next"],"log_size","issued_at","rows":[row...],"pad"} )
//   row      {"source":{...}} | {"release":{...}} | {"request":{...}} | {"access":{...}}
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/model/declaration.hpp"
#include "sync/seal/jwk.hpp"
#include "sync/seal/jws.hpp"

namespace receipts {

using InsightNonce = std::array<std::uint8_t, 16>;

/// An authority's slip that the person laid down, and the birth date on their card.
struct InsightInvitation {
    std::string code;
    std::string birth_date;
};
struct InsightRequest {
    base::Uuid terminal;
    model::SubjectRef subject;  ///< a card's pseudonym
    crypto::Point session;      ///< P-256; its private half opens the answer
    InsightNonce nonce{};
    model::Method method = model::Method::eid_pin;
    model::Level level = model::Level::hoch;
    std::uint64_t observed = 0;  ///< largest log size that the terminal has verified
    std::uint64_t from = 0;      ///< the first row wanted; 0 = the first page
    /// SHA-256 of a portal's link code: asks to open it, and not for rows.
    std::optional<model::Digest> link;
    std::optional<InsightInvitation> invitation;  ///< matches the person to the authority's file
};
/// The sealed request. errors: seal_failed and those of the signer.
base::Result<std::string> seal_insight_request(const InsightRequest& request, seal::Signer& journal,
                                               const seal::PublicJwk& views_key,
                                               port::Random& random);
/// A request that has been opened (it is a compact JWS). `keys` are the journal keys of the
/// terminal that brought it.
/// errors  message_bad (form, another terminal than `terminal`), signature_bad.
base::Result<InsightRequest> read_insight_request(std::string_view jws, const base::Uuid& terminal,
                                                  std::span<const crypto::Point> keys);

/// How complete one authority's part is.
struct InsightSource {
    model::AuthorityId authority;
    std::string name;
    bool concerned = false;         ///< it was named in a declaration of this person
    bool matched = false;           ///< and has assigned the person to a file
    bool reports = false;           ///< it reports its accesses at all
    std::uint64_t complete_ms = 0;  ///< up to when it has reported everything; 0 = it never said
};
struct InsightStatus {
    base::Uuid declaration;  ///< the release itself, or what ended it
    model::AuthorityId authority;
    std::string state;  ///< received, acknowledged, applied, withheld_by_source, not_usable
    std::uint64_t at_ms = 0;
    std::string reason;
};
struct InsightPart {
    model::AuthorityId recipient;
    std::string state;  ///< alive, suspended, ended
};
/// A declaration of this person, whichever terminal recorded it.
struct InsightRelease {
    base::Uuid declaration;
    base::Uuid terminal;
    std::string entry;
    std::string act_type;
    std::string from;  ///< dates as text, or empty
    std::string until;
    std::uint64_t recorded_ms = 0;
    std::vector<model::AuthorityId> sources;
    std::vector<InsightPart> parts;
    std::vector<InsightStatus> statuses;
};
/// An authority asks for a release.
struct InsightWish {
    model::AuthorityId authority;
    std::string entry;
    std::string until;
};
/// Somebody used or passed on data. If it is withheld, only authority and day are told (LR-42).
struct InsightAccess {
    model::AuthorityId authority;
    bool withheld = false;
    std::string day;
    std::string coverage;  ///< covered, late, none
    std::string entry;
    std::string recipient;   ///< empty = used by the authority itself
    std::string categories;  ///< ids with blanks between them
    std::string purpose;
    std::string system;
    std::uint64_t at_ms = 0;
};
using InsightRow = std::variant<InsightSource, InsightRelease, InsightWish, InsightAccess>;
/// The row as JSON text.
[[nodiscard]] std::string encode(const InsightRow& row);

struct InsightPage {
    base::Uuid terminal;
    InsightNonce nonce{};
    std::uint64_t from = 0;
    std::optional<std::uint64_t> next;  ///< where the next page begins; nothing = this is the last
    std::uint64_t log_size = 0;         ///< as of this size of the log
    std::uint64_t issued_ms = 0;
    std::vector<InsightRow> rows;
};
/// Fills a page with rows (JSON text) from `from` on, as many as fit.
/// returns  the sealed answer. errors: seal_failed and those of the signer.
base::Result<std::string> seal_insight_answer(const InsightPage& head,
                                              std::span<const std::string> rows,
                                              const crypto::Point& session,
                                              std::string_view receipt_kid,
                                              seal::Signer& receipt_signer, port::Random& random);
/// What the terminal waits for.
struct InsightExpected {
    const crypto::KeyPair& session;
    const crypto::Point& receipt_key;
    base::Uuid terminal;
    InsightNonce nonce{};
    std::uint64_t from = 0;
};
/// errors  open_failed (for another session), receipt_bad (not by the backend, for another
/// terminal,
///         nonce or page, or breaks its form), message_bad (no JWE, too large).
base::Result<InsightPage> open_insight_answer(std::string_view jwe, const InsightExpected& expected,
                                              port::Random& random);

}  // namespace receipts
