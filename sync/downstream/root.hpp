// SPDX-License-Identifier: EUPL-1.2
// The root: who may sign manifests, and who may say so. A terminal is enrolled with one; root n + 1
// is believed only if enough keys of root n and enough of its own have signed it, and no step is
// left out, so whoever holds old keys alone, or new keys alone, has nothing. Pure, any thread.
// Norm: TUF 1.0.33 5.3. Form of the payload:
// {"schema":"freigabe-root-1","version":n,"expires_ms":n,
//  "root":{"threshold":2,"keys":[JWK...]},"manifest":{"threshold":2,"keys":[JWK...]}}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/downstream/threshold.hpp"

namespace downstream {

struct Root {
    std::uint64_t version = 0;     ///< from 1, each larger by one than the one before
    std::uint64_t expires_ms = 0;  ///< by the time floor; an expired root vouches for no manifest
    Role root;
    Role manifest;
};

/// The payload. errors: manifest_bad.
base::Result<Root> parse_root(base::ByteView payload);
[[nodiscard]] std::string write_root(const Root& root);

/// A root that somebody we trust put there (enrolment): it must meet its own threshold.
/// errors  manifest_bad, manifest_untrusted.
base::Result<Root> open_root(std::string_view file);
/// The successor of `old`, signed by the thresholds of both. May have expired: it may be a step on
/// the way to a younger one (TUF 5.3.4).
/// errors  manifest_bad, manifest_untrusted, manifest_rollback (another version than old's + 1).
base::Result<Root> follow_root(const Root& old, std::string_view file);

}  // namespace downstream
