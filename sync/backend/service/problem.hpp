// SPDX-License-Identifier: EUPL-1.2
// Every refusal as problem details, from one table, so that no error path invents its own answer.
// Pure. Norm: RFC 9457; types are urn:freigabe:problem:<word>.
#pragma once

#include "drivers/base/result.hpp"
#include "sync/http/message.hpp"

namespace backend {

/// The answer to a failure inside. Says nothing that came from outside.
[[nodiscard]] http::Response problem_of(const base::Error& error);
[[nodiscard]] http::Response not_found();
[[nodiscard]] http::Response not_allowed();
/// 403 for a terminal that was taken out of service.
[[nodiscard]] http::Response terminal_revoked();
/// 405; allow = the value of the Allow field.
[[nodiscard]] http::Response method_not_allowed(std::string_view allow);
/// 415.
[[nodiscard]] http::Response media_type_wrong();
/// 429; Retry-After in whole seconds.
[[nodiscard]] http::Response too_many_attempts(std::uint64_t wait_ms);
/// 429 of a certificate that asks too often; Retry-After in whole seconds.
[[nodiscard]] http::Response too_many_requests(std::uint64_t wait_ms);
/// A JSON answer that nobody may keep.
[[nodiscard]] http::Response json_response(unsigned status, std::string body);

}  // namespace backend
