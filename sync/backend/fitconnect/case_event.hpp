// SPDX-License-Identifier: EUPL-1.2
// One entry of a case's event log: what the delivery service or the recipient says about a
// submission. Pure, any thread. Norm: RFC 8417; FIT-Connect "Event log" (set-payload schema 1.2).
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/seal/rsa_jose.hpp"

namespace backend {

enum class CaseEventKind : std::uint8_t { submitted, accepted, rejected, other };

/// What our submission is called and sealed as; an event that says otherwise is not about it.
struct SentSubmission {
    std::string destination;   ///< uuid
    std::string submission;    ///< uuid
    std::string case_id;       ///< uuid
    std::string metadata_tag;  ///< of the JWEs, as seal::authentication_tag
    std::string data_tag;
};

struct CaseEvent {
    CaseEventKind kind = CaseEventKind::other;
    std::string issuer;
    seal::ParsedPs512 jws;  ///< not yet verified
};

/// Reads a token and says what it claims about this submission; `other` if it is about another one,
/// other content or nothing that we ask for.
/// errors  message_bad: no SET of this profile.
base::Result<CaseEvent> read_case_event(std::string_view set, const SentSubmission& sent);

}  // namespace backend
