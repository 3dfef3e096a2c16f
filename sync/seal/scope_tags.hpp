// SPDX-License-Identifier: EUPL-1.2
// How acts of one person find each other without naming the person: HMACs under a key that follows
// from the subject value (the card's pseudonym), which the backend's database never holds. Pure,
// any thread.
//   K = HKDF-SHA256(subject value, salt "", info "freigabe subject key", 32)
//   tag_s = HMAC(K,"s")   tag_sr(R) = HMAC(K,"r|"+R)   tag_er(E,R) = HMAC(K,"e|"+E+"|"+R)
#pragma once

#include "drivers/base/secret.hpp"
#include "sync/model/record.hpp"

namespace seal {

using SubjectKey = base::Secret<struct SubjectKeyTag, 32>;

[[nodiscard]] SubjectKey subject_key(base::ByteView subject_value);
[[nodiscard]] model::Digest tag_subject(const SubjectKey& key);
[[nodiscard]] model::Digest tag_recipient(const SubjectKey& key,
                                          const model::AuthorityId& recipient);
[[nodiscard]] model::Digest tag_entry_recipient(const SubjectKey& key, const model::EntryId& entry,
                                                const model::AuthorityId& recipient);

/// The scopes of a valid declaration: one part per recipient of what is given, in their order, and
/// all targets.
[[nodiscard]] model::Scopes scopes_of(const model::Declaration& declaration);

}  // namespace seal
