// SPDX-License-Identifier: EUPL-1.2
// The backend's keys: to which records are sealed, and whose receipts count. Comes down signed
// (kind `backend`) when the backend exchanges them, in place of those that a technician put into
// trust.json; who signs the log's checkpoints comes with log_file.hpp. Pure, any thread. Form, with
// 1 to limits::backend_keys_max receipt keys, the present one first, all on P-256:
// {"schema":"freigabe-backend-1","views":JWK,"receipts":[JWK..]}
#pragma once

#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "sync/seal/jwk.hpp"

namespace downstream {

struct BackendFile {
    seal::PublicJwk views;  ///< what the role views opens; named by its thumbprint if it has no kid
    std::vector<crypto::Point> receipts;
};

/// errors  manifest_bad: form, an unknown member, a key that is none or on another curve.
base::Result<BackendFile> parse_backend_file(std::string_view json);

}  // namespace downstream
