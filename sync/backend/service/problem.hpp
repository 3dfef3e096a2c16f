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
/// A JSON answer that nobody may keep.
[[nodiscard]] http::Response json_response(unsigned status, std::string body);

}  // namespace backend
